package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.config.ProgramConfig;
import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How fast a run goes, also where its steps come many at a time. */
class RateTests {
  private static final ProgramConfig CONFIG = new ProgramConfig(Map.of(), "{}", "44");

  private final SettableClock clock = new SettableClock();
  private final Rate rate = new Rate(clock, CONFIG, 100);

  private Duration goes(Duration time, long to) {
    clock.advance(time);
    return rate.completed(to);
  }

  @Test
  void nothing_is_known_before_the_first_step() {
    assertThat(rate.tokensPerSecond()).isZero();
    assertThat(rate.left(1000)).isNull();
  }

  @Test
  void a_stride_of_many_steps_counts_as_many() {
    Duration took = goes(Duration.ofSeconds(10), 150);

    assertThat(took).isEqualTo(Duration.ofSeconds(10));
    assertThat(rate.tokensPerSecond()).isEqualTo(5);
    assertThat(rate.left(200)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void strides_of_different_length_at_one_pace_leave_the_rate_alone() {
    goes(Duration.ofSeconds(10), 110);
    goes(Duration.ofSeconds(1), 111);
    goes(Duration.ofSeconds(89), 200);

    assertThat(rate.tokensPerSecond()).isCloseTo(1, within(1e-9));
  }

  @Test
  void the_same_step_told_again_is_taken_for_one() {
    goes(Duration.ofSeconds(10), 110);

    goes(Duration.ofSeconds(1), 110);

    assertThat(rate.tokensPerSecond()).isPositive().isFinite();
  }

  @Test
  void where_no_end_is_known_no_time_is_left_to_tell() {
    goes(Duration.ofSeconds(10), 110);

    assertThat(rate.left(0)).isNull();
  }

  @Test
  void beyond_the_end_that_was_told_no_time_is_left() {
    goes(Duration.ofSeconds(10), 110);

    assertThat(rate.left(105)).isEqualTo(Duration.ZERO);
  }
}
