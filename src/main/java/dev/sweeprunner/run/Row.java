package dev.sweeprunner.run;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step's metrics.
 *
 * @param step the iteration
 * @param values the reproducible part: metric name to value, in a fixed order
 * @param wall what depends on this machine and moment: {@code time_ms}, {@code mfu}, tokens per
 *     second, timestamps
 * @param logged the row as its program logged it, as members of a JSON object without its braces
 *     and without {@code _step}, {@code _runtime}, {@code _timestamp}; {@code values} are the
 *     numbers in it. Null where {@code values} are all there is
 */
public record Row(
    long step, Map<String, Double> values, Map<String, Double> wall, @Nullable String logged) {
  /** Among {@code wall}: the last step, as far as the program that trains says. */
  public static final String TOTAL = "total";

  private static final int MOST_VALUES = 1000;

  /** A row of numbers alone. */
  public Row(long step, Map<String, Double> values, Map<String, Double> wall) {
    this(step, values, wall, null);
  }

  /**
   * A row as a program logged it; nested numbers are called {@code a.b}, those of an image or a
   * table are none of its metrics.
   *
   * @param logged members of a JSON object without its braces
   * @throws UnreadableJson if they are none
   */
  public static Row logged(long step, String logged, Map<String, Double> wall)
      throws UnreadableJson {
    Map<String, Double> values = new LinkedHashMap<>();
    Json.object(("{" + logged + "}").getBytes(StandardCharsets.UTF_8))
        .forEach((name, value) -> collect(name, value, values));
    return new Row(step, Collections.unmodifiableMap(values), wall, logged);
  }

  private static void collect(String name, @Nullable Object value, Map<String, Double> values) {
    if (value instanceof Map<?, ?> map && !map.containsKey("_type")) {
      map.forEach((key, member) -> collect(name + "." + key, member, values));
    } else if (value instanceof Number number && values.size() < MOST_VALUES) {
      values.put(name, number.doubleValue());
    }
  }

  /**
   * What was logged of this step in two rows of numbers, the later one over this.
   *
   * @throws IllegalArgumentException for a row as its program logged it: its client has merged it
   */
  public Row and(Row later) {
    if (logged != null || later.logged != null) {
      throw new IllegalArgumentException("step " + step + " was logged as a whole");
    }
    return new Row(step, both(values, later.values), both(wall, later.wall));
  }

  private static Map<String, Double> both(Map<String, Double> first, Map<String, Double> second) {
    Map<String, Double> all = new LinkedHashMap<>(first);
    all.putAll(second);
    return all;
  }
}
