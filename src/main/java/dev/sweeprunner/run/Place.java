package dev.sweeprunner.run;

/** Where this process works: a node that may be wanted for something else. Any thread. */
public interface Place {
  /**
   * Whether a further run may be begun here; where not, this process has been asked to stop. Never
   * waits: what is not known yet is no reason to leave.
   */
  boolean takesMore();

  /** Where nobody wants the node. */
  static Place anywhere() {
    return () -> true;
  }
}
