package dev.sweeprunner.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StorageProbeTests {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger writes = new AtomicInteger();

  @Test
  void a_write_is_timed() {
    StorageProbe probe =
        new StorageProbe(
            () -> {
              clock.advance(Duration.ofMillis(7));
              return Optional.empty();
            },
            clock,
            LONG);

    assertThat(probe.look()).isEqualTo(new StorageProbe.Found(null, Duration.ofMillis(7)));
  }

  @Test
  void each_look_writes_anew_and_a_scrape_takes_what_was_found_just_now() {
    StorageProbe probe =
        new StorageProbe(() -> Optional.of("write " + writes.incrementAndGet()), clock, LONG);

    assertThat(probe.look().complaint()).isEqualTo("write 1");
    assertThat(probe.look().complaint()).isEqualTo("write 2");
    clock.advance(Duration.ofSeconds(9));
    assertThat(probe.notOlderThan(Duration.ofSeconds(10)).complaint()).isEqualTo("write 2");
    clock.advance(Duration.ofSeconds(1));
    assertThat(probe.notOlderThan(Duration.ofSeconds(10)).complaint()).isEqualTo("write 3");
  }

  @Test
  void a_storage_that_hangs_keeps_nobody_waiting_and_is_asked_once() throws Exception {
    CountDownLatch mended = new CountDownLatch(1);
    StorageProbe probe =
        new StorageProbe(
            () -> {
              writes.incrementAndGet();
              await(mended);
              return Optional.empty();
            },
            clock,
            SHORT);

    StorageProbe.Found first = probe.look();
    clock.advance(Duration.ofSeconds(37));
    StorageProbe.Found second = probe.look();

    assertThat(first.complaint()).isEqualTo("a small write has not ended after 0 s");
    assertThat(second.complaint()).isEqualTo("a small write has not ended after 37 s");
    assertThat(second.took()).isEqualTo(Duration.ofSeconds(37));
    assertThat(writes).hasValue(1);

    mended.countDown();
    StorageProbe.Found found = probe.look();
    for (int i = 0; i < 100 && found.complaint() != null; i++) {
      found = probe.look();
    }
    assertThat(found.complaint()).isNull();
  }

  @Test
  void a_probe_that_fails_in_an_unforeseen_way_says_so() {
    StorageProbe probe =
        new StorageProbe(
            () -> {
              throw new IllegalStateException("odd");
            },
            clock,
            LONG);

    assertThat(probe.look().complaint()).contains("odd");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
