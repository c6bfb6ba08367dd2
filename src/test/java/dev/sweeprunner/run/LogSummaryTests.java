package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.judge.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogSummaryTests {
  private static final RetryPolicy ATTEMPTS =
      new RetryPolicy(3, 2, 5, 5, 1, Duration.ofSeconds(60), Duration.ofMinutes(30));

  @Test
  void every_claim_is_an_attempt() {
    LogSummary summary = LogSummary.EMPTY.claimed(false).claimed(false).claimed(true);

    assertThat(summary.attempts()).isEqualTo(3);
  }

  @Test
  void an_owner_that_died_without_progress_is_a_death() {
    LogSummary summary = LogSummary.EMPTY.claimed(false).claimed(true).claimed(true);

    assertThat(summary.deaths()).isEqualTo(2);
  }

  @Test
  void an_owner_that_published_before_it_died_is_none() {
    LogSummary summary = LogSummary.EMPTY.claimed(false).published(checkpoint(10)).claimed(true);

    assertThat(summary.deaths()).isZero();
  }

  @Test
  void progress_clears_failures_and_deaths() {
    LogSummary troubled =
        LogSummary.EMPTY.claimed(false).claimed(true).failed(failure("a")).claimed(false);

    LogSummary summary = troubled.published(checkpoint(10));

    assertThat(summary.failures()).isZero();
    assertThat(summary.deaths()).isZero();
    assertThat(summary.badHosts()).isEmpty();
  }

  @Test
  void a_publish_that_does_not_go_further_clears_nothing() {
    LogSummary summary =
        LogSummary.EMPTY.published(checkpoint(10)).failed(failure("a")).published(checkpoint(10));

    assertThat(summary.failures()).isEqualTo(1);
  }

  @Test
  void reset_keeps_checkpoint_and_attempts() {
    LogSummary summary =
        LogSummary.EMPTY.claimed(false).published(checkpoint(10)).failed(failure("a")).reset();

    assertThat(summary.attempts()).isEqualTo(1);
    assertThat(summary.failures()).isZero();
    assertThat(summary.checkpoint()).isEqualTo(checkpoint(10));
    assertThat(summary.lastFailure()).isNull();
  }

  @Test
  void three_failures_on_two_hosts_are_enough() {
    LogSummary twoHosts =
        LogSummary.EMPTY.failed(failure("a")).failed(failure("a")).failed(failure("b"));
    LogSummary oneHost =
        LogSummary.EMPTY.failed(failure("a")).failed(failure("a")).failed(failure("a"));

    assertThat(ATTEMPTS.exhausted(twoHosts))
        .hasValueSatisfying(why -> assertThat(why).contains("3 failures").contains("a, b"));
    assertThat(ATTEMPTS.exhausted(oneHost)).isEmpty();
  }

  @Test
  void five_failures_on_one_host_are_enough() {
    LogSummary summary = LogSummary.EMPTY;
    for (int i = 0; i < 5; i++) {
      assertThat(ATTEMPTS.exhausted(summary)).isEmpty();
      summary = summary.failed(failure("a"));
    }

    assertThat(ATTEMPTS.exhausted(summary)).isPresent();
  }

  @Test
  void five_deaths_are_enough() {
    LogSummary summary = LogSummary.EMPTY.claimed(false);
    for (int i = 0; i < 5; i++) {
      assertThat(ATTEMPTS.exhausted(summary)).isEmpty();
      summary = summary.claimed(true);
    }

    assertThat(ATTEMPTS.exhausted(summary)).hasValue("5 owners died without progress");
  }

  @Test
  void a_config_error_is_never_tried_again() {
    LogSummary summary = LogSummary.EMPTY.failed(new Failure(FailureClass.CONFIG, "T is odd", "a"));

    assertThat(ATTEMPTS.exhausted(summary))
        .hasValueSatisfying(why -> assertThat(why).contains("T is odd"));
  }

  @Test
  void the_back_off_doubles_up_to_its_bound() {
    LogSummary summary = LogSummary.EMPTY;
    List<Long> waits = new java.util.ArrayList<>();
    for (int i = 0; i < 7; i++) {
      summary = summary.failed(failure("a"));
      waits.add(ATTEMPTS.wait(summary).toSeconds());
    }

    assertThat(waits).containsExactly(60L, 120L, 240L, 480L, 960L, 1800L, 1800L);
  }

  @Test
  void starts_that_failed_are_counted_without_the_failures_before_them() {
    Failure start = new Failure(FailureClass.START, "no such module", "a");
    LogSummary once = LogSummary.EMPTY.failed(failure("a")).failed(failure("a")).failed(start);

    assertThat(once.failedStarts()).isEqualTo(1);
    assertThat(once.claimed(false).failed(start).failedStarts()).isEqualTo(2);
    assertThat(once.failed(failure("a")).failedStarts()).isZero();
    assertThat(once.published(checkpoint(10)).failedStarts()).isZero();
    assertThat(once.reset().failedStarts()).isZero();
  }

  private static Failure failure(String host) {
    return new Failure(FailureClass.INFRA, "GPU lost", host);
  }

  private static PublishedCheckpoint checkpoint(long iter) {
    return new PublishedCheckpoint(iter, 1, "c" + iter, "m", true, 0, "p", "s", iter);
  }
}
