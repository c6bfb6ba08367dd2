package dev.sweeprunner.wandb.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A try that failed, with what {@link Retries} needs to decide whether there is another. */
final class Setback extends Exception {
  private static final long serialVersionUID = 1L;

  private final WandbFailure failure;
  private final boolean passing;
  private final boolean unanswered;
  private final transient @Nullable Duration pause;

  /**
   * A failed try.
   *
   * @param failure what the caller gets if it was the last
   * @param passing whether another try may do better
   * @param unanswered whether the server may have done what it was asked although it did not say so
   * @param pause that the server asked for by {@code Retry-After}, or null
   */
  Setback(WandbFailure failure, boolean passing, boolean unanswered, @Nullable Duration pause) {
    super(failure);
    this.failure = failure;
    this.passing = passing;
    this.unanswered = unanswered;
    this.pause = pause;
  }

  WandbFailure failure() {
    return failure;
  }

  boolean passing() {
    return passing;
  }

  boolean unanswered() {
    return unanswered;
  }

  @Nullable Duration pause() {
    return pause;
  }
}
