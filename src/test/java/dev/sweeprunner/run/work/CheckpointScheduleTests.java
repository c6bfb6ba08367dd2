package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CheckpointScheduleTests {
  private final SettableClock clock = new SettableClock();

  @Test
  void permanent_ones_come_at_evaluations_milestones_and_the_end() {
    CheckpointSchedule schedule = schedule(0);

    long[] due = LongStream.rangeClosed(1, 450).filter(schedule::due).toArray();

    assertThat(due).containsExactly(80, 100, 160, 240, 320, 400, 450);
    assertThat(LongStream.of(due)).allMatch(schedule::permanent);
  }

  @Test
  void rolling_ones_come_by_time() {
    CheckpointSchedule schedule = schedule(0);
    assertThat(schedule.due(7)).isFalse();

    clock.advance(Duration.ofSeconds(120));

    assertThat(schedule.due(7)).isTrue();
    assertThat(schedule.permanent(7)).isFalse();
  }

  @Test
  void a_slow_publish_makes_the_next_rolling_one_wait_twenty_times_as_long() {
    CheckpointSchedule schedule = schedule(0);
    schedule.published(Duration.ofSeconds(10));

    clock.advance(Duration.ofSeconds(199));
    boolean before = schedule.due(7);
    clock.advance(Duration.ofSeconds(1));

    assertThat(before).isFalse();
    assertThat(schedule.due(7)).isTrue();
  }

  @Test
  void iterations_may_be_asked_for_too() {
    CheckpointSchedule schedule = schedule(3);

    assertThat(LongStream.rangeClosed(1, 10).filter(schedule::due)).containsExactly(3L, 6L, 9L);
  }

  private CheckpointSchedule schedule(long everyIterations) {
    return new CheckpointSchedule(
        new CheckpointRules(Duration.ofSeconds(120), everyIterations, Duration.ZERO),
        80,
        450,
        clock);
  }
}
