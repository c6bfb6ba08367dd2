package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks of a profile Slurm took before it refused more: a limit of the site that nobody
 * told. Believed for 10 minutes, and twice as long each time that it is met again, up to an hour.
 */
final class Ceiling {
  private static final Duration FIRST = Duration.ofMinutes(10);

  private int most;
  private @Nullable Instant until;
  private Duration lasting = Duration.ZERO;

  /** Slurm refused more than these. */
  void met(int there, Instant now) {
    most = there;
    lasting =
        lasting.isZero()
            ? FIRST
            : Times.HOUR.compareTo(lasting.multipliedBy(2)) < 0
                ? Times.HOUR
                : lasting.multipliedBy(2);
    until = now.plus(lasting);
  }

  /** Slurm took all that it was given: whatever was met is no more. */
  void lifted(Instant now) {
    if (!standing(now)) {
      lasting = Duration.ZERO;
      until = null;
    }
  }

  boolean standing(Instant now) {
    return Times.ahead(until, now);
  }

  int limit(int configured, Instant now) {
    return standing(now) ? Math.min(configured, most) : configured;
  }

  int most() {
    return most;
  }

  @Nullable Instant until() {
    return until;
  }

  void clamp(Instant now) {
    until = Times.atMostAnHour(until, now);
  }

  Map<String, ?> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("most", (long) most);
    members.put("lasting_s", lasting.toSeconds());
    if (until != null) {
      members.put("until", until.toString());
    }
    return members;
  }

  static Ceiling of(Fields fields) throws UnreadableJson {
    Ceiling ceiling = new Ceiling();
    ceiling.most = fields.integer("most");
    ceiling.lasting = Duration.ofSeconds(fields.number("lasting_s"));
    ceiling.until = Times.orNull(fields, "until");
    return ceiling;
  }
}
