package dev.sweeprunner.options;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as a user writes them: {@code 500ms}, {@code 2s}, {@code 1m}. */
final class Times {
  private static final Pattern TIME = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

  /** Beyond it nanoseconds do not fit into a long; nobody waits that long. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private Times() {}

  /**
   * The time that is written so, which may be zero; empty if it is none, or longer than a century.
   */
  static Optional<Duration> parse(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration time =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
    return Optional.of(time).filter(t -> t.compareTo(LONGEST) <= 0);
  }

  /** A time with its unit; empty if none or zero. */
  static Optional<Duration> positive(String text) {
    return parse(text).filter(time -> !time.isZero());
  }

  /** A short time between two looks, in seconds where no unit is given; empty if none or zero. */
  static Optional<Duration> watch(String text) {
    return text.matches("\\d{1,6}(ms|s|m)?")
        ? parse(text.matches("\\d+") ? text + "s" : text).filter(time -> !time.isZero())
        : Optional.empty();
  }
}
