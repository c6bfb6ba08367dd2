package dev.sweeprunner.wandb.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A console line as W&amp;B stores it: the time in UTC with microseconds, then the text. */
final class LogLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private LogLine() {}

  static String at(Instant when, String text) {
    return TIME.format(when) + " " + text.replace('\n', ' ');
  }
}
