package dev.sweeprunner.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A toy sweep in a folder: tiny models that differ in their seed and translation ratio.
 *
 * @param folder where its files are
 * @param maxIters of each run
 */
record Toy(Path folder, long maxIters) {
  private static final String TOML =
      """
      [data]
      source = "uniform"
      [model]
      vocab_size = 8
      block_size = 16
      n_layer = 1
      n_head = 2
      n_embd = 16
      weight_tying = false
      [training]
      max_iters = %d
      batch_size = 12
      gradient_accumulation_steps = 1
      eval_interval = 50
      eval_iters = 1
      log_interval = 1
      [lr]
      warmup_iters = 5
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

  /** Writes its files. */
  static Toy of(Path folder, long maxIters, String parameters) {
    try {
      Files.writeString(folder.resolve("base.toml"), TOML.formatted(maxIters));
      Files.writeString(
          folder.resolve("toy.yaml"),
          """
          method: grid
          name: toy
          project: e2e
          command: [--job.config-file, base.toml]
          parameters:
          """
              + parameters.indent(2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Toy(folder, maxIters);
  }

  /** The command line of a worker in storage root {@code root}, with a checkpoint every 7. */
  List<String> worker(String root, String name, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--sweep",
                "toy.yaml",
                "--storage",
                root,
                "--worker",
                name,
                "--no-web",
                "--allow-behind",
                "--threads",
                "1",
                "--wait",
                "200ms",
                "--checkpoint.interval",
                "1h",
                "--checkpoint.every-iterations",
                "7"));
    words.addAll(List.of(more));
    return words;
  }

  /** The name of the final checkpoint's folder without its epoch. */
  String last() {
    return "%07d".formatted(maxIters);
  }
}
