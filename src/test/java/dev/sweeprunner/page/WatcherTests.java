package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatcherTests {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Watcher watcher = new Watcher(() -> List.of(Watcher.event("sweeps", "\"all\"")));

  private static byte[] change(int number) {
    return Watcher.event("change", Integer.toString(number));
  }

  private String toldUntilItEnds() {
    watcher.write(
        parts -> {
          parts.forEach(written::writeBytes);
          if (written.size() > 5) {
            watcher.end();
          }
          return true;
        });
    return written.toString(UTF_8);
  }

  @Test
  void events_come_as_they_were_offered() {
    watcher.offer(change(1));
    watcher.offer(change(2));

    assertThat(toldUntilItEnds())
        .isEqualTo(":\n\nevent: change\ndata: 1\n\nevent: change\ndata: 2\n\n");
  }

  @Test
  void who_lags_behind_is_told_everything_anew() {
    for (int i = 0; i < 10_000; i++) {
      watcher.offer(change(i));
    }

    assertThat(toldUntilItEnds()).isEqualTo(":\n\nevent: sweeps\ndata: \"all\"\n\n");
  }

  @Test
  void who_begins_is_told_nothing_of_before() {
    watcher.offer(change(1));
    watcher.begin();
    watcher.offer(change(2)); // is in what is told

    assertThat(toldUntilItEnds()).isEqualTo(":\n\nevent: sweeps\ndata: \"all\"\n\n");
  }

  @Test
  void who_takes_nothing_keeps_nobody_waiting() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Thread writing =
        new Thread(
            () ->
                watcher.write(
                    parts -> {
                      stuck.countDown();
                      hang(over);
                      return false;
                    }));
    writing.start();
    assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();

    for (int i = 0; i < 100; i++) {
      watcher.offer(change(i));
    }
    watcher.end();
    over.countDown();
    writing.join();

    assertThat(writing.isAlive()).isFalse();
  }

  private static void hang(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void one_who_has_gone_ends_by_the_next_event() {
    watcher.offer(change(1));

    watcher.write(parts -> false);

    assertThat(toldUntilItEnds()).isEqualTo(":\n\n");
  }
}
