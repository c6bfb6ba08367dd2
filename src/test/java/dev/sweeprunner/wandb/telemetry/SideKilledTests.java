package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ToldProgram.kept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run beside another, of many claims, each killed at a random moment, over a moody server. */
class SideKilledTests {
  private static final int ROUNDS = 10;
  private static final int ROWS = 40;
  private static final String CONFIG = "{\"lr\":{\"value\":0.10}}";

  @TempDir Path root;

  private final TreeMap<Long, String> rows = new TreeMap<>();
  private final List<String> console = new ArrayList<>();

  @Test
  void w_b_holds_each_step_once_as_the_newest_claim_logged_it() {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try (Station station = new Station(root.resolve("s" + seed))) {
        rows.clear();
        console.clear();
        play(station, new Random(seed));
        long rest = later(station);
        long again = later(station);

        String where = "seed " + seed;
        FakeRun side = station.server.runs().get(Station.RUN + "-2");
        assertThat(side.history()).as(where).containsExactlyElementsOf(rows.values());
        assertThat(side.log()).as(where).containsExactlyElementsOf(console);
        assertThat(side.summary()).as(where).isEqualTo(Map.of("rows", ROWS));
        assertThat(side.state()).as(where).isEqualTo("finished");
        assertThat(station.remote().state()).as(where).isEqualTo("finished");
        assertThat(station.server.violations().all()).as(where).isEmpty();
        assertThat(rest == 0 || refused(station)).as(where).isTrue();
        assertThat(again).as(where).isZero();
      }
    }
  }

  private void play(Station station, Random random) {
    boolean live = random.nextBoolean();
    boolean names = random.nextBoolean();
    boolean ruled = random.nextBoolean();
    EnumSet<Fault> faults = EnumSet.allOf(Fault.class);
    faults.removeAll(EnumSet.of(Fault.LATENCY, Fault.WRONG_PAGE, Fault.NAN));
    station.server.faults().rate(Channel.FILE_STREAM, 0.2, faults);
    station.server.faults().rate(Channel.GRAPHQL, 0.1, faults);
    station.server.runs().lag(Duration.ofSeconds(random.nextInt(3) * 20L));
    int epoch = 1;
    ToldProgram side = begins(station, epoch, ruled ? (Long) (-1L) : null, names);
    Uplink uplink = uplink(station, epoch, live);
    for (long step = 0; step < ROWS; step++) {
      log(side, epoch, step, random);
      station.serve(uplink, Duration.ofSeconds(random.nextInt(20)));
      if (random.nextInt(8) == 0) {
        side.tears("history.jsonl", "{\"_step\":99,\"li");
        step = random.nextLong(step + 1);
        side = begins(station, ++epoch, ruled ? (Long) step : null, names);
        uplink = uplink(station, epoch, live);
        rows.tailMap(step, false).keySet().removeIf(later -> ruled || !names);
      }
    }
    side.says(CONFIG, "{\"rows\":" + ROWS + "}");
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofHours(2));
    assertThat(uplink.done()).isTrue();
  }

  private static ToldProgram begins(
      Station station, int epoch, @Nullable Long after, boolean names) {
    new ToldProgram(station.layout, Station.KEY, epoch).says(CONFIG, "{}");
    ToldProgram side = ToldProgram.beside(station.layout, Station.KEY, epoch, 2);
    side.begins(after);
    if (names) {
      side.namesSteps();
    }
    return side;
  }

  private void log(ToldProgram side, int epoch, long step, Random random) {
    String members = "\"by\":" + epoch;
    side.says(CONFIG, "{\"rows\":" + step + "}");
    side.logs(step, members);
    rows.put(step, kept(step, members));
    if (random.nextBoolean()) {
      side.prints("row " + step);
      console.add(ToldProgram.line("row " + step));
    }
  }

  private static boolean refused(Station station) {
    return station.notices.stream().anyMatch(words -> words.contains("beside it"));
  }

  /** How often whoever comes later, when all goes well, speaks of it: to say what was refused. */
  private static long later(Station station) {
    station.server.faults().rate(Channel.FILE_STREAM, 0, EnumSet.noneOf(Fault.class));
    station.server.faults().rate(Channel.GRAPHQL, 0, EnumSet.noneOf(Fault.class));
    station.server.requests().clear();
    Uplink later = uplink(station, 99, false);
    later.ended(Outcome.FINISHED, "");
    station.serve(later, Duration.ofMinutes(5));
    return station.server.requests().all().stream()
        .filter(request -> (request.path() + request.body()).contains(Station.RUN + "-2"))
        .count();
  }

  private static Uplink uplink(Station station, int epoch, boolean live) {
    return new Uplink(
        new KeptCard(station.descriptor("root", epoch), station.outbox, false, card -> card),
        epoch,
        new Manner(live, true, false),
        ToldProgram.ledger(0),
        () -> false,
        station.ports());
  }
}
