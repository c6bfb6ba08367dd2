package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One request and its answer. Belongs to one thread at a time. */
final class Answer {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain;charset=utf-8";

  /** Nothing of another place is loaded, and nothing but the page's own files is executed. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy", POLICY,
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cache-Control", "no-cache");

  /** Shorter ones are not worth the work. */
  private static final int WORTH_PACKING = 2048;

  private final HttpServletRequest request;
  private final HttpServletResponse response;

  /** Begins; each answer says how a browser is to treat it. */
  Answer(HttpServletRequest request, HttpServletResponse response) {
    this.request = request;
    this.response = response;
    HEADERS.forEach(response::setHeader);
  }

  /** What stands behind the server's address, as it was sent. */
  String path() {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  /** Whether it only reads. */
  boolean reads() {
    return request.getMethod().equals("GET") || headersOnly();
  }

  /** Whether the body of the answer is not wanted. */
  boolean headersOnly() {
    return request.getMethod().equals("HEAD");
  }

  /** A parameter, if it was given. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(request.getParameter(name));
  }

  /** What the gate looks at. */
  Gate.Shown shown(boolean loopback) {
    return new Gate.Shown(
        request.getHeader("Host"), request.getHeader("Authorization"), cookie(), loopback);
  }

  /** The address of this host that it came in by. */
  String localAddress() {
    return request.getLocalAddr();
  }

  private @Nullable String cookie() {
    String name = Gate.cookieName(request.getLocalPort());
    Cookie[] all = request.getCookies();
    for (Cookie cookie : all == null ? new Cookie[0] : all) {
      if (cookie.getName().equals(name)) {
        return cookie.getValue();
      }
    }
    return null;
  }

  /** Gives a cookie, and sends the browser to the address without the token. */
  void welcome(String cookie) {
    response.setHeader(
        "Set-Cookie",
        Gate.cookieName(request.getLocalPort())
            + "="
            + cookie
            + "; Path=/; HttpOnly; SameSite=Strict");
    response.setHeader("Location", "./");
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
  }

  /** Answers with a sentence. */
  void sentence(int status, String text) throws IOException {
    send(status, TEXT, (text + "\n").getBytes(UTF_8));
  }

  /** Answers that it only reads. */
  void notAllowed() throws IOException {
    response.setHeader("Allow", "GET, HEAD");
    sentence(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Nothing can be changed here.");
  }

  /** Answers with a file of the page. */
  void asset(Assets.Asset asset) throws IOException {
    send(HttpServletResponse.SC_OK, asset.type(), asset.content());
  }

  /** Answers with JSON. */
  void json(int status, byte[] json) throws IOException {
    send(status, JSON, json);
  }

  /** Answers with one sentence why there is nothing, as JSON. */
  void refusal(int status, String why) throws IOException {
    json(status, Look.json(json -> error(json, why)).getBytes(UTF_8));
  }

  private static void error(JsonGenerator json, String why) {
    json.writeStartObject();
    json.writeName("error");
    json.writeString(why);
    json.writeEndObject();
  }

  /** Where events go, which a proxy must not hold back; the first call begins the stream. */
  OutputStream events() throws IOException {
    if (!response.isCommitted()) {
      response.setContentType("text/event-stream;charset=utf-8");
      response.setHeader("X-Accel-Buffering", "no");
      response.flushBuffer();
    }
    return response.getOutputStream();
  }

  private void send(int status, String type, byte[] content) throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    boolean packed = content.length >= WORTH_PACKING && takesPacked();
    if (packed) {
      response.setHeader("Content-Encoding", "gzip");
    } else {
      response.setContentLength(content.length);
    }
    if (headersOnly()) {
      return;
    }
    OutputStream out = response.getOutputStream();
    if (packed) {
      try (OutputStream pack = new Packed(out)) {
        pack.write(content);
      }
    } else {
      out.write(content);
    }
    response.flushBuffer();
  }

  private boolean takesPacked() {
    String taken = request.getHeader("Accept-Encoding");
    return taken != null && taken.contains("gzip");
  }

  /** Quick rather than small: whoever packs has others to train beside it. */
  private static final class Packed extends GZIPOutputStream {
    Packed(OutputStream out) throws IOException {
      super(out, 1 << 13);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
