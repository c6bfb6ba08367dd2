package dev.sweeprunner.wandb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a worker that starts says of W&amp;B. */
class AccessCheckTests {
  private static final Silence ALONE = new Silence("home", false, true);

  private final WandbFailure silent =
      new WandbFailure(Kind.UNREACHABLE, "W&B at x answers 503", null, null);
  private final List<String> said = new ArrayList<>();
  private final List<WandbFailure> unanswered = new ArrayList<>();

  @Test
  void an_answer_needs_no_word() {
    join(CompletableFuture.completedFuture(Optional.empty()), ALONE);

    assertThat(said).isEmpty();
    assertThat(unanswered).isEmpty();
  }

  @Test
  void silence_is_one_warning_that_says_what_follows() {
    join(CompletableFuture.completedFuture(Optional.of(silent)), ALONE);

    assertThat(said)
        .containsExactly(
            "Warning: W&B at x answers 503. Nothing is lost: rows are kept, and sent when it"
                + " answers. Claims do not wait for it; runs that finished under other ids are not"
                + " known yet.");
    assertThat(unanswered).containsExactly(silent);
  }

  @Test
  void a_refusal_is_an_error() {
    WandbFailure refused = new WandbFailure(Kind.UNAUTHORISED, "the key is wrong", null, null);

    assertThatThrownBy(() -> join(CompletableFuture.completedFuture(Optional.of(refused)), ALONE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the key is wrong");
    assertThat(unanswered).isEmpty();
  }

  @Test
  void a_late_answer_is_waited_for_with_a_word() {
    CompletableFuture<Optional<WandbFailure>> late = new CompletableFuture<>();
    AccessCheck check = new AccessCheck(late, ALONE, Duration.ZERO, unanswered::add);

    check.join(
        note -> {
          said.add(note);
          late.complete(Optional.empty());
        },
        said::add);

    assertThat(said)
        .containsExactly(
            "W&B has not answered yet; it is tried for about 8 s. Then the first run begins without"
                + " it.");
  }

  @Test
  void where_claims_hang_on_the_answer_it_is_tried_longer_and_that_is_said() {
    assertThat(new Silence("closed", false, false).waiting())
        .isEqualTo(
            "W&B has not answered yet; it is tried for about 20 s. What may be claimed hangs on its"
                + " answer. After that: nothing is claimed until it answers (--wandb-down closed);"
                + " it is asked every 30 s.");
    assertThat(new Silence("home", true, false).meanwhile())
        .isEqualTo(
            "only runs at home here, or begun here, are claimed until it answers (--wandb-down"
                + " home)");
    assertThat(new Silence("open", true, false).meanwhile()).contains("may be done twice");
    assertThat(new Silence("open", false, false).meanwhile())
        .isEqualTo("claims do not wait for it");
  }

  private void join(CompletableFuture<Optional<WandbFailure>> asked, Silence silence) {
    new AccessCheck(asked, silence, Duration.ofDays(1), unanswered::add)
        .join(note -> said.add("Note: " + note), warning -> said.add("Warning: " + warning));
  }
}
