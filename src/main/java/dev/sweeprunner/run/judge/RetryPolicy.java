package dev.sweeprunner.run.judge;

import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.LogSummary;
import java.time.Duration;
import java.util.Optional;

/**
 * When a failing run is tried again, and when it is given up.
 *
 * @param limit give up after this many failures since progress, on {@code hosts} hosts or more
 * @param hosts see {@code limit}
 * @param limitOnOneHost give up after this many failures whatever their hosts
 * @param deaths give up after this many claims since progress whose owner died without a word
 * @param configErrors give up after this many failures of class CONFIG
 * @param backoffBase wait after the first failure; doubles with each further one
 * @param backoffMax upper bound of the wait
 */
public record RetryPolicy(
    int limit,
    int hosts,
    int limitOnOneHost,
    int deaths,
    int configErrors,
    Duration backoffBase,
    Duration backoffMax) {

  /**
   * Whether the newest failure may be the environment's rather than the run's: a program that died
   * at its start, and not so often that it matters no more.
   */
  public boolean doubtful(LogSummary summary) {
    Failure last = summary.lastFailure();
    return last != null
        && last.kind() == FailureClass.START
        && summary.failures() < 2 * limitOnOneHost;
  }

  /** Why the run is to be poisoned, or empty while it may be tried again. */
  public Optional<String> exhausted(LogSummary summary) {
    Failure last = summary.lastFailure();
    String lastWords = last == null ? "" : "; the last: " + last.message();
    if (summary.configErrors() >= configErrors) {
      return Optional.of("its config failed" + lastWords);
    }
    if (summary.failures() >= limitOnOneHost
        || (summary.failures() >= limit && summary.badHosts().size() >= hosts)) {
      return Optional.of(
          summary.failures()
              + " failures without progress on "
              + String.join(", ", summary.badHosts())
              + lastWords);
    }
    if (summary.deaths() >= deaths) {
      return Optional.of(summary.deaths() + " owners died without progress");
    }
    return Optional.empty();
  }

  /**
   * Why a run is to be poisoned whose results were damaged on disk each time they had been made, or
   * empty while they may be made again. Making them again is progress, so the counts of a summary
   * never end that.
   *
   * @param times how often they have been made
   * @param last the newest damage
   */
  public Optional<String> damaged(long times, String last) {
    return times < limit
        ? Optional.empty()
        : Optional.of("its results were damaged on disk " + times + " times; the last: " + last);
  }

  /** How long to wait after the newest failure: {@code backoffBase * 2^(failures-1)}, bounded. */
  public Duration wait(LogSummary summary) {
    int doublings = Math.min(30, Math.max(0, summary.failures() - 1));
    Duration wait = backoffBase.multipliedBy(1L << doublings);
    return wait.compareTo(backoffMax) < 0 ? wait : backoffMax;
  }
}
