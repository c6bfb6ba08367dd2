package dev.sweeprunner;

import java.util.function.UnaryOperator;

/** Training waits while a checkpoint is written. */
class KilledAnywhereTests extends KilledAnywhereContract {
  KilledAnywhereTests() {
    super(UnaryOperator.identity(), 0);
  }
}
