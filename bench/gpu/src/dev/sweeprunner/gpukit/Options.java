package dev.sweeprunner.gpukit;

import java.util.HashMap;
import java.util.Map;

/** A command and its options: {@code --name value}, or a bare {@code --name} for a switch. */
record Options(String command, Map<String, String> values) {
  static Options of(String... words) {
    if (words.length == 0) {
      throw new IllegalArgumentException("no command given");
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      if (!words[i].startsWith("--")) {
        throw new IllegalArgumentException("not an option: " + words[i]);
      }
      boolean bare = i + 1 == words.length || words[i + 1].startsWith("--");
      values.put(words[i].substring(2), bare ? "true" : words[++i]);
    }
    return new Options(words[0], values);
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(text(name, String.valueOf(otherwise)));
  }

  boolean set(String name) {
    return values.containsKey(name);
  }
}
