package dev.sweeprunner.relay.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule has a wrong neighbour, and a world that shows that it is wrong. */
class MutantTests {
  private static final int MOST = 400;

  @TempDir Path folder;

  static Stream<Arguments> mutants() {
    return Stream.of(
        mutant(
            "a row of the checkpoint's own moment is beyond it",
            Numbering.COUNTED,
            true,
            new Rules() {
              @Override
              boolean seen(double timestamp, double moment) {
                return timestamp < moment;
              }
            }),
        mutant(
            "a row of that moment shows that all are there",
            Numbering.COUNTED,
            true,
            new Rules() {
              @Override
              boolean shows(double timestamp, double moment) {
                return timestamp >= moment;
              }
            }),
        mutant(
            "silence shows it where the newest row waits in the client",
            Numbering.EXPLICIT,
            true,
            new Rules() {
              @Override
              boolean silenceShows(Habit habit) {
                return true;
              }
            }),
        mutant(
            "silence before the checkpoint counts",
            Numbering.COUNTED,
            true,
            new Rules() {
              @Override
              boolean silent(Duration quiet, Duration asked) {
                return super.silent(quiet, quiet);
              }
            }),
        mutant(
            "rows are as old as their arrival",
            Numbering.EXPLICIT,
            true,
            new Rules() {
              @Override
              double when(double timestamp, double arrival) {
                return arrival;
              }
            }),
        mutant(
            "who names steps is told of the newest",
            Numbering.EXPLICIT,
            false,
            new Rules() {
              @Override
              long told(Habit habit, long newest) {
                return newest;
              }
            }),
        mutant(
            "nobody waits until it is known who names steps",
            Numbering.EXPLICIT,
            false,
            new Rules() {
              @Override
              boolean known(Habit habit) {
                return true;
              }
            }),
        mutant(
            "the row at which it goes on is not made again",
            Numbering.AXIS,
            false,
            new Rules() {
              @Override
              boolean madeAgain(double x, double first) {
                return x > first;
              }
            }),
        mutant(
            "nothing is made again",
            Numbering.AXIS,
            false,
            new Rules() {
              @Override
              boolean madeAgain(double x, double first) {
                return false;
              }
            }),
        mutant(
            "a kept row stays beside the one that replaces it",
            Numbering.EXPLICIT,
            false,
            new Rules() {
              @Override
              boolean stays(long kept, long coming) {
                return kept <= coming;
              }
            }),
        mutant(
            "the delta is forgotten",
            Numbering.AXIS,
            false,
            new Rules() {
              @Override
              long delta(long wanted, long first) {
                return 0;
              }
            }),
        mutant(
            "the delta is one short",
            Numbering.COUNTED,
            false,
            new Rules() {
              @Override
              long delta(long wanted, long first) {
                return wanted - first - 1;
              }
            }),
        mutant(
            "lines that are sent again are taken again",
            Numbering.COUNTED,
            true,
            new Rules() {
              @Override
              long takenAlready(long offset, long next) {
                return 0;
              }
            }),
        mutant(
            "one line too many was taken already",
            Numbering.EXPLICIT,
            false,
            new Rules() {
              @Override
              long takenAlready(long offset, long next) {
                return super.takenAlready(offset, next) + 1;
              }
            }),
        mutant(
            "what was logged after the save is forgotten",
            Numbering.EXPLICIT,
            true,
            new Rules() {
              @Override
              boolean missed(double place, double first) {
                return false;
              }
            }),
        mutant(
            "so is what is made again taken from the dead",
            Numbering.AXIS,
            true,
            new Rules() {
              @Override
              boolean missed(double place, double first) {
                return place <= first;
              }
            }));
  }

  private static Arguments mutant(String name, Numbering numbering, boolean ruled, Rules rules) {
    return Arguments.of(name, numbering, ruled, rules);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void is_caught(String name, Numbering numbering, boolean ruled, Rules rules) {
    for (long seed = 0; seed < MOST; seed++) {
      World world = new World(seed, numbering, ruled, rules, folder.resolve("" + seed));
      List<String> wrong = world.run();
      if (!wrong.isEmpty()) {
        System.out.printf("%s: world %d, %s%n", name, seed, wrong.get(0));
        return;
      }
    }

    assertThat(name).as("a mistake that " + MOST + " worlds do not show").isNull();
  }
}
