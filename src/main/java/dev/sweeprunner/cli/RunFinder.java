package dev.sweeprunner.cli;

import dev.sweeprunner.config.RunKey;
import java.util.List;

/** Finds runs by their id under the storage root, for commands that are given no sweep. */
public interface RunFinder {
  /** The runs with this id, one per project that has a lock folder for it; empty if none. */
  List<RunKey> find(String runId);
}
