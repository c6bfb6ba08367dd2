package dev.sweeprunner.options;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A short time as a user writes it: {@code 5}, {@code 500ms}, {@code 2s}, {@code 1m}. */
final class Seconds {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m)?");

  private Seconds() {}

  /** The time, in seconds where no unit is given; empty if it is none or zero. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    Duration time =
        "ms".equals(unit)
            ? Duration.ofMillis(count)
            : "m".equals(unit) ? Duration.ofMinutes(count) : Duration.ofSeconds(count);
    return time.isZero() ? Optional.empty() : Optional.of(time);
  }
}
