package dev.sweeprunner.run;

import java.time.Duration;
import java.util.Optional;

/**
 * When a failing run is tried again, and when it is given up.
 *
 * @param failures give up after this many failures since progress, on {@code hosts} hosts or more
 * @param hosts see {@code failures}
 * @param failuresOnOneHost give up after this many failures whatever their hosts
 * @param deaths give up after this many claims since progress whose owner died without a word
 * @param configErrors give up after this many failures of class CONFIG
 * @param backoff wait after the first failure; doubles with each further one
 * @param longestBackoff upper bound of the wait
 */
public record Attempts(
    int failures,
    int hosts,
    int failuresOnOneHost,
    int deaths,
    int configErrors,
    Duration backoff,
    Duration longestBackoff) {

  /** Why the run is to be poisoned, or empty while it may be tried again. */
  public Optional<String> exhausted(Fold fold) {
    Failure last = fold.lastFailure();
    String lastWords = last == null ? "" : "; the last: " + last.message();
    if (fold.configErrors() >= configErrors) {
      return Optional.of("its config failed" + lastWords);
    }
    if (fold.failures() >= failuresOnOneHost
        || (fold.failures() >= failures && fold.badHosts().size() >= hosts)) {
      return Optional.of(
          fold.failures()
              + " failures without progress on "
              + String.join(", ", fold.badHosts())
              + lastWords);
    }
    if (fold.deaths() >= deaths) {
      return Optional.of(fold.deaths() + " owners died without progress");
    }
    return Optional.empty();
  }

  /** How long to wait after the newest failure: {@code backoff * 2^(failures-1)}, bounded. */
  public Duration wait(Fold fold) {
    int doublings = Math.min(30, Math.max(0, fold.failures() - 1));
    Duration wait = backoff.multipliedBy(1L << doublings);
    return wait.compareTo(longestBackoff) < 0 ? wait : longestBackoff;
  }
}
