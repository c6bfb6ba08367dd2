package dev.sweeprunner.run.scale;

/** Where a scaler's memory outlives it. */
public interface MemoryStore {
  /** What was saved last; an empty one where there is none or it cannot be read. */
  Memory load();

  /**
   * Replaces what was saved; durable when it returns.
   *
   * @throws dev.sweeprunner.problem.UserError if that fails; then nothing may be submitted
   */
  void save(Memory memory);
}
