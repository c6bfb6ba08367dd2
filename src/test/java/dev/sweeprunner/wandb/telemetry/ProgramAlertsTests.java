package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.Delegating;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.testkit.wandb.LoggedRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs want people to be told, on its way to W&amp;B. */
class ProgramAlertsTests {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Manner LIVE = new Manner(true, true, false);
  private static final Manner BUFFERED = new Manner(false, true, false);

  @TempDir Path root;
  private Station station;
  private ToldProgram program;

  @BeforeEach
  void start() {
    station = new Station(root);
    program = new ToldProgram(station.layout, Station.KEY, 1);
    program.says("{}", "{}");
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void an_alert_is_told_as_it_was_said_and_once_whoever_comes_later() {
    Uplink uplink = uplink(1, LIVE);
    program.alerts("loss is NaN", "at step 3\nof 9 \u00e9");
    station.serve(uplink, MINUTE);
    Uplink heir = uplink(2, LIVE);
    heir.ended(Outcome.FINISHED, "");
    station.serve(heir, MINUTE);

    assertThat(station.remote().alerts())
        .containsExactly(
            Map.of(
                "title",
                "loss is NaN",
                "text",
                "at step 3\nof 9 \u00e9",
                "severity",
                "WARN",
                "waitDuration",
                60_000));
    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(station.notices).isEmpty();
  }

  @Test
  void it_leaves_with_the_next_post_behind_the_rows_before_it_while_more_of_them_come() {
    Uplink uplink = uplink(1, LIVE);
    station.serve(uplink, Duration.ofSeconds(1));
    program.alerts("t", "after row 2");
    for (int step = 0; step < 3; step++) {
      uplink.row(ToldProgram.row(step, ToldProgram.members(step)));
    }
    station.server.requests().clear();
    station.serve(uplink, station.ports().pace().post());

    assertThat(texts()).containsExactly("after row 2");
    assertThat(station.server.requests().all())
        .extracting(LoggedRequest::operation)
        .containsExactly("", "NotifyScriptableRunAlert");
    assertThat(station.remote().history()).hasSize(3);
  }

  @Test
  void buffered_it_does_not_wait_for_a_publish() {
    Uplink uplink = uplink(1, BUFFERED);
    uplink.row(ToldProgram.row(0, ToldProgram.members(0)));
    program.alerts("t", "now");
    station.serve(uplink, MINUTE);

    assertThat(texts()).containsExactly("now");
    assertThat(station.remote().history()).isEmpty();
  }

  @Test
  void what_a_killed_life_said_last_its_heir_sends_and_the_same_said_again_is_said_again() {
    Uplink killed = uplink(1, LIVE);
    program.alerts("t", "one");
    station.serve(killed, MINUTE);
    program.alerts("t", "two");
    program.tears("alerts.jsonl", "{\"title\":\"torn");
    ToldProgram next = new ToldProgram(station.layout, Station.KEY, 2);
    next.says("{}", "{}");
    next.alerts("t", "two");
    station.serve(uplink(2, LIVE), MINUTE);

    assertThat(texts()).containsExactly("one", "two", "two");
  }

  @Test
  void killed_at_any_change_of_the_disk_it_is_told_and_twice_only_if_killed_before_the_note() {
    Set<Integer> told = new HashSet<>();
    for (int kill = 0; kill < 5; kill++) {
      station.close();
      station = new Station(root.resolve("k" + kill));
      program = new ToldProgram(station.layout, Station.KEY, 1);
      program.says("{}", "{}");
      program.alerts("t", "x");
      int changes = kill;
      Tracks mortal = new Tracks(new Mortal(changes), station.layout);
      boolean died = false;
      try {
        end(uplink(1, LIVE, station.ports(mortal)));
      } catch (Mortal.Killed killed) {
        died = true;
      }
      end(uplink(1, LIVE));
      end(uplink(1, LIVE));
      int times = texts().size();
      told.add(died ? times : -times);
    }

    assertThat(told).containsExactlyInAnyOrder(2, -1);
  }

  @Test
  void of_a_run_that_somebody_deleted_it_is_not_told_again() {
    Uplink uplink = uplink(1, LIVE);
    program.alerts("t", "old");
    uplink.row(ToldProgram.row(0, ToldProgram.members(0)));
    station.serve(uplink, MINUTE);
    station.server.runs().delete(station.address());
    program.alerts("t", "new");
    station.serve(uplink, HOUR);
    end(uplink(1, LIVE));

    assertThat(texts()).containsExactly("new");
    assertThat(station.remote().history()).hasSize(1);
  }

  @Test
  void while_w_b_is_away_it_waits_and_keeps_no_row_from_its_turn() {
    Uplink uplink = uplink(1, LIVE);
    station.serve(uplink, MINUTE);
    station.server.faults().outage(true);
    program.alerts("t", "late");
    station.serve(uplink, HOUR);
    station.server.faults().outage(false);
    station.server.faults().rate(Channel.GRAPHQL, 1, EnumSet.of(Fault.ERROR_500));
    uplink.row(ToldProgram.row(0, ToldProgram.members(0)));
    station.serve(uplink, MINUTE);
    int rows = station.remote().history().size();
    station.server.faults().rate(Channel.GRAPHQL, 0, EnumSet.noneOf(Fault.class));
    station.serve(uplink, Duration.ofMinutes(5));

    assertThat(rows).isEqualTo(1);
    assertThat(texts()).containsExactly("late");
  }

  @Test
  void what_w_b_never_takes_is_said_and_keeps_the_end_from_nobody() {
    Uplink uplink = uplink(1, LIVE);
    station.serve(uplink, MINUTE);
    station.server.faults().rate(Channel.GRAPHQL, 1, EnumSet.of(Fault.FORBIDDEN));
    program.alerts("my title", "x");
    station.serve(uplink, MINUTE);
    station.server.faults().rate(Channel.GRAPHQL, 0, EnumSet.noneOf(Fault.class));
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(station.notices).singleElement().asString().contains("alert my title");
    assertThat(texts()).isEmpty();
    assertThat(station.remote().state()).isEqualTo("finished");
  }

  @Test
  void over_a_server_with_moods_each_is_told_at_least_once_and_in_order() {
    station.server.faults().rate(Channel.GRAPHQL, 0.3, Fault.PASSING);
    Uplink uplink = uplink(1, LIVE);
    for (int i = 0; i < 20; i++) {
      program.alerts("t", "number " + i);
    }
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofHours(5));

    assertThat(texts().stream().distinct())
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, 20).mapToObj(i -> "number " + i).toList());
    assertThat(station.remote().state()).isEqualTo("finished");
  }

  private List<String> texts() {
    return station.remote().alerts().stream()
        .map(alert -> String.valueOf(alert.get("text")))
        .toList();
  }

  private void end(Uplink uplink) {
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, HOUR);
    assertThat(uplink.done()).isTrue();
  }

  private Uplink uplink(int epoch, Manner manner) {
    return uplink(epoch, manner, station.ports());
  }

  private Uplink uplink(int epoch, Manner manner, UplinkPorts ports) {
    return new Uplink(
        new KeptCard(station.descriptor("root", epoch), station.outbox, false, card -> card),
        epoch,
        manner,
        Ledger.EMPTY,
        () -> false,
        ports);
  }

  /** A disk under a process that is killed before its change number so and so. */
  private static final class Mortal extends Delegating {
    private int left;

    Mortal(int changes) {
      super((FileSystem) new LocalFiles());
      left = changes;
    }

    @Override
    protected void change() {
      if (left-- <= 0) {
        throw new Killed();
      }
    }

    private static final class Killed extends Error {
      private static final long serialVersionUID = 1L;
    }
  }
}
