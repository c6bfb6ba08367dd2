package dev.sweeprunner.run.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Long and large worlds, by hand: -Dsweep-runner.scale.month=true. */
@EnabledIfSystemProperty(named = "sweep-runner.scale.month", matches = "true")
class MonthTests {
  @Test
  void every_law_holds_for_a_month() {
    holds(SimRules.month());
  }

  @Test
  void every_law_holds_for_ten_thousand_tasks() {
    holds(SimRules.crowd());
  }

  private static void holds(SimRules rules) {
    SimWorld world = new SimWorld(rules, new SplittableRandom(1), SimScaler::new, false);
    Simulation done = Simulation.of(1, world);

    System.out.printf(
        "%.1f days, %,d tasks submitted, %,d at most at a time, %,d failed starts: %s%n",
        world.time.seconds() / 86400.0,
        world.laws.submitted,
        world.laws.most,
        world.laws.failures,
        done.broken().isEmpty() ? "no law is broken" : done.broken());
    assertThat(done.broken()).isEmpty();
  }
}
