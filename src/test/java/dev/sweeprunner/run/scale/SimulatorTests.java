package dev.sweeprunner.run.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The machine keeps every law of {@link SimLaws} in a thousand simulated days. */
class SimulatorTests {
  private static final int SEEDS = Integer.getInteger("sweep-runner.scale.seeds", 1000);

  @Test
  void every_law_holds_whatever_happens() {
    int submitted = 0;
    int failures = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Simulation done = Simulation.of(seed, SimScaler::new, false);
      if (!done.broken().isEmpty()) {
        throw new AssertionError(Simulation.of(seed, SimScaler::new, true).story(80));
      }
      submitted += done.world().laws.submitted;
      failures += done.world().laws.failures;
    }
    System.out.printf("%,d tasks submitted, %,d failed starts%n", submitted, failures);
    assertThat(submitted).as("something happened").isGreaterThan(10 * SEEDS);
    assertThat(failures).isGreaterThan(SEEDS);
  }
}
