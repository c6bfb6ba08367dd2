package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.EarlierTraces;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the earlier Python runner left of a run. Only reads: its locks and checkpoints are never
 * touched, and what cannot be read counts as there.
 */
final class EarlierRunner {
  private static final String STATE = "trainer_state.json";
  private static final String STEP = "step-";

  private final Layout layout;
  private final FileSystem files;

  EarlierRunner(Layout layout, FileSystem files) {
    this.layout = layout;
    this.files = files;
  }

  /** A finished run outranks a lock, a lock outranks a partial checkpoint. */
  EarlierTraces of(RunKey key, long maxIters) {
    EarlierTraces checkpoints = checkpoints(key, maxIters);
    if (checkpoints.kind() == EarlierTraces.Kind.FINISHED) {
      return checkpoints;
    }
    String lock = lockOf(key);
    return lock == null
        ? checkpoints
        : new EarlierTraces(EarlierTraces.Kind.LOCKED, lock, checkpoints.iter());
  }

  /** A lock of the earlier runner in words, or null; an unreadable folder is not one. */
  private @Nullable String lockOf(RunKey key) {
    try {
      String resume = resumeLock(key);
      return resume != null ? resume : strangers(Contents.of(files.list(layout.lock(key))));
    } catch (NotDirectoryException e) {
      return layout.lock(key) + " is not a folder";
    } catch (IOException e) {
      return null;
    }
  }

  /** Names the {@code .resume.lock} if there is one. */
  @Nullable String resumeLock(RunKey key) throws IOException {
    try {
      Path lock = layout.resumeLock(key);
      files.modified(lock);
      return lock.getFileName() + " of the earlier runner";
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Names what another program left in a lock folder that holds no record. */
  static @Nullable String strangers(Contents contents) {
    return contents.slots().isEmpty() && !contents.strangers().isEmpty()
        ? "a lock folder with " + String.join(", ", contents.strangers())
        : null;
  }

  private EarlierTraces checkpoints(RunKey key, long maxIters) {
    Path folder = layout.earlierCheckpoints(key);
    List<String> names;
    try {
      names = files.list(folder);
    } catch (NoSuchFileException e) {
      return EarlierTraces.NONE;
    } catch (IOException e) {
      return partial(folder, "could not be read: " + e, -1);
    }
    if (names.isEmpty()) {
      return EarlierTraces.NONE;
    }
    long newest = -1;
    Path where = folder;
    for (String name : candidates(names)) {
      Path state = folder.resolve(name).resolve(STATE);
      long iter = iteration(state);
      if (iter > newest) {
        newest = iter;
        where = state;
      }
      if (iter >= 0 && name.startsWith(STEP)) {
        break;
      }
    }
    return newest >= maxIters
        ? new EarlierTraces(EarlierTraces.Kind.FINISHED, where + ": " + says(newest), newest)
        : partial(where, newest < 0 ? "holds no readable checkpoint" : says(newest), newest);
  }

  /** {@code latest}, then the steps from the highest down. */
  private static List<String> candidates(List<String> names) {
    List<String> steps =
        names.stream()
            .filter(name -> stepOf(name) >= 0)
            .sorted(Comparator.comparingLong(EarlierRunner::stepOf).reversed())
            .toList();
    return java.util.stream.Stream.concat(names.stream().filter("latest"::equals), steps.stream())
        .toList();
  }

  private static long stepOf(String name) {
    if (!name.startsWith(STEP)) {
      return -1;
    }
    try {
      return Long.parseLong(name.substring(STEP.length()));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private long iteration(Path state) {
    try {
      return Fields.of(files.read(state)).number("iter_num");
    } catch (IOException | UnreadableJson e) {
      return -1;
    }
  }

  private static String says(long iter) {
    return "iter_num " + iter;
  }

  private static EarlierTraces partial(Path where, String what, long iter) {
    return new EarlierTraces(EarlierTraces.Kind.PARTIAL, where + ": " + what, iter);
  }
}
