package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ListedLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one thread behind the uplinks, in real time. */
class UplinksTests {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path root;
  private final Clock clock = new SystemClock();
  private final AtomicReference<Thread> thread = new AtomicReference<>(Thread.currentThread());
  private Station station;
  private Uplinks uplinks;

  @BeforeEach
  void start() {
    station = new Station(root);
    uplinks = new Uplinks(clock);
  }

  @AfterEach
  void stop() {
    uplinks.close(Duration.ZERO);
    station.close();
  }

  @Test
  void an_end_is_delivered_at_once_though_the_next_step_would_be_due_much_later() {
    Uplink uplink = uplink(new CountDownLatch(1));
    uplinks.add(uplink);
    uplink.row(row(0));
    uplink.covered(ListedLedger.of(1));
    uplink.ended(Outcome.FINISHED, "");

    List<String> left = uplinks.close(LONG);

    assertThat(left).isEmpty();
    assertThat(station.remote().history()).hasSize(1);
    assertThat(station.remote().state()).isEqualTo("finished");
  }

  @Test
  void the_thread_beats_while_the_worker_is_busy_and_is_a_daemon() throws InterruptedException {
    CountDownLatch beats = new CountDownLatch(5);
    uplinks.add(uplink(beats));

    assertThat(beats.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(thread).hasValueMatching(Thread::isDaemon);
  }

  @Test
  void closing_does_not_wait_longer_than_it_was_told_and_names_what_is_left() {
    station.server.faults().outage(true);
    Uplink uplink = uplink(new CountDownLatch(1));
    uplinks.add(uplink);
    uplink.ended(Outcome.RELEASED, "");
    long began = clock.nanos();

    List<String> left = uplinks.close(Duration.ofMillis(300));

    assertThat(left).containsExactly(Station.RUN);
    assertThat(Duration.ofNanos(clock.nanos() - began)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void nothing_to_deliver_is_no_reason_to_wait() {
    assertThat(uplinks.close(LONG)).isEmpty();
  }

  private Uplink uplink(CountDownLatch posts) {
    UplinkPorts plain = station.ports();
    UplinkPorts ports =
        new UplinkPorts(
            plain.client(),
            plain.entity(),
            clock,
            new PostSchedule.Pace(Duration.ofMillis(40), Duration.ofMillis(40)),
            () -> {
              thread.set(Thread.currentThread());
              posts.countDown();
              return Optional.empty();
            },
            plain.machine(),
            plain.delivered(),
            plain.notices(),
            plain.contact(),
            plain.outbox(),
            plain.tracks(),
            plain.carrier(),
            uplinks::wake);
    return Station.uplink(station.descriptor("root", 1), Ledger.EMPTY, true, () -> false, ports);
  }
}
