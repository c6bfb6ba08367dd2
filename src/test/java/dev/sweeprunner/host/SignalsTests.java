package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.testkit.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sun.misc.Signal;

class SignalsTests {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "TERM", "INT", "HUP", "USR1", "USR2", "XCPU", "ALRM", "VTALRM", "PROF", "IO", "PWR",
        "STKFLT"
      })
  void a_signal_asks_to_stop_and_its_repetition_is_harmless(String name) throws Exception {
    int number = new Signal(name).getNumber();
    assumeTrue(!ChildJvm.ignored(number), "SIG" + name + " IS IGNORED where these tests run");
    try (var child = ChildJvm.start(SignalledProcess.class)) {
      assertThat(child.line()).isEqualTo("ready");

      child.signal(name);
      assertThat(child.line()).isEqualTo("stop SIG" + name);
      child.signal(name);
      child.signal("TERM");
      child.signal("INT");
      child.go();

      assertThat(child.line()).isEqualTo("left on SIG" + name);
      assertThat(child.exitCode()).isEqualTo(75);
    }
  }

  @Test
  void a_warning_stops_where_it_means_to_and_a_demand_always() {
    var signals = new Signals();
    var heard = new ArrayList<String>();
    signals.onWarning(
        name -> {
          heard.add(name);
          return heard.size() > 1;
        });

    signals.received("USR1");
    assertThat(signals.requested()).isFalse();
    signals.received("XCPU");

    assertThat(signals.reason()).contains("SIGXCPU");
    assertThat(heard).containsExactly("SIGUSR1", "SIGXCPU");

    for (String demand : List.of("TERM", "INT", "HUP")) {
      var demanded = new Signals();
      demanded.onWarning(name -> false);
      demanded.received(demand);
      assertThat(demanded.reason()).contains("SIG" + demand);
    }
  }

  @Test
  void a_pause_lasts_as_long_as_asked_while_nobody_stops() {
    long start = System.nanoTime();

    new Signals().pause(Duration.ofMillis(60));

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
  }

  @Test
  void a_part_can_be_stopped_alone() {
    var all = new Signals();
    var first = all.begin();

    all.interrupt("Ctrl-C");
    var second = all.begin();

    assertThat(first.reason()).contains("Ctrl-C");
    assertThat(second.requested()).isFalse();
    assertThat(all.requested()).isFalse();
  }

  @Test
  void a_stop_of_all_stops_the_part_that_runs_and_every_later_one() {
    var all = new Signals();
    var running = all.begin();

    all.request("SIGTERM");

    assertThat(running.reason()).contains("SIGTERM");
    assertThat(all.begin().reason()).contains("SIGTERM");
  }

  @Test
  void a_stop_request_ends_every_pause_and_lets_none_begin() throws InterruptedException {
    var signals = new Signals();
    var ended = new CountDownLatch(1);
    var waiting =
        new Thread(
            () -> {
              signals.pause(Duration.ofHours(1));
              ended.countDown();
            });
    waiting.start();
    assertThat(ended.await(50, TimeUnit.MILLISECONDS)).isFalse();

    signals.request("SIGINT");

    assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    signals.pause(Duration.ofDays(1));
  }

  @Test
  void an_interrupt_ends_a_pause_and_is_not_forgotten() {
    Thread.currentThread().interrupt();

    new Signals().pause(Duration.ofHours(1));

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void the_first_reason_stays_and_each_callback_runs_once() throws InterruptedException {
    var signals = new Signals();
    var runs = new AtomicInteger();
    var early = new CountDownLatch(1);
    signals.onStop(
        () -> {
          runs.incrementAndGet();
          early.countDown();
        });
    assertThat(signals.requested()).isFalse();

    signals.request("--max-runs");
    signals.request("SIGTERM");

    assertThat(early.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(signals.reason()).contains("--max-runs");
    var late = new CountDownLatch(1);
    signals.onStop(late::countDown);
    assertThat(late.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(runs).hasValue(1);
  }
}
