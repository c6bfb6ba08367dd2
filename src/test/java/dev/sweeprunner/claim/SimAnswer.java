package dev.sweeprunner.claim;

import dev.sweeprunner.run.RecordType;
import org.jspecify.annotations.NullMarked;

/**
 * What the claim code told its caller about one append.
 *
 * @param type what was to be appended
 * @param incarnation of the worker
 * @param slot of a CLAIM where it would stand; else the epoch
 * @param iter of a PUBLISH
 * @param won what it was told
 */
@NullMarked
record SimAnswer(RecordType type, String incarnation, int slot, long iter, boolean won) {
  static final SimAnswer NONE = new SimAnswer(RecordType.RESET, "", 0, 0, false);

  /** Whether this record is the one that the answer is about. */
  boolean isAbout(LogRecord record) {
    if (record.type() != type || !record.owner().incarnation().equals(incarnation)) {
      return false;
    }
    if (type == RecordType.PUBLISH) {
      var checkpoint = record.summary().checkpoint();
      return record.epoch() == slot && checkpoint != null && checkpoint.iter() == iter;
    }
    return record.epoch() == slot;
  }

  @Override
  public String toString() {
    return type + " " + won;
  }
}
