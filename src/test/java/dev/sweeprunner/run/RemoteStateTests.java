package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteStateTests {
  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final Goal GOAL = new Goal(400, 10, "c0");

  @ParameterizedTest
  @CsvSource({
    "finished, 400, true",
    "finished, 390, true",
    "finished, 389, false",
    "finished, -1, false",
    "crashed, 400, false",
    "running, 400, false",
  })
  void whole_is_finished_with_all_updates(String word, long iter, boolean whole) {
    assertThat(new RemoteState(word, iter, null).whole(GOAL)).isEqualTo(whole);
  }

  @Test
  void of_a_program_whose_end_nobody_knows_finished_says_it() {
    Goal goal = new Goal(0, 0, "c0");

    assertThat(new RemoteState("finished", -1, null).whole(goal)).isTrue();
    assertThat(new RemoteState("crashed", 7, null).whole(goal)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "running, 300, true",
    "running, 301, false",
    "preempting, 300, true",
    "preempting, 301, false",
    "running, , false",
    "pending, 1, false",
    "preempted, 1, false",
    "crashed, 1, false",
    "failed, 1, false",
    "killed, 1, false",
    "finished, 1, false",
    "odd, 1, false",
  })
  void live_is_at_work_with_a_fresh_heartbeat(String word, @Nullable Long silent, boolean live) {
    Duration silence = silent == null ? null : Duration.ofSeconds(silent);

    assertThat(new RemoteState(word, 1, silence).live(FRESH)).isEqualTo(live);
  }

  @Test
  void at_work_is_what_has_not_ended_as_far_as_the_server_knows() {
    assertThat(new RemoteState("preempting", 1, null).working()).isTrue();
    assertThat(new RemoteState("running", 1, Duration.ofDays(1)).working()).isTrue();
    assertThat(new RemoteState("", -1, null).working()).isFalse();
  }
}
