package dev.sweeprunner.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.data.ShardFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a short training makes of the data experiments: it learns what there is to learn. */
class DataExperimentTests {
  @TempDir Path folder;

  private final TinyConfig config = new TinyConfig();

  @BeforeEach
  void short_training() {
    config.nEmbd = 16;
    config.compartmentEmbeddings = true;
    config.batchSize = 64;
    config.maxIters = 120;
    config.warmupIters = 10;
    config.weightDecay = 0;
    config.evalInterval = 1000;
    config.logInterval = 1000;
  }

  @Test
  void interleaved_translations_are_learned() {
    config.translationMode = "interleaved";
    config.chunkSize = 1;
    config.vocabSize = 4;
    config.ratio = 1;
    config.learningRate = 1e-2;

    Map<String, Double> losses = lastOf(run());

    assertThat(losses.get("val/translation_loss")).isLessThan(0.2 * Math.log(4));
    assertThat(losses.get("val/plain_loss")).isGreaterThan(Math.log(4));
  }

  @Test
  void a_synthetic_compartment_is_learned_up_to_its_entropy() throws IOException {
    // Of 100 tokens 91 are 0, the others 1 to 9: a text that says 0 nine times, then something new.
    int[] text = IntStream.range(0, 100).map(i -> i % 10 == 9 ? i / 10 % 10 : 0).toArray();
    double entropy = -0.91 * Math.log(0.91) - 0.09 * Math.log(0.01);
    config.source = "pretokenized";
    config.vocabSize = 10;
    config.compartments = 3;
    config.ratio = 0;
    config.learningRate = 6e-3;
    String file = ShardFiles.wide(folder.resolve("text.bin"), text).toString();
    config.compartmentTrainBins = List.of(file, "synthetic:uniform", "synthetic:frequency");
    config.compartmentValBins = config.compartmentTrainBins;

    List<Row> rows = run();

    Map<String, Double> losses = lastOf(rows);
    assertThat(rows.get(0).values().get("val/compartment_2_loss")).isGreaterThan(Math.log(29));
    assertThat(losses.get("val/compartment_0_loss")).isLessThan(1.1 * entropy);
    assertThat(losses.get("val/compartment_1_loss"))
        .isBetween(0.98 * Math.log(10), 1.1 * Math.log(10));
    assertThat(losses.get("val/compartment_2_loss")).isBetween(0.7 * entropy, 1.3 * entropy);
    double mean =
        IntStream.range(0, 3)
            .mapToDouble(c -> losses.getOrDefault("val/compartment_" + c + "_loss", 99.0))
            .average()
            .orElseThrow();
    assertThat(losses.get("val/loss")).isBetween(0.8 * mean, 1.2 * mean);
  }

  @Test
  void copied_compartments_learn() {
    config.copyEmbeddings = true;
    config.copyHead = true;
    config.copyIds = true;
    config.ratio = 1;
    config.vocabSize = 4;
    config.learningRate = 1e-2;

    List<Row> rows = run();

    double start = rows.get(0).values().getOrDefault("val/translation_loss", 0.0);
    assertThat(lastOf(rows).get("val/translation_loss")).isLessThan(0.7 * start);
  }

  private static Map<String, Double> lastOf(List<Row> rows) {
    return rows.get(rows.size() - 1).values();
  }

  private List<Row> run() {
    try (Training.Session session =
        Trainers.trainer(2, new ArrayList<>()).start(config.build(), null)) {
      return Trainers.finish(session).rows();
    }
  }
}
