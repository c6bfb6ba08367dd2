package dev.sweeprunner.run.work;

import dev.sweeprunner.run.FailureClass;

/**
 * Notices when it is this node, not the runs, that fails: some infrastructure failures in a row.
 *
 * <p>Belongs to the worker's thread.
 */
public final class NodeHealth {
  private static final int MOST_IN_A_ROW = 3;

  private int inARow;

  /** A run was finished here. */
  void worked() {
    inARow = 0;
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
   * A run failed here.
   *
   * @throws SickNode at the third infrastructure failure in a row
   */
  void failed(FailureClass kind, String message) {
    inARow = kind == FailureClass.INFRA ? inARow + 1 : 0;
    if (inARow >= MOST_IN_A_ROW) {
      throw new SickNode(
          MOST_IN_A_ROW + " infrastructure failures in a row on this node; the last: " + message);
    }
  }
}
