package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.UserError;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The run that an id means: a point of the sweeps that were given, else what lies under the storage
 * root.
 *
 * @param sweeps may be empty
 * @param finder the runs of an id under the storage root
 */
record WhichRun(List<Points> sweeps, Function<String, List<RunKey>> finder) {
  /** Copies what it is given. */
  WhichRun {
    sweeps = List.copyOf(sweeps);
  }

  /**
   * Its key.
   *
   * @throws UserError where there is none, or more than one
   */
  RunKey key(String runId) {
    Set<RunKey> keys = new LinkedHashSet<>();
    for (Points points : sweeps) {
      points.indexOf(runId).ifPresent(index -> keys.add(points.key(index)));
    }
    if (keys.isEmpty()) {
      keys.addAll(finder.apply(runId));
    }
    if (keys.isEmpty()) {
      throw new UserError(
          runId,
          "no run of this id is known in this storage root",
          "Check --storage and --sweep; status shows the ids of a sweep");
    }
    if (keys.size() > 1) {
      throw new UserError(
          runId,
          "several projects have a run of this id: "
              + String.join(", ", keys.stream().map(RunKey::folder).toList()),
          "Give the one sweep that is meant by --sweep");
    }
    return keys.iterator().next();
  }
}
