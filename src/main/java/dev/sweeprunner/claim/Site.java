package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Fold;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RecordType;
import java.util.UUID;

/** What all claims of this process share. */
record Site(
    Layout layout, FileSystem files, Owner owner, ClaimSettings settings, Surroundings around) {

  LockFolder folder(RunKey key) {
    return new LockFolder(layout.lock(key), files, around.pause(), around.trace());
  }

  /** A record for the slot after {@code before}, in the same epoch. */
  Attempt next(Attempt before, RecordType type, LogRecord.Effect effect, Fold fold) {
    LogRecord end = before.record();
    return Attempt.of(
        new LogRecord(
            end.slot() + 1,
            type,
            token(),
            owner,
            around.clock().now(),
            before.sha256(),
            end.configSha256(),
            end.epoch(),
            effect,
            fold));
  }

  /** A CLAIM, which begins its own epoch. */
  Attempt claim(int slot, String previousSha256, String configSha256, String how, Fold fold) {
    return Attempt.of(
        new LogRecord(
            slot,
            RecordType.CLAIM,
            token(),
            owner,
            around.clock().now(),
            previousSha256,
            configSha256,
            slot,
            LogRecord.Effect.of(how),
            fold));
  }

  private static String token() {
    return UUID.randomUUID().toString();
  }
}
