package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldTests {
  private static final Attempts ATTEMPTS =
      new Attempts(3, 2, 5, 5, 1, Duration.ofSeconds(60), Duration.ofMinutes(30));

  @Test
  void every_claim_is_an_attempt() {
    Fold fold = Fold.EMPTY.claimed(false).claimed(false).claimed(true);

    assertThat(fold.attempts()).isEqualTo(3);
  }

  @Test
  void an_owner_that_died_without_progress_is_a_death() {
    Fold fold = Fold.EMPTY.claimed(false).claimed(true).claimed(true);

    assertThat(fold.deaths()).isEqualTo(2);
  }

  @Test
  void an_owner_that_published_before_it_died_is_none() {
    Fold fold = Fold.EMPTY.claimed(false).published(checkpoint(10)).claimed(true);

    assertThat(fold.deaths()).isZero();
  }

  @Test
  void progress_clears_failures_and_deaths() {
    Fold troubled = Fold.EMPTY.claimed(false).claimed(true).failed(failure("a")).claimed(false);

    Fold fold = troubled.published(checkpoint(10));

    assertThat(fold.failures()).isZero();
    assertThat(fold.deaths()).isZero();
    assertThat(fold.badHosts()).isEmpty();
  }

  @Test
  void a_publish_that_does_not_go_further_clears_nothing() {
    Fold fold = Fold.EMPTY.published(checkpoint(10)).failed(failure("a")).published(checkpoint(10));

    assertThat(fold.failures()).isEqualTo(1);
  }

  @Test
  void reset_keeps_checkpoint_and_attempts() {
    Fold fold = Fold.EMPTY.claimed(false).published(checkpoint(10)).failed(failure("a")).reset();

    assertThat(fold.attempts()).isEqualTo(1);
    assertThat(fold.failures()).isZero();
    assertThat(fold.checkpoint()).isEqualTo(checkpoint(10));
    assertThat(fold.lastFailure()).isNull();
  }

  @Test
  void three_failures_on_two_hosts_are_enough() {
    Fold twoHosts = Fold.EMPTY.failed(failure("a")).failed(failure("a")).failed(failure("b"));
    Fold oneHost = Fold.EMPTY.failed(failure("a")).failed(failure("a")).failed(failure("a"));

    assertThat(ATTEMPTS.exhausted(twoHosts))
        .hasValueSatisfying(why -> assertThat(why).contains("3 failures").contains("a, b"));
    assertThat(ATTEMPTS.exhausted(oneHost)).isEmpty();
  }

  @Test
  void five_failures_on_one_host_are_enough() {
    Fold fold = Fold.EMPTY;
    for (int i = 0; i < 5; i++) {
      assertThat(ATTEMPTS.exhausted(fold)).isEmpty();
      fold = fold.failed(failure("a"));
    }

    assertThat(ATTEMPTS.exhausted(fold)).isPresent();
  }

  @Test
  void five_deaths_are_enough() {
    Fold fold = Fold.EMPTY.claimed(false);
    for (int i = 0; i < 5; i++) {
      assertThat(ATTEMPTS.exhausted(fold)).isEmpty();
      fold = fold.claimed(true);
    }

    assertThat(ATTEMPTS.exhausted(fold)).hasValue("5 owners died without progress");
  }

  @Test
  void a_config_error_is_never_tried_again() {
    Fold fold = Fold.EMPTY.failed(new Failure(FailureClass.CONFIG, "T is odd", "a"));

    assertThat(ATTEMPTS.exhausted(fold))
        .hasValueSatisfying(why -> assertThat(why).contains("T is odd"));
  }

  @Test
  void the_back_off_doubles_up_to_its_bound() {
    Fold fold = Fold.EMPTY;
    List<Long> waits = new java.util.ArrayList<>();
    for (int i = 0; i < 7; i++) {
      fold = fold.failed(failure("a"));
      waits.add(ATTEMPTS.wait(fold).toSeconds());
    }

    assertThat(waits).containsExactly(60L, 120L, 240L, 480L, 960L, 1800L, 1800L);
  }

  private static Failure failure(String host) {
    return new Failure(FailureClass.INFRA, "GPU lost", host);
  }

  private static PublishedCheckpoint checkpoint(long iter) {
    return new PublishedCheckpoint(iter, 1, "c" + iter, "m", true, 0, "p", "s", iter);
  }
}
