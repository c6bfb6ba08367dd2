package dev.sweeprunner.run.scale;

import org.jspecify.annotations.NullMarked;

/** A law that did not hold. */
@NullMarked
final class SimBroken extends RuntimeException {
  private static final long serialVersionUID = 1;

  SimBroken(String law) {
    super(law);
  }
}
