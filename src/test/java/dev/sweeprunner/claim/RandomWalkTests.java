package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sweeprunner.claim.SimRules.Move;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** More workers, lives, looks and faults than can be explored. */
class RandomWalkTests {
  @ParameterizedTest
  @MethodSource("walks")
  void beyond_the_bounds_seeded_walks_break_no_law(long seed, SimRules rules) {
    RandomWalks walks = new RandomWalks(rules, ExplorerTests.marked(rules.links), SimWorker::new);
    int many = ExplorerTests.DEEP ? 5000 : 30;

    assertThatCode(() -> walks.walk(seed, many)).doesNotThrowAnyException();

    System.out.printf(
        "%d walks from seed %d: %,d steps, logs of up to %d slots, %d finished%n",
        many, seed, walks.steps, walks.longest, walks.finished);
    assertThat(walks.finished).as("finished").isPositive();
  }

  static Stream<Arguments> walks() {
    SimRules wild =
        SimRules.TWO
            .workers(3)
            .lives(4)
            .looks(2)
            .moves(Move.values())
            .publishes(2)
            .between(1)
            .kills(9)
            .reborn();
    return Stream.of(
        Arguments.of(1_000, wild.shown()),
        Arguments.of(2_000, wild.shown().faults(6).stale(6)),
        Arguments.of(3_000, wild.noLinks().faults(3)),
        Arguments.of(4_000, wild.workers(5).lives(3).faults(9).stale(9)));
  }
}
