package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.RecordType;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;

/**
 * Frees a run that was given up, stopped or is backing off, by a record in its log: the counts of
 * failures start anew, checkpoints stay.
 */
final class Reset {
  private static final int ROUNDS = 5;

  private final ClaimSite site;
  private final LockFormat format;
  private final OwnerLife life;
  private final Janitor janitor;

  Reset(ClaimSite site, LockFormat format, OwnerLife life, Janitor janitor) {
    this.site = site;
    this.format = format;
    this.life = life;
    this.janitor = janitor;
  }

  /**
   * Resets a run.
   *
   * @return the end of its log now, or empty where it has none
   * @throws UserError if it is finished or claimed, or cannot be read
   */
  Optional<LogEnd> of(RunKey key) {
    LockFolder folder = site.folder(key);
    try {
      Primitive primitive = format.readOrMark(key.project());
      for (int round = 0; round < ROUNDS; round++) {
        Contents contents = folder.listIfThere();
        if (contents == null || contents.slots().isEmpty()) {
          return Optional.empty();
        }
        EncodedRecord before;
        try {
          before = folder.newest(contents);
        } catch (NoSuchFileException e) {
          continue;
        }
        refuse(key, before, folder, contents);
        EncodedRecord encoded =
            site.next(
                before,
                RecordType.RESET,
                LogRecord.Effect.of("by " + site.owner().user()),
                before.record().summary().reset());
        janitor.open(key); // killed after the append, nobody would look at a log with a hint
        if (folder.append(primitive, encoded, Map.of(encoded.record().token(), encoded)) != null) {
          janitor.open(key); // somebody may have concluded the old end meanwhile
          return Optional.of(encoded.record().end());
        }
      }
    } catch (IOException | UnreadableRecord e) {
      throw LockFolder.unusable(folder.path(), e);
    }
    throw new UserError(
        key.runId(), "others change this run faster than it can be reset", "Try again");
  }

  private void refuse(RunKey key, EncodedRecord end, LockFolder folder, Contents contents) {
    LogRecord record = end.record();
    if (record.type() == RecordType.FINISH) {
      throw new UserError(
          key.runId(), "is finished", "Nothing needs a reset; remove its folders to train it anew");
    }
    if (!record.held()) {
      return;
    }
    Liveness owner = life.judge(key, end, folder, contents);
    if (!owner.dead()) {
      throw new UserError(
          key.runId(),
          "is claimed by worker " + record.owner().worker() + " (" + owner.how() + ")",
          "Stop that worker, or wait until a running worker has watched it for "
              + site.settings().expiry().toSeconds()
              + " s");
    }
  }
}
