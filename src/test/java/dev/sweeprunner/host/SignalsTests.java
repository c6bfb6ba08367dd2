package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.ChildJvm;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTests {
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP", "USR1"})
  void a_signal_asks_to_stop_and_its_repetition_is_harmless(String name) throws Exception {
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
