package dev.sweeprunner.train.model;

import java.util.Map;
import java.util.Objects;

/** Finds what must be there. */
final class Named {
  private Named() {}

  static <T> T in(Map<String, T> map, String name) {
    return Objects.requireNonNull(map.get(name), name);
  }
}
