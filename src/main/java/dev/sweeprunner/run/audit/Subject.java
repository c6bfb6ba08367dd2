package dev.sweeprunner.run.audit;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that an audit looks at.
 *
 * @param key its names; those of its folder where it has one
 * @param folders all run folders of its id in its project: one, or none yet
 * @param point of a sweep, or null where no sweep was given
 */
public record Subject(RunKey key, List<RunKey> folders, @Nullable Point point) {
  /** Copies what it is given. */
  public Subject {
    folders = List.copyOf(folders);
  }

  /** Its names, given the folders that its id has. */
  static RunKey named(RunKey wanted, List<RunKey> folders) {
    return folders.isEmpty() || folders.contains(wanted) ? wanted : folders.get(0);
  }
}
