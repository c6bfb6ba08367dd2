package dev.sweeprunner.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests are held to a rate. */
class PaceTests {
  private final SettableClock clock = new SettableClock();

  @Test
  void so_many_at_once_go_through_and_the_next_one_finds_no_room() {
    Pace pace = new Pace(clock, 10, 3, 0);

    List<Boolean> taken = List.of(pace.take(), pace.take(), pace.take(), pace.take());

    assertThat(taken).containsExactly(true, true, true, false);
  }

  @Test
  void time_that_passes_gives_new_turns() {
    Pace pace = new Pace(clock, 10, 3, 0);
    pace.take();
    pace.take();
    pace.take();

    clock.advance(Duration.ofMillis(100));
    boolean one = pace.take();
    boolean two = pace.take();

    assertThat(one).isTrue();
    assertThat(two).isFalse();
  }

  @Test
  void a_long_silence_saves_up_no_more_than_so_many() {
    Pace pace = new Pace(clock, 10, 2, 0);
    clock.advance(Duration.ofDays(1));

    List<Boolean> taken = List.of(pace.take(), pace.take(), pace.take());

    assertThat(taken).containsExactly(true, true, false);
  }

  @Test
  void who_comes_too_often_waits_its_turn() {
    Pace pace = new Pace(clock, 100, 1, 1);
    pace.take();

    long before = System.nanoTime();
    boolean taken = pace.take();

    assertThat(taken).isTrue();
    assertThat(System.nanoTime() - before).isGreaterThan(5_000_000L);
  }

  @Test
  void a_backlog_never_grows_beyond_a_second() {
    Pace pace = new Pace(clock, 10, 1, 0);
    for (int i = 0; i < 1000; i++) {
      pace.take();
    }

    clock.advance(Duration.ofMillis(1200));

    assertThat(pace.take()).isTrue();
  }
}
