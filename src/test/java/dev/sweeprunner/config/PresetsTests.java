package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetsTests {
  private static final String HEAD =
      "parameters:\n  experiment.max_compartments: 16\n  training.seed: 64\n  ";

  @TempDir Path folder;

  private BuiltinConfig config(String parameters) throws IOException {
    return (BuiltinConfig)
        new SweepFolder(folder).points(HEAD + parameters.replace("; ", "\n  ")).at(0).config();
  }

  @ParameterizedTest
  @CsvSource({"8-32, 32, 1", "8-64, 64, 2", "8-128, 128, 4", "8-256, 256, 8"})
  void a_size_tier_wins_over_the_sizes_it_sets(String tier, int channels, int heads)
      throws IOException {
    BuiltinConfig config =
        config("model.size_tier: " + tier + "; model.n_embd: 5; training.batch_size: 7");

    assertThat(config.model().nLayer()).isEqualTo(8);
    assertThat(config.model().nEmbd()).isEqualTo(channels);
    assertThat(config.model().nHead()).isEqualTo(heads);
    assertThat(config.training().batchSize()).isEqualTo(512);
    assertThat(config.training().gradientAccumulationSteps()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "32, 2, 2048, 1", "64, 3, 2048, 1", "128, 4, 1024, 2", "32, 5, 1024, 2", "64, 8, 512, 4",
    "128, 16, 256, 8", "256, 2, 1024, 2", "256, 3, 2048, 1", "256, 4, 512, 4", "256, 5, 1024, 2",
    "256, 8, 256, 8", "256, 16, 128, 16", "256, 6, 512, 4", "32, 1, 512, 4"
  })
  void a_bpe16384_model_has_the_batch_of_its_size_and_compartments(
      int channels, int compartments, int batch, int accumulation) throws IOException {
    BuiltinConfig config =
        config(
            "model.vocab_size: 16384; experiment.permute_tokens_per_compartment: no;"
                + " model.size_tier: 8-"
                + channels
                + "; experiment.n_compartments: "
                + compartments);

    assertThat(config.training().batchSize()).isEqualTo(batch);
    assertThat(config.training().gradientAccumulationSteps()).isEqualTo(accumulation);
  }

  @Test
  void other_vocabularies_and_permuted_tokens_keep_their_batch() throws IOException {
    String size = "model.n_embd: 32; training.batch_size: 7; ";

    assertThat(config(size + "model.vocab_size: 16384").training().batchSize()).isEqualTo(7);
    assertThat(
            config(size + "model.vocab_size: 16383; experiment.permute_tokens_per_compartment: no")
                .training()
                .batchSize())
        .isEqualTo(7);
  }

  @Test
  void seeds_follow_the_training_seed() throws IOException {
    assertThat(config("experiment.assignment_seed: 3").experiment().assignmentSeed()).isEqualTo(64);
    assertThat(config("data.uniform_seed: 0").data().uniformSeed()).isEqualTo(64);
    assertThat(config("data.uniform_seed: 0.0").data().uniformSeed()).isEqualTo(64);
    assertThat(config("data.uniform_seed: 5").data().uniformSeed()).isEqualTo(5);
  }
}
