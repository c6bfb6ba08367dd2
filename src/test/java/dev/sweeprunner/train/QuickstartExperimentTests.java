package dev.sweeprunner.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the quickstart shows, on its smaller model: translation is learned as its share grows. */
class QuickstartExperimentTests {
  @Test
  void translation_loss_falls_with_the_share_of_translations() {
    List<Double> losses = new ArrayList<>();

    for (double ratio : new double[] {0, 0.25, 0.5, 1}) {
      losses.add(translationLoss(ratio));
    }

    assertThat(losses.get(0)).as("losses %s", losses).isGreaterThan(1.2 * Math.log(4));
    for (int i = 0; i + 1 < losses.size(); i++) {
      assertThat(losses.get(i)).as("losses %s", losses).isGreaterThan(losses.get(i + 1) - 0.05);
    }
    assertThat(losses.get(3)).as("losses %s", losses).isLessThan(0.1);
  }

  private static double translationLoss(double ratio) {
    TinyConfig config = new TinyConfig();
    config.vocabSize = 4;
    config.nEmbd = 16;
    config.compartmentEmbeddings = true;
    config.ratio = ratio;
    config.batchSize = 128;
    config.maxIters = 400;
    config.learningRate = 6e-3;
    config.warmupIters = 50;
    config.weightDecay = 0;
    config.evalInterval = 80;
    config.logInterval = 80;
    try (Training.Session session =
        Trainers.trainer(2, new ArrayList<>()).start(config.build(), null)) {
      List<Row> rows = Trainers.finish(session).rows();
      return rows.get(rows.size() - 1).values().getOrDefault("val/translation_loss", Double.NaN);
    }
  }
}
