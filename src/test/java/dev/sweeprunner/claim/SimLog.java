package dev.sweeprunner.claim;

import dev.sweeprunner.run.RecordType;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * The laws of a claim log, seen from beside the file system: told of every slot that comes into
 * being, it keeps the one accepted history, whatever compaction removes of it, and refuses what
 * breaks a law. Never changed, only followed by a longer one.
 */
@NullMarked
final class SimLog {
  static final SimLog EMPTY = new SimLog(null, 0, SimBlob.EMPTY);

  final int slot;
  final long hash;
  private final @Nullable SimLog before;
  private final SimBlob content;

  private SimLog(@Nullable SimLog before, int slot, SimBlob content) {
    this.before = before;
    this.slot = slot;
    this.content = content;
    this.hash = before == null ? 1 : SimBlob.then(before.hash, content.hash);
  }

  /** A law is broken. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  private static void law(boolean holds, String otherwise) {
    if (!holds) {
      throw new Broken(otherwise);
    }
  }

  /** The log after a call that changed the disk. */
  SimLog after(SimCall call, SimDisk was, SimDisk is) {
    Path name = call.kind() == SimCall.Kind.RENAME ? call.to() : call.path();
    String file = String.valueOf(name.getFileName());
    if (file.endsWith(".done")) {
      law(is.get(name) == null || everEnded(), "a hint that an open log has ended");
      return this;
    }
    int number = Contents.of(java.util.List.of(file)).newest();
    SimDisk.Node node = is.get(name);
    if (number == 0) {
      return this;
    }
    if (node == null) {
      law(finished(), "slot " + number + " of an open log is removed");
      return this;
    }
    if (was.get(name) != null) {
      return overwritten(call, number, node.content());
    }
    return named(number, node.content(), is, name);
  }

  private SimLog overwritten(SimCall call, int number, SimBlob now) {
    law(call.kind() == SimCall.Kind.FILL, "slot " + number + " is given to a second one");
    // A rival that went on from the empty slot has made it count for nothing.
    return number == slot && before != null ? before.accept(number, now) : this;
  }

  private SimLog named(int number, SimBlob now, SimDisk is, Path name) {
    if (number <= slot) {
      boolean late =
          finished()
              && Contents.of(is.list(java.util.Objects.requireNonNull(name.getParent()))).newest()
                  > number;
      law(late, "slot " + number + " is given again: an epoch is reused");
      return this;
    }
    return accept(number, now);
  }

  private SimLog accept(int number, SimBlob now) {
    law(number == slot + 1, "a hole before slot " + number);
    SimLog next = new SimLog(this, number, now);
    LogRecord record = next.record();
    if (record == null) {
      return next;
    }
    law(type() != RecordType.FINISH, record.type() + " after FINISH");
    String sha = slot == 0 ? "" : dev.sweeprunner.config.Sha256.of(content.bytes);
    law(
        record.previousSha256().equals(sha),
        "slot " + number + " is not chained to the one before");
    if (record.type() == RecordType.CLAIM) {
      law(record.epoch() == number, "a claim that does not begin its epoch");
    } else if (record.type() != RecordType.RESET) {
      law(owner(record), record.type() + " by an owner that was taken over from");
      law(open(), record.type() + " after " + type());
    }
    law(torn() || record.summary().attempts() == next.claims(), "attempts are miscounted");
    return next;
  }

  /** Null for a slot that says nothing: a claim by nobody known. */
  private @Nullable LogRecord record() {
    EncodedRecord encoded = content.record();
    return encoded == null ? null : encoded.record();
  }

  private RecordType type() {
    LogRecord record = record();
    return record == null ? RecordType.CLAIM : record.type();
  }

  private boolean open() {
    return type() == RecordType.CLAIM || type() == RecordType.PUBLISH || type() == RecordType.FAIL;
  }

  boolean finished() {
    return slot > 0 && type() == RecordType.FINISH;
  }

  private boolean everEnded() {
    for (SimLog log = this; log.before != null; log = log.before) {
      if (log.type() == RecordType.FINISH || log.type() == RecordType.POISON) {
        return true;
      }
    }
    return false;
  }

  private boolean owner(LogRecord record) {
    for (SimLog log = this; log.before != null; log = log.before) {
      if (log.type() == RecordType.CLAIM) {
        LogRecord claim = log.record();
        return claim != null
            && claim.owner().equals(record.owner())
            && claim.slot() == record.epoch();
      }
    }
    return false;
  }

  private boolean torn() {
    for (SimLog log = this; log.before != null; log = log.before) {
      if (log.record() == null) {
        return true;
      }
    }
    return false;
  }

  private int claims() {
    int claims = 0;
    for (SimLog log = this; log.before != null; log = log.before) {
      claims += log.type() == RecordType.CLAIM ? 1 : 0;
    }
    return claims;
  }

  /** Where the record stands that an answer is about, or 0. */
  private int standing(SimAnswer answer) {
    for (SimLog log = this; log.before != null; log = log.before) {
      LogRecord record = log.record();
      if (record != null && answer.isAbout(record)) {
        return log.slot;
      }
    }
    return 0;
  }

  /**
   * Whether what a worker was just told is so. A claim that was already taken over from may be
   * called lost; and so may what lies below the end of a compacted log, or where there are no links
   * below a rival's slot that is taken and not yet filled.
   *
   * @param links whether there are
   * @return the slot that it can rely on from now on, or 0
   */
  int told(SimAnswer answer, boolean links) {
    int standing = standing(answer);
    if (answer.won()) {
      law(standing > 0, answer.incarnation() + " was told " + answer + ": it stands nowhere");
      return standing;
    }
    boolean harmless = answer.type() == RecordType.CLAIM || finished() || !links;
    law(
        standing == 0 || (harmless && standing < slot),
        answer.incarnation() + " was told " + answer + ": it stands in slot " + standing);
    return 0;
  }

  @Override
  public String toString() {
    return before == null ? "" : (before + " " + type()).strip();
  }
}
