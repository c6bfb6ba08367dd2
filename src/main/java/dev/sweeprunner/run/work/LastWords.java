package dev.sweeprunner.run.work;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.judge.RetryPolicy;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a claim says last where its run is not finished. One that the disk refuses is not fatal: the
 * beat stops, and others take over.
 */
final class LastWords {
  private static final int LONGEST = 500;

  private final ClaimedRun run;
  private final RetryPolicy retryPolicy;
  private final LogCloser closer;
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
    this.node = ports.node();
    this.host = host;
  }

  /** Gives the run back. */
  Said release(ReleaseReason kind, String reason) {
    return said(() -> run.claim().release(kind, shortened(reason)));
  }

  /**
   * Notes a failure, and gives the run up for good once it has failed too often.
   *
   * @param damage whether its published results were found damaged
   */
  Said fail(FailureClass kind, String message, boolean damage) {
    Said said = said(() -> run.claim().fail(new Failure(kind, shortened(message), host)));
    boolean doubtful = !node.proven() && retryPolicy.doubtful(run.claim().summary());
    if (!said.heard() || doubtful) {
      return said;
    }
    retryPolicy
        .exhausted(run.claim().summary())
        .or(() -> damage ? retryPolicy.damaged(made(), message) : Optional.empty())
        .ifPresent(
            why -> {
              said(() -> run.claim().poison(why)); // where it is refused, the next claim says it
              closer.poisoned(run.point().key());
            });
    return said;
  }

  /** How often the state that was newest when the damage was found has been made. */
  private long made() {
    PublishedCheckpoint newest = run.claim().summary().checkpoint();
    return run.claim().published().stream()
        .filter(published -> newest != null && published.iter() == newest.iter())
        .count();
  }

  private static Said said(BooleanSupplier lastWord) {
    try {
      return lastWord.getAsBoolean() ? Said.HEARD : Said.SUPERSEDED;
    } catch (UncheckedIOException refused) {
      return new Said(false, Why.at(Objects.requireNonNull(refused.getCause())));
    }
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST);
  }

  /**
   * What became of a last word.
   *
   * @param heard whether it stands in the log
   * @param refused place and reason where the disk refused it, else empty
   */
  record Said(boolean heard, String refused) {
    private static final Said HEARD = new Said(true, "");
    private static final Said SUPERSEDED = new Said(false, "");

    /** Whether another worker has taken over. */
    boolean superseded() {
      return !heard && refused.isEmpty();
    }
  }
}
