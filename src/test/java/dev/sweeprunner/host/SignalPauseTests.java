package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.StopSignal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignalPauseTests {
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private final StopSignal stop = () -> Optional.ofNullable(reason.get());
  private final SignalPause pause = new SignalPause(stop);

  @Test
  void it_lasts_as_long_as_asked_while_nobody_stops() {
    long start = System.nanoTime();

    pause.pause(Duration.ofMillis(60));

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
  }

  @Test
  void a_stop_request_ends_it_at_once() throws InterruptedException {
    var ended = new CountDownLatch(1);
    var waiting =
        new Thread(
            () -> {
              pause.pause(Duration.ofHours(1));
              ended.countDown();
            });
    waiting.start();
    assertThat(ended.await(50, TimeUnit.MILLISECONDS)).isFalse();

    reason.set("SIGTERM");
    pause.wake();

    assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void after_a_stop_request_nothing_waits() {
    reason.set("SIGTERM");
    long start = System.nanoTime();

    pause.pause(Duration.ofHours(1));

    assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
  }

  @Test
  void an_interrupt_ends_it_and_is_not_forgotten() {
    Thread.currentThread().interrupt();

    pause.pause(Duration.ofHours(1));

    assertThat(Thread.interrupted()).isTrue();
  }
}
