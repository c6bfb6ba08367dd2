package dev.sweeprunner.testkit;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Small grids, read from real files by the real reader. */
public final class Grids {
  private static final String TINY =
      """
      [data]
      source = "uniform"
      [model]
      vocab_size = 4
      block_size = 8
      n_layer = 1
      n_head = 2
      n_embd = 8
      weight_tying = false
      [training]
      max_iters = %d
      batch_size = 2
      gradient_accumulation_steps = 1
      eval_interval = 4
      eval_iters = 1
      log_interval = 1
      [lr]
      warmup_iters = 2
      [optimizer]
      learning_rate = 6e-3
      [system]
      dtype = "float32"
      [experiment]
      n_compartments = 2
      max_compartments = 2
      permute_tokens_per_compartment = false
      use_compartment_embeddings = true
      translation_ratio_mode = "absolute"
      """;

  private Grids() {}

  /**
   * A grid of {@code points} tiny runs of {@code maxIters} iterations that differ in their seed.
   */
  public static Points tiny(Path folder, int points, long maxIters) {
    return tiny(folder, points, maxIters, "");
  }

  /** As above, with more lines of parameters, each indented by two blanks. */
  public static Points tiny(Path folder, int points, long maxIters, String parameters) {
    StringBuilder seeds = new StringBuilder();
    for (int seed = 1; seed <= points; seed++) {
      seeds.append(seeds.isEmpty() ? "" : ", ").append(seed);
    }
    return of(
        folder,
        TINY.formatted(maxIters),
        """
        method: grid
        name: tiny
        project: test
        command: [--job.config-file, base.toml]
        parameters:
          training.seed: {values: [%s]}
          experiment.translation_ratio: {value: 0.5}
        """
                .formatted(seeds)
            + parameters);
  }

  /** Two points of a program of the user's, which aims at {@code acc}; its end is not known. */
  public static Points program(Path folder) {
    try {
      Files.createDirectories(folder);
      Path file =
          Files.writeString(
              folder.resolve("program.yaml"),
              """
              project: test
              name: own
              program: train.py
              metric: {name: acc, goal: maximize}
              parameters: {lr: {values: [0.1, 0.2]}}
              """);
      SweepFile sweep = SweepFileReader.read(file, Map.of());
      return Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A grid of these two files, written into {@code folder}. */
  public static Points of(Path folder, String toml, String yaml) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("base.toml"), toml);
      Path sweep = Files.writeString(folder.resolve("sweep.yaml"), yaml);
      return Points.of(SweepFileReader.read(sweep, Map.of()), Places.of(folder, sweep));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
