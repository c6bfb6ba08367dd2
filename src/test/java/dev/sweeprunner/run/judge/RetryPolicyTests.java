package dev.sweeprunner.run.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.LogSummary;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTests {
  private static final int ON_ONE_HOST = 5;
  private static final RetryPolicy POLICY =
      new RetryPolicy(3, 2, ON_ONE_HOST, 4, 2, Duration.ofSeconds(60), Duration.ofMinutes(30));

  private static LogSummary failed(FailureClass kind, int times, int hosts) {
    LogSummary summary = LogSummary.EMPTY.claimed(false);
    for (int i = 0; i < times; i++) {
      summary = summary.failed(new Failure(kind, "words " + i, "host" + i % hosts));
    }
    return summary;
  }

  @Test
  void a_log_without_a_failure_is_neither_doubtful_nor_exhausted() {
    assertThat(POLICY.doubtful(LogSummary.EMPTY)).isFalse();
    assertThat(POLICY.exhausted(LogSummary.EMPTY)).isEmpty();
  }

  @Test
  void a_failure_at_the_start_is_doubtful_until_twice_the_limit_of_one_host() {
    for (int times = 1; times < 2 * ON_ONE_HOST; times++) {
      assertThat(POLICY.doubtful(failed(FailureClass.START, times, 3))).as("%d", times).isTrue();
    }

    assertThat(POLICY.doubtful(failed(FailureClass.START, 2 * ON_ONE_HOST, 3))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(value = FailureClass.class, names = "START", mode = EnumSource.Mode.EXCLUDE)
  void any_other_failure_is_the_runs(FailureClass kind) {
    assertThat(POLICY.doubtful(failed(kind, 1, 1))).isFalse();
  }

  @Test
  void the_newest_failure_decides() {
    LogSummary later =
        failed(FailureClass.START, 2, 1).failed(new Failure(FailureClass.OOM, "big", "h"));

    assertThat(POLICY.doubtful(later)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "START, 4, 1, false",
    "START, 5, 1, true",
    "START, 3, 2, true",
    "UNKNOWN, 2, 2, false",
    "UNKNOWN, 3, 2, true",
    "CONFIG, 1, 1, false",
    "CONFIG, 2, 1, true"
  })
  void too_many_failures_exhaust_it(FailureClass kind, int times, int hosts, boolean exhausted) {
    assertThat(POLICY.exhausted(failed(kind, times, hosts)).isPresent()).isEqualTo(exhausted);
  }

  @Test
  void so_do_owners_that_died_without_progress() {
    LogSummary summary = LogSummary.EMPTY.claimed(false);
    for (int deaths = 1; deaths <= 3; deaths++) {
      summary = summary.claimed(true);
      assertThat(POLICY.exhausted(summary)).as("%d", deaths).isEmpty();
    }

    assertThat(POLICY.exhausted(summary.claimed(true))).contains("4 owners died without progress");
  }

  @Test
  void the_wait_doubles_up_to_its_bound() {
    assertThat(POLICY.wait(failed(FailureClass.START, 1, 1))).isEqualTo(Duration.ofSeconds(60));
    assertThat(POLICY.wait(failed(FailureClass.START, 3, 1))).isEqualTo(Duration.ofSeconds(240));
    assertThat(POLICY.wait(failed(FailureClass.START, 99, 1))).isEqualTo(Duration.ofMinutes(30));
  }
}
