package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;

/**
 * What a claim log must be, seen from beside the file system: told of every slot that comes into
 * being, it keeps the one accepted history and refuses what breaks a rule.
 */
@NullMarked
final class LogModel {
  private final Map<String, List<EncodedRecord>> logs = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();

  /** Slots that appeared below the end of a compacted log. */
  int late;

  void named(Path path, byte[] bytes) {
    String name = String.valueOf(path.getFileName());
    if (Contents.of(List.of(name)).slots().isEmpty()) {
      return;
    }
    String run = String.valueOf(path.getParent());
    try {
      LogRecord record = RecordJson.decode(bytes);
      accept(logs.computeIfAbsent(run, key -> new ArrayList<>()), new EncodedRecord(record, bytes));
    } catch (UnreadableRecord e) {
      broken.add(path + ": " + e.getMessage());
    }
  }

  private void accept(List<EncodedRecord> log, EncodedRecord next) {
    LogRecord record = next.record();
    int slot = record.slot();
    if (slot <= log.size()) {
      late++;
      check(ended(log), "slot " + slot + " again in an open log: " + next);
      return;
    }
    check(slot == log.size() + 1, "a hole before " + next);
    check(!ended(log), "something after FINISH: " + next);
    String before = log.isEmpty() ? "" : log.get(log.size() - 1).sha256();
    check(record.previousSha256().equals(before), "not chained: " + next);
    if (record.type() == RecordType.CLAIM) {
      check(record.epoch() == slot, "a claim begins its epoch: " + next);
    } else if (record.type() != RecordType.RESET) {
      LogRecord claim = newest(log, RecordType.CLAIM);
      check(
          claim.owner().equals(record.owner()) && claim.slot() == record.epoch(),
          "an effect of a superseded owner: " + next);
    }
    log.add(next);
    check(record.summary().attempts() == count(log, RecordType.CLAIM), "miscounted: " + next);
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }

  private static boolean ended(List<EncodedRecord> log) {
    return !log.isEmpty() && log.get(log.size() - 1).record().type() == RecordType.FINISH;
  }

  private static LogRecord newest(List<EncodedRecord> log, RecordType type) {
    for (int i = log.size() - 1; i >= 0; i--) {
      if (log.get(i).record().type() == type) {
        return log.get(i).record();
      }
    }
    throw new AssertionError("no " + type + " in " + log);
  }

  private static long count(List<EncodedRecord> log, RecordType type) {
    return log.stream().filter(encoded -> encoded.record().type() == type).count();
  }

  List<LogRecord> log(Path lockFolder) {
    return logs.getOrDefault(lockFolder.toString(), List.of()).stream()
        .map(EncodedRecord::record)
        .toList();
  }

  boolean finished(Path lockFolder) {
    return ended(logs.getOrDefault(lockFolder.toString(), List.of()));
  }

  boolean published(Path lockFolder, PublishedCheckpoint checkpoint) {
    return log(lockFolder).stream()
        .anyMatch(
            record ->
                record.type() == RecordType.PUBLISH
                    && checkpoint.equals(record.summary().checkpoint()));
  }

  void verify(long seed) {
    assertThat(broken).as("seed %d", seed).isEmpty();
  }
}
