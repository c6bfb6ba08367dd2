package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What follows from a log and may be done by anyone, again and again: the hint that it has ended,
 * the compaction of a finished one, the removal of temps that a killed process left.
 *
 * <p>Nothing here decides anything, so nothing here fails: what cannot be done now is done by the
 * next process that looks.
 */
final class Janitor {
  /** How long a temp must be watched lying there; an append takes seconds at most. */
  static final Duration TEMP_EXPIRY = Duration.ofHours(1);

  private final ClaimSite site;
  private final FileSystem files;
  private final Watch<Path> temps;

  Janitor(ClaimSite site) {
    this.site = site;
    this.files = site.files();
    this.temps = new Watch<>(site.settings().poll());
  }

  /**
   * After FINISH: removes every slot but the newest, lowest first, all beats and temps; then writes
   * the hint. In this order a log with a hint is a compacted one, and one without is looked at.
   */
  void finished(RunKey key, LockFolder folder, Contents contents, Trace trace) {
    try {
      int newest = contents.newest();
      for (int slot : contents.slots()) {
        if (slot < newest) {
          files.delete(folder.path().resolve(Contents.slotName(slot)));
          trace.reach("finish.compacting");
        }
      }
      deleteAll(folder.path(), contents.beats());
      deleteAll(folder.path(), contents.temps());
      writeHint(key, "FINISH " + newest);
    } catch (IOException e) {
      // Without the hint the next look comes here again.
    }
  }

  /** After POISON: writes the hint, and takes it back if a RESET came in between. */
  void poisoned(RunKey key, LockFolder folder, int slot) {
    try {
      writeHint(key, "POISON " + slot);
      if (folder.list().newest() > slot) {
        files.delete(site.layout().done(key));
      }
    } catch (IOException e) {
      // A poisoned run without the hint costs each pass one look.
    }
  }

  /** The log goes on: no hint may say otherwise, or its run would be passed over for ever. */
  void open(RunKey key) {
    try {
      files.delete(site.layout().done(key));
    } catch (IOException e) {
      // The next look at the reset log removes it.
    }
  }

  /**
   * Removes hints whose log somebody took away: left there, one would end the log that the next
   * claim begins. A log that this listing merely missed gets its hint again from who looks at it.
   */
  void unhint(Path folder, Set<String> runIds) {
    for (String runId : runIds) {
      try {
        files.delete(folder.resolve(runId + Layout.DONE_SUFFIX));
      } catch (IOException e) {
        // The next listing comes here again.
      }
    }
  }

  /** Removes temps that were watched for {@link #TEMP_EXPIRY}; their names are never reused. */
  void sweep(Path folder, List<String> names) {
    for (String name : names) {
      Path temp = folder.resolve(name);
      Watch.Sight sight = temps.saw(temp, 0, "", site.around().clock().nanos());
      if (sight.idle() >= TEMP_EXPIRY.toNanos()) {
        try {
          files.delete(temp);
          temps.forget(temp);
        } catch (IOException e) {
          // It stays watched.
        }
      }
    }
  }

  private void writeHint(RunKey key, String content) throws IOException {
    try {
      files.create(site.layout().done(key), content.getBytes(StandardCharsets.US_ASCII));
    } catch (FileAlreadyExistsException e) {
      // Somebody was faster.
    }
  }

  private void deleteAll(Path folder, List<String> names) throws IOException {
    for (String name : names) {
      files.delete(folder.resolve(name));
    }
  }
}
