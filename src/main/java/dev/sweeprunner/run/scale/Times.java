package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wall times in a memory. A clock may have been wrong: none is trusted further than an hour. */
final class Times {
  static final Duration HOUR = Duration.ofHours(1);

  private Times() {}

  static Instant of(String text) throws UnreadableJson {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UnreadableJson("no time: " + text);
    }
  }

  static @Nullable Instant orNull(Fields fields, String name) throws UnreadableJson {
    String text = fields.textOrNull(name);
    return text == null ? null : of(text);
  }

  static List<Instant> list(Fields fields, String name) throws UnreadableJson {
    List<Instant> times = new ArrayList<>();
    for (String text : fields.texts(name)) {
      times.add(of(text));
    }
    return times;
  }

  static List<String> texts(List<Instant> times) {
    return times.stream().map(Instant::toString).toList();
  }

  /** Whether this is still to come. */
  static boolean ahead(@Nullable Instant time, Instant now) {
    return time != null && time.isAfter(now);
  }

  /** How long ago it was; negative for what is still to come. */
  static Duration since(Instant time, Instant now) {
    return Duration.between(time, now);
  }

  /** Those of the past are kept for an hour; one of the future was now. */
  static void keepHour(List<Instant> times, Instant now) {
    times.replaceAll(time -> time.isAfter(now) ? now : time);
    times.removeIf(time -> !time.plus(HOUR).isAfter(now));
  }

  /** No further in the future than an hour. */
  static @Nullable Instant atMostAnHour(@Nullable Instant until, Instant now) {
    return until != null && until.isAfter(now.plus(HOUR)) ? now.plus(HOUR) : until;
  }
}
