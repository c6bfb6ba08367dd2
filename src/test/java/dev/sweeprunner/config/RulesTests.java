package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTests {
  @TempDir Path folder;

  private Point point(String settings) throws IOException {
    StringBuilder yaml = new StringBuilder("parameters:\n");
    for (String setting : settings.split(";")) {
      String[] parts = setting.split("=", 2);
      yaml.append("  ")
          .append(parts[0].strip())
          .append(": {value: ")
          .append(parts[1])
          .append("}\n");
    }
    return new SweepFolder(folder).points(yaml.toString()).at(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.seed=1 | experiment.max_compartments is not set",
        "experiment.max_compartments=0 | experiment.max_compartments is 0",
        "experiment.max_compartments=-3 | must be greater than 0",
        "experiment.max_compartments=1 | experiment.n_compartments is 2, but experiment.max_compartments is 1",
        "experiment.max_compartments=4; experiment.n_compartments=0 | it must be at least 1",
        "experiment.max_compartments=4; experiment.n_compartments=5.0 | n_compartments is 5.0",
        "experiment.max_compartments=4; experiment.translation_ratio=-0.1 | not be negative",
        "experiment.max_compartments=4; experiment.translation_ratio=1.1;"
            + " experiment.translation_ratio_mode=absolute | in mode absolute it is at most 1",
        "experiment.max_compartments=4; experiment.translation_ratio=0.1;"
            + " experiment.n_compartments=1 | translation needs at least 2",
        "experiment.max_compartments=4; data.compartment_train_bins=[a] | has 1 entries",
        "experiment.max_compartments=4; data.compartment_train_bins=[] | has 0 entries",
        "experiment.max_compartments=4; data.compartment_val_bins=[a, b, c] | has 3 entries",
        "experiment.max_compartments=4; data.compartment_train_bins=[a, b];"
            + " experiment.token_tying_mode=top_k | exclude each other",
        "experiment.max_compartments=4; experiment.token_tying_ratio=1.5 | from 0 to 1",
        "experiment.max_compartments=4; experiment.token_tying_ratio=-1 | from 0 to 1",
        "experiment.max_compartments=4; experiment.token_tying_mode=bottom_k;"
            + " experiment.n_compartments=1 | tying needs at least 2",
        "experiment.max_compartments=4; experiment.shared_token_embeddings=true"
            + " | exclude each other"
      })
  void a_broken_rule_makes_the_point_invalid_with_its_reason(String settings, String reason)
      throws IOException {
    Point point = point(settings);

    assertThat(point.invalid()).contains(reason);
    assertThat(point.runId()).matches("[0-9a-f]{8}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "experiment.max_compartments=2",
        "experiment.max_compartments=1; experiment.n_compartments=1",
        "experiment.max_compartments=4; experiment.translation_ratio=3.5",
        "experiment.max_compartments=4; experiment.translation_ratio=1;"
            + " experiment.translation_ratio_mode=absolute",
        "experiment.max_compartments=4; data.compartment_train_bins=[a, b];"
            + " data.compartment_val_bins=[c, d]",
        "experiment.max_compartments=4; data.compartment_val_bins=[a, b];"
            + " experiment.token_tying_mode=top_k; experiment.token_tying_ratio=1",
        "experiment.max_compartments=4; experiment.shared_token_embeddings=true;"
            + " model.weight_tying=false"
      })
  void a_config_within_the_rules_is_valid(String settings) throws IOException {
    assertThat(point(settings).invalid()).isNull();
  }
}
