package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ListedLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.testkit.wandb.LoggedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uplinks when something goes wrong. */
class UplinkTroubleTests {
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
  void a_run_that_somebody_deletes_is_created_again_with_all_its_rows() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    LongStream.range(0, 4).forEach(step -> uplink.row(row(step)));
    uplink.covered(ListedLedger.of(2));
    station.serve(uplink, MINUTE);

    station.server.runs().delete(station.address());
    uplink.row(row(4));
    station.serve(uplink, MINUTE);

    assertThat(station.remote().history()).containsExactlyElementsOf(lines(5));
    assertThat(station.remote().config()).containsKey(Claimant.KEY);
    assertThat(station.notices).hasSize(1);
  }

  @Test
  void a_refusal_is_told_once_and_the_run_goes_on_later() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.serve(uplink, MINUTE);
    station
        .server
        .faults()
        .next(Channel.FILE_STREAM, Fault.CONFLICT, Fault.FORBIDDEN, Fault.CONFLICT);

    uplink.row(row(0));
    station.serve(uplink, Duration.ofMinutes(14));
    int kept = station.remote().history().size();
    station.serve(uplink, Duration.ofMinutes(2));

    assertThat(kept).isZero();
    assertThat(station.remote().history()).containsExactlyElementsOf(lines(1));
    assertThat(station.notices).singleElement().asString().contains("409").contains(Station.RUN);
  }

  @Test
  void endless_404s_do_not_become_a_storm() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.serve(uplink, MINUTE);
    for (int i = 0; i < 100; i++) {
      station.server.faults().next(Channel.FILE_STREAM, Fault.NOT_FOUND);
    }
    station.server.requests().clear();

    station.serve(uplink, Duration.ofMinutes(10));

    assertThat(station.server.requests().streamed()).hasSizeLessThan(20);
    assertThat(station.notices).hasSize(1);
  }

  @Test
  void retry_after_is_obeyed() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.serve(uplink, MINUTE);
    station.server.faults().next(Channel.FILE_STREAM, Fault.LIMITED_RETRY_AFTER, Fault.LIMITED);

    uplink.row(row(0));
    station.serve(uplink, MINUTE);

    assertThat(station.remote().history()).hasSize(1);
    assertThat(station.notices).isEmpty();
  }

  @Test
  void rows_whose_answer_was_lost_are_sent_again_to_the_same_lines() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.serve(uplink, MINUTE);
    station
        .server
        .faults()
        .next(Channel.FILE_STREAM, Fault.DROP_AFTER, Fault.TRUNCATED, Fault.ERROR_500);

    uplink.row(row(0));
    uplink.line("hello");
    station.serve(uplink, Duration.ofSeconds(16));
    uplink.row(row(1));
    station.serve(uplink, MINUTE);

    assertThat(station.remote().history()).containsExactlyElementsOf(lines(2));
    assertThat(station.remote().log()).hasSize(1);
  }

  @Test
  void whoever_was_superseded_sends_nothing_more() {
    Uplink told = station.uplink(1, Ledger.EMPTY, true);
    AtomicBoolean lost = new AtomicBoolean();
    Uplink frozen = station.uplink(1, Ledger.EMPTY, true, lost::get);
    station.serve(told, MINUTE);
    station.serve(frozen, MINUTE);
    station.server.requests().clear();

    told.row(row(0));
    told.ended(Outcome.SUPERSEDED, "");
    frozen.row(row(0));
    lost.set(true);
    station.serve(told, MINUTE);
    station.serve(frozen, MINUTE);

    assertThat(List.of(told.done(), frozen.done())).containsOnly(true);
    assertThat(station.server.requests().all()).isEmpty();
  }

  @Test
  void a_released_run_that_an_heir_has_claimed_is_not_completed_by_the_old_worker() {
    AtomicBoolean lost = new AtomicBoolean();
    Uplink old = station.uplink(1, Ledger.EMPTY, true, lost::get);
    station.serve(old, MINUTE);
    station.server.faults().outage(true);
    old.ended(Outcome.RELEASED, "");
    station.serve(old, MINUTE);
    station.server.faults().outage(false);
    lost.set(true);
    Uplink heir = station.uplink(2, Ledger.EMPTY, true);
    station.serve(heir, MINUTE);

    station.serve(old, Duration.ofMinutes(5));

    assertThat(old.done()).isTrue();
    assertThat(station.server.requests().streamed())
        .extracting(LoggedRequest::body)
        .noneMatch(body -> body.contains("complete"));
  }

  @Test
  void files_are_uploaded_and_their_failure_stops_nothing() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.serve(uplink, MINUTE);
    var names = station.remote().uploaded();
    station.server.runs().delete(station.address());
    station.server.faults().next(Channel.UPLOAD, Fault.FORBIDDEN, Fault.FORBIDDEN, Fault.NOT_FOUND);
    Uplink unlucky = station.uplink(2, Ledger.EMPTY, true);
    unlucky.row(row(0));
    unlucky.covered(ListedLedger.of(1));
    unlucky.ended(Outcome.FINISHED, "");
    station.serve(unlucky, MINUTE);

    assertThat(names).containsExactly("config.yaml", "wandb-metadata.json");
    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(station.notices).isEmpty();
  }

  @Test
  void rows_that_cannot_be_read_now_are_read_later() {
    AtomicBoolean readable = new AtomicBoolean();
    ListedLedger rows = ListedLedger.of(3);
    Ledger moody =
        new Ledger() {
          @Override
          public long lines() {
            return rows.lines();
          }

          @Override
          public List<Row> read(long from, long to) throws IOException {
            if (!readable.get()) {
              throw new IOException("stale handle");
            }
            return rows.read(from, to);
          }
        };
    Uplink uplink = station.uplink(1, moody, false);
    station.serve(uplink, MINUTE);
    int before = station.remote().history().size();

    readable.set(true);
    station.serve(uplink, Duration.ofMinutes(2));

    assertThat(before).isZero();
    assertThat(station.remote().history()).containsExactlyElementsOf(lines(3));
  }

  @Test
  void an_exception_that_nobody_expects_is_told_and_does_not_end_the_thread() {
    AtomicBoolean broken = new AtomicBoolean(true);
    UplinkPorts plain = station.ports();
    UplinkPorts ports =
        new UplinkPorts(
            plain.client(),
            plain.entity(),
            plain.clock(),
            plain.pace(),
            () -> {
              if (broken.get()) {
                throw new IllegalStateException("odd");
              }
              return Optional.empty();
            },
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
    uplink.row(row(0));

    station.serve(uplink, Duration.ofMinutes(12));
    broken.set(false);
    station.serve(uplink, Duration.ofMinutes(6));

    assertThat(station.notices).singleElement().asString().contains("odd");
    assertThat(station.remote().history()).hasSize(1);
  }

  @Test
  void an_outage_of_hours_costs_nothing_but_time() {
    Uplink uplink = station.uplink(1, Ledger.EMPTY, true);
    station.server.faults().outage(true);
    LongStream.range(0, 50).forEach(step -> uplink.row(row(step)));
    station.serve(uplink, Duration.ofHours(2));
    int tries = station.server.requests().all().size();
    station.server.faults().outage(false);

    uplink.ended(Outcome.FAILED, "");
    station.serve(uplink, MINUTE);

    assertThat(tries).isBetween(60, 160);
    assertThat(station.remote().history()).containsExactlyElementsOf(lines(50));
    assertThat(Instant.EPOCH).isBefore(station.remote().heartbeat());
    assertThat(station.remote().state()).isEqualTo("failed");
    assertThat(station.notices).isEmpty();
  }

  private static List<String> lines(long count) {
    return ListedLedger.of(count).rows().stream().map(HistoryLine::of).toList();
  }
}
