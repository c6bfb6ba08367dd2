package dev.sweeprunner.config;

import java.util.List;

/**
 * Different configs with the same run id.
 *
 * @param runId the id they share
 * @param indices the first point of each config, in grid order; at least two
 * @param keeper which of these points keeps the id; the others are invalid
 */
public record Collision(String runId, List<Integer> indices, int keeper) {
  /** Copies the list. */
  public Collision {
    indices = List.copyOf(indices);
  }

  String reason(int loser) {
    return "points "
        + keeper
        + " and "
        + loser
        + " have different configs and the same run id "
        + runId
        + "; point "
        + keeper
        + " keeps it";
  }
}
