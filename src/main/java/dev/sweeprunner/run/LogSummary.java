package dev.sweeprunner.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that counts of a claim log, summed up in its newest record, so that only that one must
 * be read.
 *
 * <p>Pure: each record's summary follows from the one before by one of the methods below.
 *
 * @param attempts number of CLAIMs ever
 * @param failures FAILs since the last progress
 * @param deaths claims since the last progress whose owner died without a word, and had the time to
 *     come forward
 * @param configErrors FAILs of class CONFIG since the last reset
 * @param failedStarts FAILs of class START since the last progress or other failure
 * @param badHosts distinct hosts of those failures, oldest first
 * @param checkpoint the newest published checkpoint, or null
 * @param lastFailure the newest failure, or null
 * @param progressed whether the current claim has published
 */
public record LogSummary(
    int attempts,
    int failures,
    int deaths,
    int configErrors,
    int failedStarts,
    List<String> badHosts,
    @Nullable PublishedCheckpoint checkpoint,
    @Nullable Failure lastFailure,
    boolean progressed) {

  /** The summary of an empty log. */
  public static final LogSummary EMPTY =
      new LogSummary(0, 0, 0, 0, 0, List.of(), null, null, false);

  /**
   * After a CLAIM.
   *
   * @param overDeadOwner whether the owner before died without a word (no release, no fail), and
   *     not at once
   */
  public LogSummary claimed(boolean overDeadOwner) {
    int dead = overDeadOwner && !progressed ? deaths + 1 : deaths;
    return new LogSummary(
        attempts + 1,
        failures,
        dead,
        configErrors,
        failedStarts,
        badHosts,
        checkpoint,
        lastFailure,
        false);
  }

  /** After a PUBLISH; one at a higher iteration is progress and clears the counters. */
  public LogSummary published(PublishedCheckpoint newest) {
    boolean further = checkpoint == null || newest.iter() > checkpoint.iter();
    if (!further) {
      return new LogSummary(
          attempts,
          failures,
          deaths,
          configErrors,
          failedStarts,
          badHosts,
          newest,
          lastFailure,
          progressed);
    }
    return new LogSummary(attempts, 0, 0, configErrors, 0, List.of(), newest, lastFailure, true);
  }

  /** After a FAIL. */
  public LogSummary failed(Failure failure) {
    List<String> hosts = badHosts;
    if (!hosts.contains(failure.host())) {
      hosts = new java.util.ArrayList<>(hosts);
      hosts.add(failure.host());
    }
    int config = failure.kind() == FailureClass.CONFIG ? configErrors + 1 : configErrors;
    return new LogSummary(
        attempts,
        failures + 1,
        deaths,
        config,
        failure.kind() == FailureClass.START ? failedStarts + 1 : 0,
        List.copyOf(hosts),
        checkpoint,
        failure,
        progressed);
  }

  /** After a RESET by the user: the counters go, the checkpoint and the attempts stay. */
  public LogSummary reset() {
    return new LogSummary(attempts, 0, 0, 0, 0, List.of(), checkpoint, null, false);
  }
}
