package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RecordType;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What all claims of this process share.
 *
 * @param tokens gives each record its own token, never the same twice among all processes
 */
record ClaimSite(
    Layout layout,
    FileSystem files,
    Owner owner,
    ClaimSettings settings,
    ClaimPorts around,
    Supplier<String> tokens) {

  /** With random tokens. */
  ClaimSite(
      Layout layout, FileSystem files, Owner owner, ClaimSettings settings, ClaimPorts around) {
    this(layout, files, owner, settings, around, () -> UUID.randomUUID().toString());
  }

  LockFolder folder(RunKey key) {
    return new LockFolder(layout.lock(key), files, around.pause(), around.trace());
  }

  /** A record for the slot after {@code before}, in the same epoch. */
  EncodedRecord next(
      EncodedRecord before, RecordType type, LogRecord.Effect effect, LogSummary summary) {
    LogRecord end = before.record();
    return EncodedRecord.of(
        new LogRecord(
            end.slot() + 1,
            type,
            tokens.get(),
            owner,
            around.clock().now(),
            before.sha256(),
            end.configSha256(),
            end.epoch(),
            effect,
            summary));
  }

  /** A CLAIM, which begins its own epoch. */
  EncodedRecord claim(
      int slot, String previousSha256, String configSha256, String how, LogSummary summary) {
    return EncodedRecord.of(
        new LogRecord(
            slot,
            RecordType.CLAIM,
            tokens.get(),
            owner,
            around.clock().now(),
            previousSha256,
            configSha256,
            slot,
            LogRecord.Effect.of(how),
            summary));
  }
}
