package dev.sweeprunner.wandb;

import static dev.sweeprunner.wandb.ListedLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run of many claims, each killed at a random moment, over a server that has its moods. */
class UplinkKilledTests {
  private static final int ROUNDS = 30;
  private static final long ROWS = 40;

  @TempDir Path root;

  @Test
  void the_history_of_a_run_that_was_killed_often_is_that_of_an_undisturbed_one() {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try (Station station = new Station(root.resolve("s" + seed))) {
        play(station, new Random(seed));

        String where = "seed " + seed;
        assertThat(station.remote().history())
            .as(where)
            .containsExactlyElementsOf(
                ListedLedger.of(ROWS).rows().stream().map(HistoryLine::of).toList());
        assertThat(station.remote().rewrittenHistory()).as(where).isZero();
        assertThat(station.remote().log()).as(where).doesNotContainNull();
        assertThat(station.remote().state()).as(where).isEqualTo("finished");
        assertThat(station.remote().summary()).as(where).containsEntry("iter", (int) ROWS - 1);
        assertThat(station.server.violations().all()).as(where).isEmpty();
      }
    }
  }

  private static void play(Station station, Random random) {
    boolean live = random.nextBoolean();
    EnumSet<Fault> faults = EnumSet.allOf(Fault.class);
    faults.removeAll(EnumSet.of(Fault.LATENCY, Fault.WRONG_PAGE, Fault.NAN));
    station.server.faults().rate(Channel.FILE_STREAM, 0.2, faults);
    station.server.faults().rate(Channel.GRAPHQL, 0.1, faults);
    station.server.runs().lag(Duration.ofSeconds(random.nextInt(3) * 20L));
    long covered = 0;
    int epoch = 1;
    Uplink uplink = station.uplink(epoch, ListedLedger.of(0), live);
    for (long next = 0; next < ROWS; ) {
      uplink.row(row(next));
      uplink.line("row " + next);
      next++;
      if (random.nextInt(4) == 0 || next == ROWS) {
        covered = next;
        uplink.covered(ListedLedger.of(covered));
      }
      station.serve(uplink, Duration.ofSeconds(random.nextInt(20)));
      if (random.nextInt(8) == 0) {
        uplink = station.uplink(++epoch, ListedLedger.of(covered), live);
        next = covered;
      }
    }
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofHours(2));
    assertThat(uplink.done()).isTrue();
  }
}
