package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run of many claims, each killed at a random moment, over a server that has its moods. */
class UplinkKilledTests {
  private static final int ROUNDS = 20;
  private static final int ROWS = 40;
  private static final Pattern WALL = Pattern.compile("\"time_ms\":[^,]*,");

  @TempDir Path root;

  @Test
  void the_history_of_a_run_that_was_killed_often_is_that_of_an_undisturbed_one() {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try (Station station = new Station(root.resolve("s" + seed))) {
        List<Row> journal = play(station, new Random(seed));

        String where = "seed " + seed;
        assertThat(station.remote().history())
            .as(where)
            .doesNotContainNull()
            .map(line -> WALL.matcher(String.valueOf(line)).replaceAll(""))
            .containsExactlyElementsOf(
                journal.stream()
                    .map(row -> HistoryLine.of(new Row(row.step(), row.values(), Map.of())))
                    .toList());
        assertThat(station.remote().log()).as(where).doesNotContainNull();
        assertThat(station.remote().state()).as(where).isEqualTo("finished");
        assertThat(station.remote().summary()).as(where).containsEntry("iter", ROWS - 1);
        assertThat(station.server.violations().all()).as(where).isEmpty();
      }
    }
  }

  /** The rows that were kept; each says which claim made it. */
  private static List<Row> play(Station station, Random random) {
    boolean live = random.nextBoolean();
    EnumSet<Fault> faults = EnumSet.allOf(Fault.class);
    faults.removeAll(EnumSet.of(Fault.LATENCY, Fault.WRONG_PAGE, Fault.NAN));
    station.server.faults().rate(Channel.FILE_STREAM, 0.2, faults);
    station.server.faults().rate(Channel.GRAPHQL, 0.1, faults);
    station.server.runs().lag(Duration.ofSeconds(random.nextInt(3) * 20L));
    List<Row> journal = new ArrayList<>();
    int covered = 0;
    int epoch = 1;
    Uplink uplink = station.uplink(epoch, Ledger.EMPTY, live);
    while (journal.size() < ROWS) {
      Row row = new Row(journal.size(), Map.of("lr", 0.5), Map.of("time_ms", 1.0 * epoch));
      journal.add(row);
      uplink.row(row);
      uplink.line("row " + row.step());
      if (random.nextInt(4) == 0 || journal.size() == ROWS) {
        covered = journal.size();
        uplink.covered(new ListedLedger(List.copyOf(journal)));
      }
      station.serve(uplink, Duration.ofSeconds(random.nextInt(20)));
      if (random.nextInt(8) == 0) {
        journal.subList(covered, journal.size()).clear();
        uplink = station.uplink(++epoch, new ListedLedger(List.copyOf(journal)), live);
      }
    }
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofHours(2));
    assertThat(uplink.done()).isTrue();
    return journal;
  }
}
