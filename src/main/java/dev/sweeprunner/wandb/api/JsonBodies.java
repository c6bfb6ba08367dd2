package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/**
 * Bodies as JSON objects, by this program's own reader: it starts without data binding. Reads
 * bodies of any declared type, as a page of HTML is told from an answer by what it holds.
 */
final class JsonBodies extends AbstractHttpMessageConverter<Object> {
  private static final int START = 4096;

  JsonBodies() {
    super(MediaType.APPLICATION_JSON, MediaType.ALL);
  }

  @Override
  protected boolean supports(Class<?> type) {
    return Map.class.isAssignableFrom(type);
  }

  @Override
  protected Map<String, @Nullable Object> readInternal(Class<?> type, HttpInputMessage message)
      throws IOException {
    byte[] body = message.getBody().readAllBytes();
    Map<String, @Nullable Object> answer;
    try {
      answer = Json.object(body);
    } catch (UnreadableJson e) {
      String start = new String(body, 0, Math.min(body.length, START), UTF_8);
      boolean page = start.stripLeading().startsWith("<");
      throw new Garbled(page ? Words.of(start) : "no whole JSON object");
    }
    // Spring's reader of errors knows no others.
    if (answer.get("errors") instanceof List<?> errors
        && !errors.stream().allMatch(Map.class::isInstance)) {
      throw new Garbled("errors that are no objects");
    }
    return answer;
  }

  @Override
  protected void writeInternal(Object body, HttpOutputMessage message) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    ((Map<?, ?>) body).forEach((name, value) -> object.put(String.valueOf(name), value));
    message.getBody().write(Json.bytes(object));
  }
}
