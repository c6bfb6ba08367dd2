package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.Results;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The first thing that a user runs, and what it is meant to show. */
class QuickstartIT {
  private static final Path SWEEP = Path.of("sweeps", "quickstart.yaml").toAbsolutePath();

  @TempDir Path folder;

  @Test
  void the_quickstart_shows_that_translations_teach_translating() {
    var first = JarProcess.run(folder, worker());
    List<JsonNode> points = Status.of(folder, SWEEP.toString(), "root");
    Map<String, String> before = Results.hashes(folder.resolve("root/out/quickstart"));
    var second = JarProcess.run(folder, worker());

    assertThat(first.code()).as(first.err()).isZero();
    assertThat(points).hasSize(8);
    assertThat(points).allMatch(point -> point.path("state").asString().equals("finished"));
    bySize(points).forEach(QuickstartIT::moreTranslationsHelp);
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(Results.hashes(folder.resolve("root/out/quickstart"))).isEqualTo(before);
  }

  private static void moreTranslationsHelp(int size, TreeMap<Double, Double> lossByRatio) {
    double chance = Math.log(4);
    assertThat(lossByRatio).as("n_embd %d", size).containsOnlyKeys(0.0, 0.25, 0.5, 1.0);
    assertThat(lossByRatio.get(0.0)).as("n_embd %d, never seen", size).isGreaterThan(1.2 * chance);
    assertThat(lossByRatio.get(1.0)).as("n_embd %d, always seen", size).isLessThan(0.1);
    for (var loss : lossByRatio.entrySet()) {
      var next = lossByRatio.higherEntry(loss.getKey());
      if (next != null) {
        assertThat(loss.getValue())
            .as("n_embd %d: ratio %s against %s", size, loss.getKey(), next.getKey())
            .isGreaterThanOrEqualTo(next.getValue() - 0.05);
      }
    }
  }

  private static Map<Integer, TreeMap<Double, Double>> bySize(List<JsonNode> points) {
    Map<Integer, TreeMap<Double, Double>> losses = new TreeMap<>();
    for (JsonNode point : points) {
      JsonNode chosen = point.required("overrides");
      losses
          .computeIfAbsent(chosen.required("model.n_embd").asInt(), size -> new TreeMap<>())
          .put(
              chosen.required("experiment.translation_ratio").asDouble(),
              point.required("metrics").required("val/translation_loss").asDouble());
    }
    assertThat(losses).containsOnlyKeys(16, 32);
    return losses;
  }

  private static List<String> worker() {
    return List.of(
        "--sweep", SWEEP.toString(), "--storage", "root", "--worker", "first", "--allow-behind");
  }
}
