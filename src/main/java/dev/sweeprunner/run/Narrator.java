package dev.sweeprunner.run;

/** Tells a person what this worker does, beside what becomes of its runs. */
public interface Narrator extends RunListener {
  /** News of the worker, one sentence. */
  void say(String news);

  /** How a run left this worker's hands. */
  enum Outcome {
    FINISHED,
    FAILED,
    RELEASED,
    /** The user stopped this run. */
    HELD,
    SUPERSEDED
  }
}
