package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What tasks of a profile take and give, each a running mean in which the newest counts a quarter.
 *
 * @param perSecond updates per second of one worker, or null while nobody has measured them
 * @param queued seconds from the submission to the start, or null
 * @param start seconds from the start to the first claim, or null
 */
public record Rates(@Nullable Double perSecond, @Nullable Double queued, @Nullable Double start) {
  static final Rates UNKNOWN = new Rates(null, null, null);

  private static final double WEIGHT = 0.25;

  Rates progressed(long updates, Duration time) {
    return new Rates(mean(perSecond, updates / seconds(time)), queued, start);
  }

  Rates waited(Duration time) {
    return new Rates(perSecond, mean(queued, Math.max(0, seconds(time))), start);
  }

  Rates started(Duration time) {
    return new Rates(perSecond, queued, mean(start, Math.max(0, seconds(time))));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static double mean(@Nullable Double before, double value) {
    return before == null ? value : before + WEIGHT * (value - before);
  }

  Map<String, ?> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    put(members, "per_second", perSecond);
    put(members, "queued_s", queued);
    put(members, "start_s", start);
    return members;
  }

  private static void put(Map<String, Object> members, String name, @Nullable Double value) {
    if (value != null) {
      members.put(name, value);
    }
  }

  static Rates of(Fields fields) {
    return new Rates(
        fields.decimalOrNull("per_second"),
        fields.decimalOrNull("queued_s"),
        fields.decimalOrNull("start_s"));
  }
}
