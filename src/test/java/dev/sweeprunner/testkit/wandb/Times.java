package dev.sweeprunner.testkit.wandb;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the server writes them: to the second. */
final class Times {
  private Times() {}

  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
