package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CadenceTests {
  private final SettableClock clock = new SettableClock();

  @Test
  void permanent_ones_come_at_evaluations_milestones_and_the_end() {
    Cadence cadence = cadence(0);

    long[] due = LongStream.rangeClosed(1, 450).filter(cadence::due).toArray();

    assertThat(due).containsExactly(80, 100, 160, 240, 320, 400, 450);
    assertThat(LongStream.of(due)).allMatch(cadence::permanent);
  }

  @Test
  void rolling_ones_come_by_time() {
    Cadence cadence = cadence(0);
    assertThat(cadence.due(7)).isFalse();

    clock.advance(Duration.ofSeconds(120));

    assertThat(cadence.due(7)).isTrue();
    assertThat(cadence.permanent(7)).isFalse();
  }

  @Test
  void a_slow_publish_makes_the_next_rolling_one_wait_twenty_times_as_long() {
    Cadence cadence = cadence(0);
    cadence.published(Duration.ofSeconds(10));

    clock.advance(Duration.ofSeconds(199));
    boolean before = cadence.due(7);
    clock.advance(Duration.ofSeconds(1));

    assertThat(before).isFalse();
    assertThat(cadence.due(7)).isTrue();
  }

  @Test
  void iterations_may_be_asked_for_too() {
    Cadence cadence = cadence(3);

    assertThat(LongStream.rangeClosed(1, 10).filter(cadence::due)).containsExactly(3L, 6L, 9L);
  }

  private Cadence cadence(long everyIterations) {
    return new Cadence(new Cadence.Rules(Duration.ofSeconds(120), everyIterations), 80, 450, clock);
  }
}
