package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program's run of many claims, each killed at a random moment, over a server with moods. */
class ProgramUplinkKilledTests {
  private static final int ROUNDS = 20;
  private static final int ROWS = 40;
  private static final String CONFIG = "{\"lr\":{\"value\":0.10}}";

  @TempDir Path root;

  /** What the programs of all claims have said. */
  private final List<String> console = new ArrayList<>();

  private final List<String> events = new ArrayList<>();

  @Test
  void of_a_run_that_was_killed_often_w_b_holds_what_was_said_once_and_in_order()
      throws IOException {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try (Station station = new Station(root.resolve("s" + seed))) {
        console.clear();
        events.clear();
        play(station, new Random(seed));

        String where = "seed " + seed;
        assertThat(station.remote().history())
            .as(where)
            .containsExactlyElementsOf(ToldProgram.direct(ROWS));
        assertThat(station.remote().log()).as(where).containsExactlyElementsOf(console);
        assertThat(station.remote().events()).as(where).containsExactlyElementsOf(events);
        assertThat(station.remote().summary()).as(where).isEqualTo(Map.of("rows", ROWS));
        assertThat(station.remote().state()).as(where).isEqualTo("finished");
        assertThat(station.server.violations().all()).as(where).isEmpty();
      }
    }
  }

  private void play(Station station, Random random) {
    boolean live = random.nextBoolean();
    EnumSet<Fault> faults = EnumSet.allOf(Fault.class);
    faults.removeAll(EnumSet.of(Fault.LATENCY, Fault.WRONG_PAGE, Fault.NAN));
    station.server.faults().rate(Channel.FILE_STREAM, 0.2, faults);
    station.server.faults().rate(Channel.GRAPHQL, 0.1, faults);
    station.server.runs().lag(Duration.ofSeconds(random.nextInt(3) * 20L));
    List<Row> journal = new ArrayList<>();
    int covered = 0;
    int epoch = 1;
    ToldProgram program = new ToldProgram(station.layout, Station.KEY, epoch);
    Uplink uplink = uplink(station, epoch, journal, live);
    while (journal.size() < ROWS) {
      say(program, journal.size(), random);
      Row row = ToldProgram.row(journal.size(), ToldProgram.members(journal.size()));
      journal.add(row);
      uplink.row(row);
      if (random.nextInt(4) == 0 || journal.size() == ROWS) {
        covered = journal.size();
        uplink.covered(new ListedLedger(List.copyOf(journal)));
      }
      station.serve(uplink, Duration.ofSeconds(random.nextInt(20)));
      if (random.nextInt(8) == 0) {
        program.tears("output.log", "{\"number\":9,\"li");
        program.tears("events.jsonl", "{\"torn");
        journal.subList(covered, journal.size()).clear();
        program = new ToldProgram(station.layout, Station.KEY, ++epoch);
        uplink = uplink(station, epoch, journal, live);
      }
    }
    program.says(CONFIG, "{\"rows\":" + ROWS + "}");
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofHours(2));
    assertThat(uplink.done()).isTrue();
  }

  private void say(ToldProgram program, int row, Random random) {
    program.says(CONFIG, "{\"rows\":" + row + "}");
    if (random.nextBoolean()) {
      program.prints("row " + row);
      console.add(ToldProgram.line("row " + row));
    }
    if (random.nextInt(3) == 0) {
      String line = "{\"_wandb\":true,\"system.cpu\":" + row + "." + events.size() + "}";
      program.measures(line);
      events.add(line);
    }
  }

  private static Uplink uplink(Station station, int epoch, List<Row> journal, boolean live) {
    return new Uplink(
        new KeptCard(station.descriptor("root", epoch), station.outbox, false, card -> card),
        epoch,
        new Manner(live, true, false),
        new ListedLedger(List.copyOf(journal)),
        () -> false,
        station.ports());
  }
}
