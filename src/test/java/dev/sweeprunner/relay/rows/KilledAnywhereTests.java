package dev.sweeprunner.relay.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs of all kinds, killed with their workers at random moments: each step once. */
class KilledAnywhereTests {
  private static final int WORLDS = 25;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "EXPLICIT, true",
    "AXIS, true",
    "COUNTED, true",
    "EXPLICIT, false",
    "AXIS, false",
    "COUNTED, false"
  })
  void the_history_is_that_of_an_undisturbed_run(Numbering numbering, boolean ruled) {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed, numbering, ruled, new Rules(), folder.resolve("" + seed));

      assertThat(world.run()).as("seed " + seed + ", " + world.script()).isEmpty();
    }
  }
}
