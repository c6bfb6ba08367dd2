package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.config.Sha256;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * That part of a config by which runs of different programs are the same run. Two configs whose
 * digests are equal have the same keys with the same values in all of {@link #SECTIONS}; numbers
 * are equal as numbers. Stateless; any thread.
 */
final class ComparableConfig {
  /** The sections that are compared. */
  static final List<String> SECTIONS =
      List.of("data", "experiment", "model", "optimizer", "training");

  private static final String DATA = "data";
  private static final String SOURCE = "source";
  private static final String PRETOKENIZED = "pretokenized";
  private static final String UNIFORM_SEED = "uniform_seed";
  private static final int DIGEST_LENGTH = 32;

  private ComparableConfig() {}

  /**
   * A config's digest, 32 hex characters; empty if it lacks a section.
   *
   * @param config each section an object, or spread over keys like {@code model.n_embd}; of both
   *     the object counts
   */
  static Optional<String> digest(Map<String, ? extends @Nullable Object> config) {
    StringBuilder text = new StringBuilder();
    for (String name : SECTIONS) {
      TreeMap<String, @Nullable Object> section = section(config, name);
      if (section.isEmpty()) {
        return Optional.empty();
      }
      if (name.equals(DATA) && PRETOKENIZED.equals(section.get(SOURCE))) {
        section.remove(UNIFORM_SEED);
      }
      print(section, text.append(name));
    }
    return Optional.of(sha(text.toString()));
  }

  private static TreeMap<String, @Nullable Object> section(
      Map<String, ? extends @Nullable Object> config, String name) {
    TreeMap<String, @Nullable Object> section = new TreeMap<>();
    if (config.get(name) instanceof Map<?, ?> object) {
      object.forEach((key, value) -> section.put(String.valueOf(key), value));
      return section;
    }
    String prefix = name + ".";
    config.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            section.put(key.substring(prefix.length()), value);
          }
        });
    return section;
  }

  private static void print(@Nullable Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
      map.forEach((key, member) -> sorted.put(String.valueOf(key), member));
      out.append('{');
      sorted.forEach(
          (key, member) -> {
            quote(key, out);
            print(member, out.append(':'));
            out.append(',');
          });
      out.append('}');
    } else if (value instanceof List<?> list) {
      out.append('[');
      list.forEach(
          element -> {
            print(element, out);
            out.append(',');
          });
      out.append(']');
    } else if (value instanceof Number number) {
      out.append(number(number));
    } else if (value instanceof String text) {
      quote(text, out);
    } else {
      out.append(value);
    }
  }

  /** Length first, so that no text can look like two. */
  private static void quote(String text, StringBuilder out) {
    out.append('"').append(text.length()).append('"').append(text);
  }

  private static String number(Number number) {
    return number instanceof Double decimal && !Double.isFinite(decimal)
        ? decimal.toString()
        : new BigDecimal(number.toString()).stripTrailingZeros().toString();
  }

  private static String sha(String text) {
    return Sha256.of(text).substring(0, DIGEST_LENGTH);
  }
}
