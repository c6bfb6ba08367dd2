package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostScheduleTests {
  private final SettableClock clock = new SettableClock();
  private final PostSchedule schedule =
      new PostSchedule(
          clock, new PostSchedule.Pace(Duration.ofSeconds(15), Duration.ofSeconds(30)));

  @Test
  void posts_keep_their_interval_though_answers_take_their_time() {
    List<Long> posts = new ArrayList<>();

    for (int step = 0; step < 4; step++) {
      clock.advance(Duration.ofNanos(Math.max(0, schedule.due() - clock.nanos())));
      schedule.begun();
      if (schedule.mayPost()) {
        posts.add(Duration.ofNanos(clock.nanos()).toSeconds());
        clock.advance(Duration.ofSeconds(4));
        schedule.posted();
      }
    }

    assertThat(posts).containsExactly(0L, 15L, 30L, 45L);
  }

  @Test
  void a_heartbeat_is_due_after_silence() {
    schedule.begun();
    schedule.posted();

    clock.advance(Duration.ofSeconds(29));
    schedule.begun();
    boolean early = schedule.mayBeat();
    clock.advance(Duration.ofSeconds(1));
    schedule.begun();

    assertThat(early).isFalse();
    assertThat(schedule.mayBeat()).isTrue();
  }

  @Test
  void waits_grow_with_failures_until_something_arrives() {
    List<Long> waits = new ArrayList<>();

    for (int i = 0; i < 7; i++) {
      schedule.begun();
      schedule.failed(null);
      waits.add(wait(schedule));
    }
    schedule.begun();
    schedule.posted();
    schedule.failed(null);

    assertThat(waits).containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L);
    assertThat(wait(schedule)).isEqualTo(2);
  }

  @Test
  void the_server_may_ask_for_more_time_and_somebody_in_a_hurry_for_less() {
    schedule.failed(Duration.ofSeconds(90));
    long asked = wait(schedule);
    schedule.hurry();

    assertThat(asked).isEqualTo(90);
    assertThat(wait(schedule)).isZero();
  }

  @Test
  void a_refusal_is_not_tried_again_soon() {
    schedule.refused();

    assertThat(wait(schedule)).isEqualTo(300);
  }

  private long wait(PostSchedule of) {
    return Duration.ofNanos(of.due() - clock.nanos()).toSeconds();
  }
}
