package dev.sweeprunner.cli;

import dev.sweeprunner.run.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The time at the head of a line that somebody reads later: where output is kept, not where a
 * person watches it come.
 */
public final class TimeOfDay {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss ", Locale.ROOT);

  private TimeOfDay() {}

  /** The line for this screen, with the local time now where nobody watches. */
  public static String head(Screen screen, Clock clock, String line) {
    return screen.live() ? line : TIME.format(clock.now().atZone(ZoneId.systemDefault())) + line;
  }
}
