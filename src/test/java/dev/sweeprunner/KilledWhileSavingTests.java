package dev.sweeprunner;

import dev.sweeprunner.testkit.LateSaving;

/** Training goes on while a checkpoint is written. */
class KilledWhileSavingTests extends KilledAnywhereContract {
  KilledWhileSavingTests() {
    super(LateSaving::new, 1);
  }
}
