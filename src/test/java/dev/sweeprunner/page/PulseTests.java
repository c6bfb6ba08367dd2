package dev.sweeprunner.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PulseTests {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final BlockingQueue<Duration> rests = new ArrayBlockingQueue<>(100);
  private final Semaphore mayGoOn = new Semaphore(0);
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private volatile Duration takes = Duration.ZERO;
  private PageWorld world;
  private Pulse pulse;

  @BeforeEach
  void begin() {
    world = new PageWorld(folder, Views.grid(folder));
    Timeline timeline = new Timeline();
    pulse = new Pulse(this::look, new DocumentJson("1"), timeline, clock, this::rest);
  }

  @AfterEach
  void end() {
    pulse.close();
    mayGoOn.release(1000);
  }

  private Look look() {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    looks.incrementAndGet();
    clock.advance(takes);
    Look seen = Look.at(world.subject(), clock.now());
    atOnce.decrementAndGet();
    return seen;
  }

  private void rest(Duration time) {
    rests.add(time);
    mayGoOn.acquireUninterruptibly();
  }

  private Duration rested() throws InterruptedException {
    return rests.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void whoever_asks_while_it_rests_is_given_the_look_before() throws Exception {
    Look first = pulse.look().get();
    rested();

    assertThat(pulse.look().get()).isSameAs(first);
    assertThat(looks.get()).isEqualTo(1);

    mayGoOn.release();
    Thread.sleep(50); // nobody watches: it has ended, and the next who asks begins anew

    assertThat(pulse.look().get()).isNotSameAs(first);
  }

  @Test
  void many_who_ask_at_once_share_one_look() throws Exception {
    List<CompletableFuture<Look>> asked = Stream.generate(pulse::look).limit(50).toList();

    for (CompletableFuture<Look> each : asked) {
      assertThat(each.get()).isSameAs(asked.get(0).get());
    }
    assertThat(looks.get()).isEqualTo(1);
    assertThat(mostAtOnce.get()).isEqualTo(1);
  }

  @Test
  void it_rests_as_long_as_a_look_takes_and_two_seconds_at_least() throws Exception {
    pulse.join(new Watcher(pulse::everything));
    Duration afterQuick = rested();
    takes = Duration.ofSeconds(10);
    mayGoOn.release();
    Duration afterSlow = rested();

    assertThat(afterQuick).isEqualTo(Duration.ofSeconds(2));
    assertThat(afterSlow).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void it_looks_only_while_somebody_watches() throws Exception {
    Watcher watcher = new Watcher(pulse::everything);
    pulse.join(watcher);
    rested();
    mayGoOn.release();
    rested();
    pulse.leave(watcher);
    mayGoOn.release(10);

    assertThat(rests.poll(100, TimeUnit.MILLISECONDS)).isNull();
    assertThat(looks.get()).isEqualTo(2);
    assertThat(pulse.everything()).isEmpty();
  }

  @Test
  void it_does_not_take_in_more_than_some() {
    for (int i = 0; i < Pulse.MOST_WATCHERS; i++) {
      assertThat(pulse.join(new Watcher(List::of))).isTrue();
    }

    assertThat(pulse.join(new Watcher(List::of))).isFalse();
  }

  @Test
  void once_closed_it_answers_nobody() throws Exception {
    pulse.look().get();
    rested();
    pulse.close();
    mayGoOn.release();
    Thread.sleep(50);

    assertThat(pulse.join(new Watcher(List::of))).isFalse();
    assertThatThrownBy(() -> pulse.look().get()).hasMessageContaining("closed");
  }
}
