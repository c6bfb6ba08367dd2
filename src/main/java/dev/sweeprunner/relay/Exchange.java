package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.ValueJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** One request and its answer, in the words of W&amp;B's protocol. Belongs to one thread. */
final class Exchange {
  private static final String BASIC = "Basic ";

  private final HttpServletRequest request;
  private final HttpServletResponse response;

  Exchange(HttpServletRequest request, HttpServletResponse response) {
    this.request = request;
    this.response = response;
  }

  String method() {
    return request.getMethod();
  }

  /** The path, decoded; of one that is none, the root's. */
  String path() {
    try {
      String path = new URI(request.getRequestURI()).getPath();
      return path == null ? "/" : path;
    } catch (URISyntaxException e) {
      return "/";
    }
  }

  /** What stands between the path's slashes. */
  List<String> places() {
    return Arrays.asList(path().substring(1).split("/", -1));
  }

  /** The key that the client shows, or null if it shows none. */
  @Nullable String key() {
    String shown = request.getHeader("Authorization");
    if (shown == null || !shown.startsWith(BASIC)) {
      return null;
    }
    try {
      String pair = new String(Base64.getDecoder().decode(shown.substring(BASIC.length())), UTF_8);
      return pair.substring(pair.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Names the connection; another one has another name. */
  String connection() {
    return request.getServletConnection().getConnectionId();
  }

  /** Which of the processes that write one run together this is, or null if it writes alone. */
  @Nullable String sharedWriter() {
    String writer = request.getHeader("X-Wandb-Async-Client-Id");
    return writer == null ? request.getHeader("X-Wandb-Client-Id") : writer;
  }

  /** Bytes of the body as it comes, or -1 where the client does not say. */
  long length() {
    return request.getContentLengthLong();
  }

  /** Whether the body is known to be no longer than this, also when it is unpacked. */
  boolean isAtMost(long bytes) {
    return !packed() && length() >= 0 && length() <= bytes;
  }

  /** The body as it comes. */
  InputStream raw() throws IOException {
    return request.getInputStream();
  }

  /** The body, unpacked. */
  InputStream body() throws IOException {
    return packed() ? new GZIPInputStream(raw()) : raw();
  }

  /** Answers with JSON. */
  void answer(int status, Map<String, ?> json) throws IOException {
    send(status, "application/json", ValueJson.of(json).getBytes(UTF_8));
  }

  /** Answers with a page of plain text, which no browser takes for more than that. */
  void page(int status, String text) throws IOException {
    response.setHeader("X-Content-Type-Options", "nosniff");
    send(status, "text/plain;charset=utf-8", text.getBytes(UTF_8));
  }

  /** Answers with what a file holds. */
  void file(InputStream content) throws IOException {
    response.setContentType("application/octet-stream");
    content.transferTo(response.getOutputStream());
  }

  /** After the answer the connection is of no more use. */
  void last() {
    response.setHeader("Connection", "close");
  }

  private boolean packed() {
    return "gzip".equalsIgnoreCase(request.getHeader("Content-Encoding"));
  }

  private void send(int status, String type, byte[] bytes) throws IOException {
    response.setStatus(status);
    response.setContentType(type);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
    response.flushBuffer();
  }
}
