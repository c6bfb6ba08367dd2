package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.testkit.Grids;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AxesTests {
  @TempDir Path folder;

  @Test
  void a_name_is_the_last_segment() {
    assertThat(Axes.all(Views.grid(folder)).names().values())
        .containsExactly("n_embd", "translation_ratio", "seed");
  }

  @Test
  void keys_that_end_alike_keep_more() {
    Points points =
        Grids.of(
            folder,
            "",
            """
            method: grid
            name: alike
            project: test
            parameters:
              model.max_compartments: {values: [null]}
              experiment.max_compartments: {values: [2, 4]}
              training.seed: {values: [1]}
            """);

    assertThat(Axes.all(points).names().values())
        .containsExactly("model.max_compartments", "experiment.max_compartments", "seed");
  }

  @Test
  void the_short_form_tells_what_varies() {
    Points points = Views.grid(folder);

    String text = Axes.varied(List.of(points)).shortForm(points.at(2).overrides());

    assertThat(text).isEqualTo("n_embd=16 translation_ratio=0.25");
  }

  @Test
  void where_nothing_varies_all_is_told() {
    Points points = Grids.tiny(folder, 1, 4);

    String text = Axes.varied(List.of(points)).shortForm(points.at(0).overrides());

    assertThat(text).isEqualTo("seed=1 translation_ratio=0.5");
  }
}
