package dev.sweeprunner.relay.rows;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a killed life had logged and its client had not posted: shows as a distance between the
 * newest kept row and the first of the next life that is larger than this one's stride. Guarded by
 * its book.
 */
final class Gap {
  /** Places on an axis are sums of fractions at times. */
  private static final double ROUNDING = 1e-6;

  private final double end;
  private double first = Double.NaN;
  private boolean done;

  /** The place of the newest row that was kept. */
  Gap(double end) {
    this.end = end;
  }

  /** Whether the stride is not known yet. */
  boolean open() {
    return !done;
  }

  /** The place of a row of the next life; tells what is missing, once it can be known. */
  Optional<String> row(double place) {
    if (Double.isNaN(first)) {
      first = place;
    }
    double stride = place - first;
    if (done || stride <= 0) {
      return Optional.empty();
    }
    done = true;
    return first - end > stride * (1 + ROUNDING)
        ? Optional.of(words(end + stride, first - stride))
        : Optional.empty();
  }

  private static String words(double from, double to) {
    String steps = to > from ? "steps " + number(from) + "-" + number(to) + " were" : one(from);
    return steps + " logged by a killed life and never arrived";
  }

  private static String one(double step) {
    return "step " + number(step) + " was";
  }

  private static String number(double place) {
    return BigDecimal.valueOf(place).stripTrailingZeros().toPlainString();
  }
}
