package dev.sweeprunner.testkit.wandb;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request, read whole.
 *
 * @param at the server's time
 * @param path decoded, without the query
 * @param query decoded parameters
 * @param body unzipped
 * @param sentBytes before unzipping
 */
record Request(
    Instant at,
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    int sentBytes) {
  static Request read(HttpExchange exchange, Instant at) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : new String[] {"Authorization", "User-Agent", "Host", "Content-Encoding"}) {
      headers.put(
          name, Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), ""));
    }
    byte[] body = "gzip".equals(headers.get("Content-Encoding")) ? unzipped(sent) : sent;
    return new Request(
        at,
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        parameters(exchange.getRequestURI().getRawQuery()),
        headers,
        body,
        sent.length);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  String agent() {
    return header("User-Agent");
  }

  /** The end of the key, to tell callers apart; empty without one. */
  String caller() {
    String encoded = header("Authorization").replaceFirst("^Basic ", "").trim();
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      return pair.substring(Math.max(0, pair.length() - 4));
    } catch (IllegalArgumentException notBase64) {
      return "";
    }
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static byte[] unzipped(byte[] sent) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
      return in.readAllBytes();
    }
  }

  private static Map<String, String> parameters(@Nullable String raw) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.put(decoded(key), decoded(value));
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
