package dev.sweeprunner.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is said of several runs: each cause once, with the ids of all runs that have it, in the
 * order in which they came. Belongs to one thread.
 */
public final class Causes {
  private static final int FEW_IDS = 4;
  private static final String ANY_RUN = "RUN_ID";

  private final Map<Kind, List<String>> runs = new LinkedHashMap<>();

  /** A word for what kind it is, and its text, with any run's id left open. */
  private record Kind(String word, String text) {}

  /**
   * A cause.
   *
   * @param word what it makes of its runs
   * @param runIds who has it
   * @param text one or more sentences
   */
  public record Cause(String word, List<String> runIds, String text) {
    /** Their ids, the first few where they are many. */
    public String who() {
      return who(FEW_IDS);
    }

    /** Their ids, at most so many of them. */
    String who(int most) {
      int more = runIds.size() - most;
      return more <= 0
          ? String.join(", ", runIds)
          : String.join(", ", runIds.subList(0, most)) + " and " + more + " more";
    }
  }

  /** Notes why a run is what it is; a text that names its id is the same cause for another one. */
  public void add(String word, String runId, String text) {
    List<String> ids =
        runs.computeIfAbsent(
            new Kind(word, text.replace(runId, ANY_RUN)), kind -> new ArrayList<>());
    if (!ids.contains(runId)) {
      ids.add(runId);
    }
  }

  /** Whether this run is the only one with this cause. */
  boolean only(String word, String runId, String text) {
    return List.of(runId).equals(runs.get(new Kind(word, text.replace(runId, ANY_RUN))));
  }

  /** Each cause. */
  public List<Cause> all() {
    List<Cause> causes = new ArrayList<>(runs.size());
    runs.forEach(
        (kind, ids) -> {
          String text = ids.size() == 1 ? kind.text.replace(ANY_RUN, ids.get(0)) : kind.text;
          causes.add(new Cause(kind.word, List.copyOf(ids), text));
        });
    return causes;
  }
}
