package dev.sweeprunner.run.work;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.judge.RetryPolicy;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a claim says last where its run is not finished. Each says false if another worker has taken
 * over; one that the disk refuses is not fatal: the beat stops, and others take over.
 */
final class LastWords {
  private static final int LONGEST = 500;

  private final ClaimedRun run;
  private final RetryPolicy retryPolicy;
  private final LogCloser closer;
  private final Narrator narrator;
  private final NodeHealth node;
  private final String host;

  /**
   * The last words of one claim.
   *
   * @param host this host's name, for failures
   */
  LastWords(ClaimedRun run, RetryPolicy retryPolicy, RunPorts ports, String host) {
    this.run = run;
    this.retryPolicy = retryPolicy;
    this.closer = ports.closer();
    this.narrator = ports.narrator();
    this.node = ports.node();
    this.host = host;
  }

  /** Gives the run back. */
  boolean release(ReleaseReason kind, String reason) {
    return said(() -> run.claim().release(kind, shortened(reason)));
  }

  /**
   * Notes a failure, and gives the run up for good once it has failed too often.
   *
   * @param damage whether its published results were found damaged
   */
  boolean fail(FailureClass kind, String message, boolean damage) {
    if (!said(() -> run.claim().fail(new Failure(kind, shortened(message), host)))) {
      return false;
    }
    if (!node.proven() && retryPolicy.doubtful(run.claim().summary())) {
      return true;
    }
    retryPolicy
        .exhausted(run.claim().summary())
        .or(() -> damage ? retryPolicy.damaged(made(), message) : Optional.empty())
        .ifPresent(
            why -> {
              said(() -> run.claim().poison(why));
              closer.poisoned(run.point().key());
            });
    return true;
  }

  /** How often the state that was newest when the damage was found has been made. */
  private long made() {
    PublishedCheckpoint newest = run.claim().summary().checkpoint();
    return run.claim().published().stream()
        .filter(published -> newest != null && published.iter() == newest.iter())
        .count();
  }

  private boolean said(BooleanSupplier lastWord) {
    try {
      return lastWord.getAsBoolean();
    } catch (UncheckedIOException refused) {
      narrator.say(refused.getMessage() + "; it is free again once its claim expires");
      return true;
    }
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST);
  }
}
