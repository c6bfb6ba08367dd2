package dev.sweeprunner.run.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For each law a mistake that breaks it is caught, and the simulator says how it happens. */
class ScaleMutantTests {
  private static final int MOST = 2000;

  private static final Function<SplittableRandom, SimRules> ANY = SimRules::of;

  static Stream<Arguments> mutants() {
    Function<SplittableRandom, SimRules> failing = random -> SimRules.harsh(30, 80, 0, 0);
    Function<SplittableRandom, SimRules> dying = random -> SimRules.harsh(30, 100, 100, 0);
    Function<SplittableRandom, SimRules> two = random -> SimRules.harsh(6, 0, 0, 50);
    return Stream.of(
        mutant("one task too many", ANY, ScaleMutants.OneTooMany::new, "more than the limit"),
        mutant("pending uncounted", ANY, ScaleMutants.PendingUncounted::new, "than the limit"),
        mutant("all at once", ANY, ScaleMutants.AllAtOnce::new, "in a look"),
        mutant("nobody counts starts", dying, ScaleMutants.NoHour::new, "without a claim"),
        mutant("no intent before sbatch", dying, ScaleMutants.NoIntent::new, "without a claim"),
        mutant("a failure is forgotten", failing, ScaleMutants.NoFailures::new, "failed starts"),
        mutant("cancelled is failed", ANY, ScaleMutants.CancelledIsFailed::new, "cancelled one"),
        mutant("blocked ones count", ANY, ScaleMutants.BlockedCounts::new, "work is left"),
        mutant("old demand", ANY, ScaleMutants.OldDemand::new, "runs"),
        mutant("never cancels", ANY, ScaleMutants.NeverCancels::new, "left pending at the end"),
        mutant("two on one seat", two, ScaleMutants.NoSeat::new, "more than the limit"),
        mutant("never forgets", ANY, ScaleMutants.Elephant::new, "remembered of"));
  }

  private static Arguments mutant(
      String name,
      Function<SplittableRandom, SimRules> rules,
      BiFunction<String, SimWorld, SimScaler> made,
      String law) {
    return Arguments.of(name, rules, made, law);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void is_caught(
      String name,
      Function<SplittableRandom, SimRules> rules,
      BiFunction<String, SimWorld, SimScaler> made,
      String law) {
    long seed = 0;
    while (!broken(Simulation.of(seed, rules, made, false), law)) {
      if (++seed == MOST) {
        throw new AssertionError(name + " is not caught in " + seed + " worlds");
      }
    }
    String story = Simulation.of(seed, rules, made, true).story(25);
    System.out.printf("%s, %s%n%n", name, story);
    assertThat(story).contains(law);
  }

  private static boolean broken(Simulation done, String law) {
    return done.broken().contains(law);
  }
}
