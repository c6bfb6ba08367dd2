package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Obstacle;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on runs, shared by all workers of one lock directory.
 *
 * <p>At most one claim of a run is ever the newest; whoever held an older one loses every later
 * append and so can no longer change the run's result. One instance belongs to one process; its
 * methods may be called from any thread.
 */
public interface Claims {
  /**
   * One listing of the project's lock directory: names only.
   *
   * @throws dev.sweeprunner.problem.UserError if the directory cannot be read or has an unknown
   *     format
   */
  Listing list(String project);

  /** Reads one run's state afresh and feeds the watch over its owner's beat. Never throws. */
  ClaimState look(RunKey key);

  /**
   * Whether the run is still held as {@link #look} found it: its owner has beaten since this
   * process last looked or asked this. One question to the file system, that for the time of the
   * beat's file. Nothing is claimed on the answer, and false says only that a look is needed. Never
   * throws.
   */
  default boolean stillHeld(RunKey key) {
    return false;
  }

  /** Whether the newest {@link #look} or {@link #stillHeld} found an owner that beats in time. */
  default boolean beatsInTime(RunKey key) {
    return false;
  }

  /**
   * What right this user lacks to work on a run that nobody has, or null; changes nothing.
   *
   * @param state what {@link #look} said
   */
  default @Nullable Obstacle obstacle(RunKey key, ClaimState state) {
    return null;
  }

  /**
   * Whether this process can write beside the lock folders of this project: after a claim that was
   * refused, what tells the trouble of one run from that of the storage.
   */
  default boolean usable(String project) {
    return false;
  }

  /**
   * Takes the run if {@code basis} is still the end of its log, or empty if somebody was faster.
   *
   * <p>The caller has judged that it may: this method only makes it atomic. On success the claim
   * beats by itself until closed.
   *
   * <p>A disk that refuses throws {@link java.io.UncheckedIOException}; nothing is lost by trying
   * another run or again later.
   *
   * @param configSha256 hash of the canonical config, kept in every record
   * @param basis what {@link #look} said when the caller judged
   */
  Optional<Claim> claim(RunKey key, String configSha256, ClaimState basis);

  /**
   * After FINISH or POISON: writes the hint that the log has ended and, after FINISH, removes the
   * lower slots and the beats. Idempotent; a failure is swallowed, since somebody will meet the log
   * again.
   */
  void conclude(RunKey key);

  /**
   * Appends RESET: clears poison, hold and counters. Empty if the run has no log.
   *
   * @throws dev.sweeprunner.problem.UserError if the run is claimed by an owner that is not dead,
   *     or finished
   */
  Optional<LogEnd> reset(RunKey key);

  /**
   * What the earlier Python runner left of this run.
   *
   * @param goal what the run is to become, or null where its config is not known
   */
  EarlierTraces earlier(RunKey key, @Nullable Goal goal);

  /** All records of a run's log, oldest first; for {@code explain}. Empty without a log. */
  List<LogEnd> history(RunKey key);

  /**
   * Runs that this process has watched dead and cannot prove: written down for one-shot readers.
   */
  List<Finding> findings();

  /**
   * The names in a project's lock directory.
   *
   * @param ended run ids whose log has ended, by a hint that somebody wrote; a hint without a log
   *     counts for nothing
   * @param locked run ids that have a lock folder, ended ones included
   */
  record Listing(Set<String> ended, Set<String> locked) {}

  /**
   * A claim that this process watched to expire.
   *
   * @param project slug of the project
   * @param runId the run
   * @param slot the slot that was newest while watching
   * @param beat the beat that did not change
   */
  record Finding(String project, String runId, int slot, String beat) {}
}
