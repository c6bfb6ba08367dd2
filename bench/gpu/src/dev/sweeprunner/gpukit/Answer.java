package dev.sweeprunner.gpukit;

import dev.sweeprunner.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A line of JSON on standard output, at once, since its reader may kill this process for it. */
final class Answer {
  private Answer() {}

  /** Names and values by turns. */
  static void print(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    print(object);
  }

  static void print(Map<String, Object> object) {
    System.out.print(new String(Json.bytes(object), StandardCharsets.UTF_8));
    System.out.flush();
  }
}
