package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sweeps of the checkout. */
class ShippedSweepsTests {
  private static final Path ROOT = Path.of("").toAbsolutePath();

  static List<String> sweeps() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("sweeps"))) {
      return files.map(file -> "sweeps/" + file.getFileName()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sweeps")
  void every_point_can_be_trained(String sweep) {
    Points points = new SweepFolder(ROOT).pointsOf(sweep);

    assertThat(points.size()).isPositive();
    for (int i = 0; i < points.size(); i++) {
      assertThat(points.at(i).invalid()).as("point %d of %s", i, sweep).isNull();
    }
  }

  @Test
  void there_is_one_for_token_tying_and_one_for_discriminators() throws IOException {
    assertThat(sweeps()).contains("sweeps/tying.yaml", "sweeps/dann.yaml");
  }
}
