package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemClockTests {
  private long monotonic = 1_000;
  private long wall = seconds(1_700_000_000);
  private long boot = seconds(7_000);
  private final SystemClock clock = new SystemClock(() -> monotonic, () -> wall, () -> boot);

  @Test
  void elapsed_time_is_that_of_the_monotonic_clock() {
    long before = clock.nanos();

    pass(seconds(5), seconds(5));

    assertThat(clock.nanos() - before).isEqualTo(seconds(5));
  }

  @Test
  void a_suspended_host_has_aged_by_the_time_it_slept() {
    long before = clock.nanos();

    pass(seconds(1), seconds(3_601), seconds(3_601));

    assertThat(clock.nanos() - before).isEqualTo(seconds(3_601));
    pass(seconds(1), seconds(1));
    assertThat(clock.nanos() - before).isEqualTo(seconds(3_602));
  }

  @Test
  void a_wall_clock_that_is_set_back_neither_stops_nor_turns_time() {
    long before = clock.nanos();

    pass(seconds(1), seconds(-7_200));

    assertThat(clock.nanos() - before).isEqualTo(seconds(1));
    pass(seconds(1), seconds(1));
    assertThat(clock.nanos() - before).isEqualTo(seconds(2));
  }

  @Test
  void a_wall_clock_that_is_set_by_ten_years_is_no_elapsed_time() {
    long before = clock.nanos();

    for (int years : new int[] {10, -10, -10, 10}) {
      pass(seconds(1), years * seconds(365L * 86_400));
      clock.nanos();
    }

    assertThat(clock.nanos() - before).isEqualTo(seconds(4));
  }

  @Test
  void a_host_that_slept_while_its_wall_clock_was_set_has_aged_by_its_sleep_alone() {
    long before = clock.nanos();

    pass(seconds(1), -seconds(365L * 86_400), seconds(601));
    pass(seconds(1), seconds(365L * 86_400), seconds(1));

    assertThat(clock.nanos() - before).isEqualTo(seconds(602));
  }

  @Test
  void where_time_since_boot_cannot_be_read_nothing_is_added() {
    long before = clock.nanos();

    boot = Long.MIN_VALUE / 2;
    pass(seconds(1), seconds(3_601), 0);

    assertThat(clock.nanos() - before).isEqualTo(seconds(1));
  }

  @Test
  void a_wall_clock_that_is_slewed_counts_for_nothing() {
    long before = clock.nanos();

    pass(seconds(100), seconds(100) + TimeUnit.MILLISECONDS.toNanos(50));

    assertThat(clock.nanos() - before).isEqualTo(seconds(100));
  }

  @Test
  void the_clock_of_this_host_moves_on() {
    var real = new SystemClock();
    long before = real.nanos();
    long now = before;
    while (now == before) {
      now = real.nanos();
    }

    assertThat(now).isGreaterThan(before);
  }

  private void pass(long onMonotonic, long onWall) {
    pass(onMonotonic, onWall, onMonotonic);
  }

  private void pass(long onMonotonic, long onWall, long onBoot) {
    monotonic += onMonotonic;
    wall += onWall;
    boot += onBoot;
  }

  private static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
