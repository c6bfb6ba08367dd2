package dev.sweeprunner.testkit.wandb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Recorded requests of official clients, one JSON object a line, sent again. The file is not part
 * of this project: {@code -Dwandb.transcript=FILE} names it.
 */
class TranscriptTests {
  @Test
  void requests_of_official_clients_lead_to_the_history_they_carry(TestReporter reporter)
      throws Exception {
    String file = System.getProperty("wandb.transcript");
    assumeTrue(
        file != null,
        "NOT RUN: no recorded requests of official clients; -Dwandb.transcript=FILE names them");
    Map<String, List<Map<String, @Nullable Object>>> scenarios = scenarios(Path.of(file));

    Map<String, String> counts = new TreeMap<>();
    for (Map.Entry<String, List<Map<String, @Nullable Object>>> scenario : scenarios.entrySet()) {
      try (Replay replay = new Replay()) {
        for (Map<String, @Nullable Object> recorded : scenario.getValue()) {
          replay.send(recorded);
        }
        replay.check(scenario.getKey());
        counts.put(scenario.getKey(), replay.counts());
      }
    }

    reporter.publishEntry(counts);
    assertThat(counts).isNotEmpty();
  }

  private static Map<String, List<Map<String, @Nullable Object>>> scenarios(Path file)
      throws IOException {
    Map<String, List<Map<String, @Nullable Object>>> scenarios = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      Map<String, @Nullable Object> recorded = Json.object(line);
      scenarios
          .computeIfAbsent(String.valueOf(recorded.get("scenario")), s -> new ArrayList<>())
          .add(recorded);
    }
    return scenarios;
  }
}
