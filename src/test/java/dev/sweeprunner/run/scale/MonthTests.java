package dev.sweeprunner.run.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A month of 10,000 tasks and 100,000 points, by hand: -Dsweep-runner.scale.month=true. */
@EnabledIfSystemProperty(named = "sweep-runner.scale.month", matches = "true")
class MonthTests {
  @Test
  void every_law_holds_for_a_month() {
    SplittableRandom random = new SplittableRandom(1);
    SimWorld world = new SimWorld(SimRules.month(), random, SimScaler::new, false);
    Simulation done = Simulation.of(1, world);

    System.out.printf(
        "%.1f days, %,d tasks submitted, %,d at most at a time, %,d failed starts: %s%n",
        world.time.seconds() / 86400.0,
        world.laws.submitted,
        world.laws.most,
        world.laws.failures,
        done.broken());
    assertThat(done.broken()).isEmpty();
  }
}
