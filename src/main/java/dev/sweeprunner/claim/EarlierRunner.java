package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.EarlierTraces.Kind;
import dev.sweeprunner.run.Goal;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the earlier Python runner left of a run. Only reads: its locks and checkpoints are never
 * touched; what cannot be read may be anything.
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

  /** A finished run outranks a lock, a lock outranks all else. */
  EarlierTraces of(RunKey key, @Nullable Goal goal) {
    EarlierTraces checkpoints = checkpoints(key, goal);
    if (checkpoints.kind() == Kind.FINISHED) {
      return checkpoints;
    }
    String lock = lockOf(key);
    return lock == null ? checkpoints : new EarlierTraces(Kind.LOCKED, lock, checkpoints.iter());
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

  private EarlierTraces checkpoints(RunKey key, @Nullable Goal goal) {
    Path folder = layout.earlierCheckpoints(key);
    try {
      List<String> names = files.list(folder);
      return names.isEmpty() ? EarlierTraces.NONE : newest(folder, candidates(names), goal);
    } catch (NoSuchFileException e) {
      return EarlierTraces.NONE;
    } catch (NotDirectoryException e) {
      return new EarlierTraces(Kind.PARTIAL, folder + " is not a folder", -1);
    } catch (IOException e) {
      return new EarlierTraces(Kind.UNREADABLE, unreadable(folder, e), -1);
    }
  }

  /** What the newest readable checkpoint says; one that cannot be read may be newer. */
  private EarlierTraces newest(Path folder, List<String> candidates, @Nullable Goal goal) {
    long newest = -1;
    Path where = folder;
    String unreadable = null;
    for (String name : candidates) {
      Path state = folder.resolve(name).resolve(STATE);
      try {
        long iter = Fields.of(files.read(state)).number("iter_num");
        if (iter > newest) {
          newest = iter;
          where = state;
        }
        if (name.startsWith(STEP)) {
          break;
        }
      } catch (UnreadableJson | NoSuchFileException e) {
        continue; // torn, or not yet there: its owner died before it was whole
      } catch (IOException e) {
        unreadable = unreadable(state, e);
      }
    }
    boolean finished = goal != null && newest >= goal.maxIters();
    if (unreadable != null && !finished) {
      return new EarlierTraces(Kind.UNREADABLE, unreadable, newest);
    }
    if (newest < 0) {
      return new EarlierTraces(Kind.PARTIAL, where + ": holds no readable checkpoint", newest);
    }
    Kind kind = goal == null ? Kind.UNDECIDED : finished ? Kind.FINISHED : Kind.PARTIAL;
    return new EarlierTraces(kind, where + ": iter_num " + newest, newest);
  }

  /** {@code latest}, then the steps from the highest down. */
  private static List<String> candidates(List<String> names) {
    List<String> steps =
        names.stream()
            .filter(name -> stepOf(name) >= 0)
            .sorted(Comparator.comparingLong(EarlierRunner::stepOf).reversed())
            .toList();
    return Stream.concat(names.stream().filter("latest"::equals), steps.stream()).toList();
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

  private static String unreadable(Path path, IOException e) {
    return path + " cannot be read: " + Why.of(e);
  }
}
