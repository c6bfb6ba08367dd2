package dev.sweeprunner.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest record of a run's claim log.
 *
 * @param slot its number, from 1
 * @param type what it records
 * @param epoch slot of the newest CLAIM
 * @param owner who wrote it; for a RESET, who reset
 * @param written wall time of its writer, for display only
 * @param configSha256 SHA-256 of the canonical config that this id stands for
 * @param summary the log so far
 * @param releaseReason of a RELEASE, else null
 * @param detail one sentence (reason of a release, poison or reset; how the owner before was
 *     judged), may be empty
 * @param finish of a FINISH, else null
 */
public record LogEnd(
    int slot,
    RecordType type,
    int epoch,
    Owner owner,
    Instant written,
    String configSha256,
    LogSummary summary,
    @Nullable ReleaseReason releaseReason,
    String detail,
    @Nullable Finish finish) {
  /**
   * Whether the slot holds a record at all: an empty or damaged one is told as a claim of nobody.
   */
  public boolean unreadable() {
    return owner.incarnation().isEmpty();
  }

  /** Who wrote it, for people: {@code w1 on node7}. */
  public String writer() {
    return unreadable()
        ? "its newest record, number " + slot + ", is empty or damaged"
        : owner.worker() + " on " + owner.host();
  }
}
