package dev.sweeprunner.run.work;

import dev.sweeprunner.run.FailureClass;
import java.util.HashSet;
import java.util.Set;

/**
 * Notices when it is this node, not the runs, that fails: several different runs in a row fail for
 * the infrastructure, or programs die at their start at several different points. Until a run has
 * come forward here, this worker cannot tell a bad point from a bad environment, and gives no point
 * up for its start.
 *
 * <p>Belongs to the worker's thread.
 */
public final class NodeHealth {
  private static final int MOST_IN_A_ROW = 3;
  private static final int MOST_LOST = 5;

  private final Set<String> troubled = new HashSet<>();
  private final Set<String> startless = new HashSet<>();
  private boolean proven;
  private int lost;

  /** A run was finished here. */
  void worked() {
    troubled.clear();
    cameForward();
  }

  /** A run made progress here. */
  void cameForward() {
    proven = true;
    lost = 0;
    startless.clear();
  }

  /** Whether anything ever worked here. */
  boolean proven() {
    return proven;
  }

  /**
   * This process's device is lost; the run's failure has said how.
   *
   * @throws SickNode always
   */
  void lost() {
    throw new SickNode("the device that trains is lost to this process");
  }

  /**
   * What trained a run was killed by somebody.
   *
   * @throws SickNode at the fifth time in a row
   */
  void killed(String what) {
    lost++;
    if (lost >= MOST_LOST) {
      throw new SickNode(MOST_LOST + " times in a row " + what);
    }
  }

  /**
   * A run failed here.
   *
   * @throws SickNode where the third run in a row fails for the infrastructure, or the third point
   *     in a row at its start; the same one again says nothing of this node
   */
  void failed(FailureClass kind, String runId, String message) {
    if (kind == FailureClass.INFRA) {
      troubled.add(runId);
    } else {
      troubled.clear();
    }
    if (troubled.size() >= MOST_IN_A_ROW) {
      throw new SickNode(
          "infrastructure failures of "
              + MOST_IN_A_ROW
              + " different runs in a row on this node; the last: "
              + message);
    }
    if (kind != FailureClass.START) {
      startless.clear();
      return;
    }
    startless.add(runId);
    if (startless.size() >= MOST_IN_A_ROW) {
      throw new SickNode(
          "the program failed at its start at "
              + MOST_IN_A_ROW
              + " different points, so it is the environment's fault or this node's; the last: "
              + message);
    }
  }
}
