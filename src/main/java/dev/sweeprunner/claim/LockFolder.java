package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run's lock folder: listing, reading, and the one thing that changes a claim log, {@link
 * #append}.
 *
 * <p>Holds no state; any thread may call it. A SIGKILL at any instruction of an append leaves the
 * slot either free or holding the whole record, and at most one temp.
 */
final class LockFolder {
  private static final int ROUNDS = 5;

  /** Far more than a record of this version has; a longer one is cut, and so damaged. */
  private static final int LONGEST = 32 * RecordJson.MAX_BYTES;

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

  private final Path path;
  private final FileSystem files;
  private final Pause pause;
  private final Trace trace;

  LockFolder(Path path, FileSystem files, Pause pause, Trace trace) {
    this.path = path;
    this.files = files;
    this.pause = pause;
    this.trace = trace;
  }

  Path path() {
    return path;
  }

  Path beat(int epoch) {
    return path.resolve(Contents.beatName(epoch));
  }

  /**
   * One listing.
   *
   * @throws NoSuchFileException if there is no such folder
   */
  Contents list() throws IOException {
    return Contents.of(files.list(path));
  }

  /**
   * The record in a slot.
   *
   * @throws NoSuchFileException if the slot is free
   */
  EncodedRecord read(int slot) throws IOException, UnreadableRecord {
    byte[] bytes = bytes(slot);
    LogRecord record = RecordJson.decode(bytes);
    if (record.slot() != slot || record.epoch() < 1 || record.epoch() > slot) {
      throw new UnreadableRecord(
          "record "
              + slot
              + " says that it is record "
              + record.slot()
              + ", of claim "
              + record.epoch());
    }
    return new EncodedRecord(record, bytes);
  }

  /** No more than any record has, whatever was put there. */
  private byte[] bytes(int slot) throws IOException {
    return files.readStart(path.resolve(Contents.slotName(slot)), LONGEST);
  }

  /**
   * The record in the newest slot; one whose bytes say nothing stands for an unknown owner, folded
   * from the newest readable record under it.
   *
   * @throws UnreadableRecord only if a newer version of the program wrote it
   */
  EncodedRecord newest(Contents contents) throws IOException, UnreadableRecord {
    int slot = contents.newest();
    try {
      return read(slot);
    } catch (UnreadableRecord e) {
      if (e.newer()) {
        throw e;
      }
      byte[] bytes = bytes(slot);
      LogRecord below = newestReadableBelow(contents, slot);
      return new EncodedRecord(LogRecord.unknown(slot, below), bytes);
    }
  }

  private @Nullable LogRecord newestReadableBelow(Contents contents, int slot)
      throws IOException, UnreadableRecord {
    for (int i = contents.slots().size() - 1; i >= 0; i--) {
      if (contents.slots().get(i) < slot) {
        try {
          return read(contents.slots().get(i)).record();
        } catch (UnreadableRecord e) {
          if (e.newer()) {
            throw e;
          }
        }
      }
    }
    return null;
  }

  /**
   * What became of an append.
   *
   * @param encoded the record of this writer that now stands in the slot
   * @param newest the newest slot right after: larger where a rival has already gone on from it
   */
  record Appended(EncodedRecord encoded, int newest) {}

  /** Its contents, or null where it is not there. */
  @Nullable Contents listIfThere() throws IOException {
    try {
      return list();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** What a user is told where it cannot be read or written. */
  static UserError unusable(Path folder, Exception e) {
    return new UserError(
        folder.toString(),
        "cannot be used: " + Why.of(e),
        "Check that the storage is mounted and that its group may read and write it",
        e);
  }

  /**
   * Puts a record into its slot if nobody has taken it.
   *
   * <p>Any error may hide a success, so after one the slot is read, and whose token stands there
   * decides. Afterwards the folder is listed: below the newest slot, a record counts only if the
   * next one was chained to it; a writer that slept through the compaction of a finished log finds
   * its slot free again, and is told here that it came too late.
   *
   * @param primitive how slots are taken
   * @param newest the record to append
   * @param tried every record that this writer ever tried for the same slot, by token, with {@code
   *     newest} among them
   * @return empty (null) if the slot is a rival's or the folder is gone: superseded for good
   * @throws IOException if it cannot be said whether one of {@code tried} stands in the slot; the
   *     same call may be made again
   */
  @Nullable Appended append(
      Primitive primitive, EncodedRecord newest, Map<String, EncodedRecord> tried)
      throws IOException {
    IOException failure = null;
    for (int round = 0; round < ROUNDS; round++) {
      if (round > 0) {
        pause.pause(FIRST_BACKOFF.multipliedBy(1L << (round - 1)));
      }
      try {
        EncodedRecord standing = place(primitive, newest, tried);
        return standing == null ? null : confirm(standing);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null && !gone()) {
      throw failure;
    }
    return null;
  }

  /** Who stands in the slot after trying to take it: one of mine, or null for a rival. */
  private @Nullable EncodedRecord place(
      Primitive primitive, EncodedRecord newest, Map<String, EncodedRecord> tried)
      throws IOException {
    Path slot = path.resolve(Contents.slotName(newest.record().slot()));
    Path temp = path.resolve(FileSystem.TEMP_PREFIX + UUID.randomUUID());
    try {
      // Also without links: a disk too full for the record must not cost the slot its name.
      files.create(temp, newest.bytes());
      trace.reach("append.temp");
      primitive.take(files, slot, temp, newest.bytes());
      trace.reach("append.linked." + newest.record().type());
      return newest;
    } catch (IOException e) {
      return whoStands(newest.record().slot(), tried, e);
    } finally {
      drop(temp);
    }
  }

  private @Nullable EncodedRecord whoStands(
      int slot, Map<String, EncodedRecord> tried, IOException because) throws IOException {
    try {
      return standing(slot, tried);
    } catch (IOException e) {
      because.addSuppressed(e);
      throw because;
    }
  }

  /** Which of these records, by token, stands in a slot; null for a rival's. */
  @Nullable EncodedRecord standing(int slot, Map<String, EncodedRecord> tried) throws IOException {
    try {
      // Listing first: an NFS client that has looked for the name before may believe it absent.
      list();
      return tried.get(read(slot).record().token());
    } catch (UnreadableRecord e) {
      return null;
    }
  }

  /** Whether a record that stands in its slot is part of the log: null where it came too late. */
  @Nullable Appended confirm(EncodedRecord standing) throws IOException {
    files.syncFolder(path);
    int slot = standing.record().slot();
    int newest = list().newest();
    if (newest <= slot) {
      return new Appended(standing, slot);
    }
    try {
      if (read(slot + 1).record().previousSha256().equals(standing.sha256())) {
        return new Appended(standing, newest);
      }
    } catch (NoSuchFileException | UnreadableRecord e) {
      // Nothing was chained to it.
    }
    compact(slot, newest);
    return null;
  }

  /**
   * A record that came after the compaction of a finished log is as superfluous there as those that
   * went before it, and nobody looks into that folder again.
   */
  private void compact(int slot, int newest) throws IOException {
    try {
      if (read(newest).record().type() == RecordType.FINISH) {
        files.delete(path.resolve(Contents.slotName(slot)));
      }
    } catch (UnreadableRecord e) {
      // Whoever made that slot knows what to do.
    }
  }

  /** Whether somebody removed the folder. */
  private boolean gone() {
    try {
      files.list(path);
      return false;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void drop(Path temp) {
    try {
      files.delete(temp);
    } catch (IOException e) {
      // The janitor removes it.
    }
  }
}
