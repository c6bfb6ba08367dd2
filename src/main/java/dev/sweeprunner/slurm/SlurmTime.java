package dev.sweeprunner.slurm;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Slurm's way to write a length of time: {@code 10:00}, {@code 3:12:05}, {@code 1-02:03:04}. */
final class SlurmTime {
  private static final Pattern TIME =
      Pattern.compile("(?:(\\d{1,6})-)?(?:(\\d{1,6}):)?(\\d{1,2}):(\\d{1,2})");

  private SlurmTime() {}

  /** The time, or null for anything else: {@code UNLIMITED}, {@code NOT_SET}, {@code N/A}. */
  static @Nullable Duration parse(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    return Duration.ofDays(number(matcher.group(1)))
        .plusHours(number(matcher.group(2)))
        .plusMinutes(number(matcher.group(3)))
        .plusSeconds(number(matcher.group(4)));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
