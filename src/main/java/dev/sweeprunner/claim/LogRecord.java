package dev.sweeprunner.claim;

import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record of a claim log, as it stands in its slot.
 *
 * @param slot its number, from 1
 * @param type what it records
 * @param token unique to this record: by it a writer knows its own work again
 * @param owner who wrote it
 * @param written wall time, for display only
 * @param previousSha256 of the bytes of the slot before, empty in slot 1
 * @param configSha256 of the canonical config
 * @param epoch slot of the newest CLAIM
 * @param effect what this type carries
 * @param summary the log so far
 */
record LogRecord(
    int slot,
    RecordType type,
    String token,
    Owner owner,
    Instant written,
    String previousSha256,
    String configSha256,
    int epoch,
    Effect effect,
    LogSummary summary) {

  /**
   * The part of a record that only some types have.
   *
   * @param reason of a RELEASE
   * @param detail one sentence, may be empty
   * @param finish of a FINISH
   */
  record Effect(@Nullable ReleaseReason reason, String detail, @Nullable Finish finish) {
    static final Effect NONE = new Effect(null, "", null);

    static Effect of(String detail) {
      return new Effect(null, detail, null);
    }
  }

  /** Whether the log ends in an owner's hands. */
  boolean held() {
    return type == RecordType.CLAIM || type == RecordType.PUBLISH;
  }

  /** Whether it is a claim over an owner that was judged dead. */
  boolean takesOver() {
    return type == RecordType.CLAIM && !effect.detail().isEmpty();
  }

  /** Whether two attempts at the same slot would have meant the same. */
  boolean sameAs(LogRecord other) {
    return type == other.type && effect.equals(other.effect) && summary.equals(other.summary);
  }

  LogEnd end() {
    return new LogEnd(
        slot,
        type,
        epoch,
        owner,
        written,
        configSha256,
        summary,
        effect.reason(),
        effect.detail(),
        effect.finish());
  }

  /**
   * Stands for a slot whose content says nothing (the fallback without hard links can leave one):
   * taken by an unknown owner, to be watched like any other.
   *
   * @param below the newest record that can be read under it, or null
   */
  static LogRecord unknown(int slot, @Nullable LogRecord below) {
    Owner nobody = new Owner("", "unknown", "", "unknown", "", "", 0, "", "", "", "", null);
    return new LogRecord(
        slot,
        RecordType.CLAIM,
        "",
        nobody,
        Instant.EPOCH,
        "",
        below == null ? "" : below.configSha256(),
        slot,
        Effect.of("its record is empty or damaged"),
        below == null ? LogSummary.EMPTY : below.summary());
  }
}
