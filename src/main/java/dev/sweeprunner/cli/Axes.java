package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Short names for the swept keys of a sweep. Immutable. */
public final class Axes {
  private final Map<String, String> names = new LinkedHashMap<>();

  /** Names for these keys: the last segment, or as many as it takes to tell two keys apart. */
  private Axes(Collection<String> keys) {
    for (String key : keys) {
      String name = tail(key, 1);
      for (int segments = 2; clashes(name, key, keys, segments - 1); segments++) {
        name = tail(key, segments);
      }
      names.put(key, name);
    }
  }

  /** All swept keys. */
  public static Axes all(Points points) {
    return new Axes(points.keys());
  }

  /** The swept keys that take more than one value in any of these sweeps; all where none does. */
  static Axes varied(Collection<Points> sweeps) {
    List<String> keys = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (Points points : sweeps) {
      points.keys().forEach(key -> add(all, key));
      points.varied().forEach(key -> add(keys, key));
    }
    return new Axes(keys.isEmpty() ? all : keys);
  }

  /** Key to short name, in the file's order. */
  public Map<String, String> names() {
    return names;
  }

  /** {@code n_embd=16 translation_ratio=0.25}. */
  String shortForm(Map<String, ? extends @Nullable Object> overrides) {
    List<String> parts = new ArrayList<>();
    names.forEach(
        (key, name) -> {
          if (overrides.containsKey(key)) {
            parts.add(name + "=" + HumanFormat.value(overrides.get(key)));
          }
        });
    return String.join(" ", parts);
  }

  private static void add(List<String> keys, String key) {
    if (!keys.contains(key)) {
      keys.add(key);
    }
  }

  private static boolean clashes(String name, String key, Collection<String> keys, int segments) {
    return !name.equals(key)
        && keys.stream().anyMatch(k -> !k.equals(key) && tail(k, segments).equals(name));
  }

  private static String tail(String key, int segments) {
    int start = key.length();
    for (int i = 0; i < segments && start >= 0; i++) {
      start = key.lastIndexOf('.', start - 1);
    }
    return key.substring(start + 1);
  }
}
