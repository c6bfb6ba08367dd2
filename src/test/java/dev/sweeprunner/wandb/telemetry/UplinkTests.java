package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ListedLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UplinkTests {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path root;
  private Station station;

  @BeforeEach
  void start() {
    station = new Station(root);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void a_run_that_another_cluster_trains_too_is_told_once() {
    station.serve(
        Station.uplink(
            station.descriptor("far", 4), Ledger.EMPTY, true, () -> false, station.ports()),
        MINUTE);
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);

    station.serve(uplink, MINUTE);
    station.serve(uplink, MINUTE);

    assertThat(station.notices)
        .singleElement()
        .asString()
        .contains("is trained on cluster cluster-far too");
  }

  @Test
  void live_rows_leave_before_a_publish() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    uplink.row(row(0));
    uplink.row(row(1));
    uplink.line("hello");

    station.serve(uplink, MINUTE);

    assertThat(station.remote().history()).containsExactlyElementsOf(lines(2));
    assertThat(station.remote().summary()).containsEntry("iter", 1);
    assertThat(station.remote().log()).singleElement().asString().endsWith(" hello");
    assertThat(station.remote().state()).isEqualTo("running");
  }

  @Test
  void buffered_rows_lines_and_summary_leave_with_their_publish_but_heartbeats_at_once() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, false);
    uplink.row(row(0));
    uplink.line("hello");
    station.serve(uplink, MINUTE);
    List<String> before = station.remote().history();
    int logBefore = station.remote().log().size();
    boolean summaryBefore = station.remote().summary().isEmpty();
    int posts = station.remote().posts();

    uplink.covered(ListedLedger.of(1));
    station.serve(uplink, MINUTE);

    assertThat(before).isEmpty();
    assertThat(logBefore).isZero();
    assertThat(summaryBefore).isTrue();
    assertThat(posts).isGreaterThanOrEqualTo(2);
    assertThat(station.remote().history()).containsExactlyElementsOf(lines(1));
    assertThat(station.remote().log()).hasSize(1);
  }

  @Test
  void a_silent_run_sends_a_heartbeat_every_half_minute_and_nothing_else() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.serve(uplink, MINUTE);
    int before = station.remote().posts();
    station.server.requests().clear();

    station.serve(uplink, Duration.ofMinutes(10));

    assertThat(station.remote().posts() - before).isEqualTo(20);
    assertThat(station.server.requests().all())
        .hasSize(20)
        .allSatisfy(request -> assertThat(request.body().strip()).isEqualTo("{}"));
  }

  @Test
  void rows_are_posted_every_quarter_minute_at_most() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    for (int second = 0; second < 120; second++) {
      uplink.row(row(second));
      station.serve(uplink, Duration.ofSeconds(1));
    }

    assertThat(station.server.requests().streamed()).hasSizeBetween(8, 9);
    assertThat(station.remote().history().size()).isBetween(104, 120);
  }

  @Test
  void a_resumed_run_goes_on_where_the_safe_rows_end_whatever_left_before() {
    Uplink killed = station.uplink(1, Ledger.EMPTY, true);
    LongStream.range(0, 8).forEach(step -> killed.row(row(step)));
    killed.line("one");
    station.serve(killed, MINUTE);

    Uplink heir = station.uplink(2, ListedLedger.of(6), true);
    LongStream.range(6, 10).forEach(step -> heir.row(row(step)));
    heir.line("two");
    heir.covered(ListedLedger.of(10));
    heir.ended(Outcome.FINISHED, "");
    station.serve(heir, MINUTE);

    assertThat(station.remote().history()).containsExactlyElementsOf(lines(10));
    assertThat(station.remote().rewrittenHistory()).isZero();
    assertThat(station.remote().log()).hasSize(2);
    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(heir.done()).isTrue();
  }

  @Test
  void rows_made_anew_replace_those_that_left_before_though_published_before_the_opening() {
    Uplink killed = station.uplink(1, Ledger.EMPTY, true);
    killed.row(new Row(0, Map.of("lr", 0.5), Map.of("time_ms", 1.0)));
    station.serve(killed, MINUTE);
    Row anew = new Row(0, Map.of("lr", 0.5), Map.of("time_ms", 2.0));

    Uplink heir = station.uplink(2, Ledger.EMPTY, true);
    heir.row(anew);
    heir.covered(new ListedLedger(List.of(anew)));
    station.serve(heir, MINUTE);

    assertThat(station.remote().history()).containsExactly(HistoryLine.of(anew));
  }

  @Test
  void a_claim_that_makes_no_row_leaves_the_summary_whole() {
    Uplink first = station.uplink(1, Ledger.EMPTY, true);
    first.row(row(0));
    station.serve(first, MINUTE);
    Map<String, ?> before = station.remote().summary();

    Uplink second = station.uplink(2, ListedLedger.of(1), true);
    second.ended(Outcome.RELEASED, "");
    station.serve(second, MINUTE);

    assertThat(before).containsKeys("_step", "_runtime", "_wandb");
    assertThat(station.remote().summary()).isEqualTo(before);
  }

  @Test
  void each_end_has_its_state() {
    Map<Outcome, String> states =
        Map.of(
            Outcome.FINISHED, "finished",
            Outcome.FAILED, "failed",
            Outcome.RELEASED, "preempted");
    states.forEach(
        (outcome, state) -> {
          Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
          uplink.row(row(0));
          uplink.covered(ListedLedger.of(1));
          uplink.ended(outcome, "");
          station.serve(uplink, MINUTE);

          assertThat(uplink.done()).as(state).isTrue();
          assertThat(station.remote().state()).isEqualTo(state);
          assertThat(station.delivered).hasSize(outcome == Outcome.FINISHED ? 1 : 0);
          station.delivered.clear();
          station.server.runs().delete(station.address());
        });
  }

  @Test
  void the_stop_button_asks_for_a_stop_and_the_held_run_shows_as_killed() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    uplink.row(row(0));
    station.serve(uplink, MINUTE);
    boolean before = uplink.stopRequested();
    station.server.pressStop(Station.RUN);
    station.serve(uplink, MINUTE);
    boolean after = uplink.stopRequested();
    uplink.ended(Outcome.HELD, "");
    station.serve(uplink, MINUTE);

    assertThat(before).isFalse();
    assertThat(after).isTrue();
    assertThat(station.remote().state()).isEqualTo("killed");
  }

  @Test
  void a_stop_from_before_the_claim_is_over_but_a_later_one_counts() {
    Uplink first = station.uplink(1, Ledger.EMPTY, true);
    station.serve(first, MINUTE);
    station.server.pressStop(Station.RUN);

    Uplink second = station.uplink(2, Ledger.EMPTY, true);
    station.serve(second, MINUTE);
    boolean old = second.stopRequested();
    station.server.faults().next(Channel.FILE_STREAM, Fault.NOT_FOUND);
    station.serve(second, MINUTE);
    boolean afterReopening = second.stopRequested();

    assertThat(old).isFalse();
    assertThat(afterReopening).isFalse();
  }

  @Test
  void a_stop_pressed_around_a_reopening_is_heard() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.serve(uplink, MINUTE);

    station.server.pressStop(Station.RUN);
    station.server.faults().next(Channel.FILE_STREAM, Fault.NOT_FOUND);
    station.serve(uplink, MINUTE);

    assertThat(uplink.stopRequested()).isTrue();
  }

  @Test
  void what_is_not_finite_arrives_as_such() {
    Row odd = new Row(0, Map.of("train/loss", Double.NaN), Map.of("mfu", Double.POSITIVE_INFINITY));
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);

    uplink.row(odd);
    station.serve(uplink, MINUTE);
    Uplink heir = station.uplink(2, ListedLedger.of(0), true);
    heir.ended(Outcome.RELEASED, "");
    station.serve(heir, MINUTE);

    assertThat(station.remote().history()).singleElement().asString().contains("NaN", "Infinity");
    assertThat(station.remote().summary()).containsEntry("train/loss", Double.NaN);
  }

  @Test
  void system_metrics_go_with_posts_and_beats_and_have_lines_of_their_own() {
    UplinkPorts plain = station.ports();
    SystemSample sample = new SystemSample(station.clock);
    UplinkPorts ports =
        new UplinkPorts(
            plain.client(),
            plain.entity(),
            plain.clock(),
            plain.pace(),
            sample::next,
            plain.machine(),
            plain.delivered(),
            plain.notices(),
            plain.contact(),
            plain.outbox(),
            plain.tracks(),
            Runnable::run,
            plain.wake());
    Uplink uplink =
        Station.uplink(station.descriptor("root", 1), Ledger.EMPTY, true, () -> false, ports);

    station.serve(uplink, Duration.ofMinutes(3));

    assertThat(station.remote().events().size()).isBetween(5, 7);
    assertThat(station.remote().events())
        .allSatisfy(line -> assertThat(line).contains("\"_wandb\":true", "system.memory_percent"));
  }

  private static List<String> lines(long count) {
    return ListedLedger.of(count).rows().stream().map(HistoryLine::of).toList();
  }
}
