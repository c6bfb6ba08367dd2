package dev.sweeprunner.wandb.settings;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Headers for every request, given as a JSON object. Their values may be secrets. */
final class ExtraHeaders {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}]*");
  private static final String WAY_OUT =
      "Write a JSON object of header names and text values, for example {\"X-Team\": \"nlp\"}";

  private ExtraHeaders() {}

  /** The headers in the order in which they are written; no refusal shows a value. */
  static Map<String, String> read(Given given) {
    Map<String, @Nullable Object> object;
    try {
      object = Json.object(given.value().getBytes(StandardCharsets.UTF_8));
    } catch (UnreadableJson e) {
      // The parser's message quotes what it met, which may be a part of a secret.
      throw given.wrong("the value is not a JSON object", WAY_OUT);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    object.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches()) {
            throw given.wrong("the object holds a name that no header can have", WAY_OUT);
          }
          if (!(value instanceof String text) || !VALUE.matcher(text).matches()) {
            throw given.wrong(
                "the value of header '" + name + "' is not one line of text", WAY_OUT);
          }
          headers.put(name, text);
        });
    return Collections.unmodifiableMap(headers);
  }
}
