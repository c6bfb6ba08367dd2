package dev.sweeprunner.testkit.wandb;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes back.
 *
 * @param operation what the log calls the request
 */
record Answer(int status, String type, byte[] body, Map<String, String> headers, String operation) {
  private static final String JSON = "application/json";

  static Answer json(int status, @Nullable Object value) {
    return new Answer(status, JSON, Json.bytes(value), Map.of(), "");
  }

  static Answer ok(@Nullable Object value) {
    return json(200, value);
  }

  static Answer error(int status, String text) {
    return json(status, Map.of("error", text));
  }

  Answer of(String operation) {
    return new Answer(status, type, body, headers, operation);
  }

  Answer with(Map<String, String> headers) {
    return new Answer(status, type, body, headers, operation);
  }

  Answer withBody(byte[] other) {
    return new Answer(status, type, other, headers, operation);
  }

  static Answer html(int status, String title) {
    String page =
        "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>";
    return new Answer(status, "text/html", page.getBytes(StandardCharsets.UTF_8), Map.of(), "");
  }
}
