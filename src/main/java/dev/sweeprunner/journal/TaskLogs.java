package dev.sweeprunner.journal;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code out/.scale/logs}: the output files of submitted tasks, one each, named by sbatch. Those
 * that nobody needs any more are removed; those of tasks that never held a run may say why. Belongs
 * to one thread.
 */
public final class TaskLogs {
  private static final Duration KEPT = Duration.ofDays(7);
  private static final int MOST = 200;
  private static final Pattern NAME = Pattern.compile("sr-.*-((\\d+)_\\d+)\\.out");

  private static final Comparator<String> OLDEST =
      Comparator.comparing((String name) -> new BigInteger(NAME.matcher(name).replaceFirst("$2")))
          .thenComparing(Comparator.naturalOrder());

  private final FileSystem files;
  private final Path folder;
  private final Clock clock;

  /** Ids of tasks that were never seen to hold a run, the newest last. */
  private final Set<String> unclaimed = new LinkedHashSet<>();

  /** Ids of tasks that Slurm may list still. */
  private final Set<String> known = new HashSet<>();

  /** The files in this folder. */
  public TaskLogs(FileSystem files, Path folder, Clock clock) {
    this.files = files;
    this.folder = folder;
    this.clock = clock;
  }

  /** What {@code --output} says, so that each task writes a file of its own there. */
  public String pattern() {
    return folder.toString().replace("%", "%%") + "/%x-%A_%a.out";
  }

  /** The ids of tasks that were never seen to hold a run, for who remembers them. */
  public List<String> unclaimed() {
    return List.copyOf(unclaimed);
  }

  /** Takes up what {@link #unclaimed} gave to another process. */
  public void remember(List<String> ids) {
    unclaimed.clear();
    unclaimed.addAll(ids);
  }

  /**
   * Takes note of the tasks that are there.
   *
   * @param claims by their ids, whether they were seen to hold a run
   */
  public void note(Map<String, Boolean> claims) {
    known.clear();
    known.addAll(claims.keySet());
    claims.forEach(
        (id, claimed) -> {
          unclaimed.remove(id);
          if (!claimed) {
            unclaimed.add(id);
          }
        });
    while (unclaimed.size() > MOST) {
      unclaimed.remove(unclaimed.iterator().next());
    }
  }

  private boolean spent(String name) {
    Matcher named = NAME.matcher(name);
    return named.matches()
        && !known.contains(named.group(1))
        && !unclaimed.contains(named.group(1));
  }

  /**
   * Removes the files that were last written a week ago, but for those of tasks that are there or
   * never held a run; a failure leaves them to the next call.
   */
  public void prune() {
    try {
      Instant before = clock.now().minus(KEPT);
      for (String name : files.list(folder).stream().filter(this::spent).sorted(OLDEST).toList()) {
        if (!files.modified(folder.resolve(name)).isBefore(before)) {
          return; // those of later jobs are younger, so that a look costs one question
        }
        files.delete(folder.resolve(name));
      }
    } catch (IOException later) {
      return; // there may be no folder yet
    }
  }
}
