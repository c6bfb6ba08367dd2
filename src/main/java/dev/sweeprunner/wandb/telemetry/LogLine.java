package dev.sweeprunner.wandb.telemetry;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A console line as W&amp;B stores it: the time in UTC with microseconds, then the text. */
final class LogLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String ERROR = "ERROR ";

  private LogLine() {}

  static String at(Instant when, String text) {
    return TIME.format(when) + " " + text.replace('\n', ' ');
  }

  /**
   * A line taken apart.
   *
   * @param error whether it went to the standard error
   */
  record Read(Instant when, boolean error, String text) {}

  /** Reads a line as the official client makes it; one of another form is text without a time. */
  static Read read(String line) {
    boolean error = line.startsWith(ERROR);
    String rest = error ? line.substring(ERROR.length()) : line;
    int space = rest.indexOf(' ');
    try {
      Instant when = space < 0 ? Instant.EPOCH : Instant.parse(rest.substring(0, space) + "Z");
      return new Read(when, error, space < 0 ? rest : rest.substring(space + 1));
    } catch (DateTimeException noTime) {
      return new Read(Instant.EPOCH, error, rest);
    }
  }
}
