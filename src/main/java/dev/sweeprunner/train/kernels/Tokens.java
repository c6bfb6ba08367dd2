package dev.sweeprunner.train.kernels;

/**
 * The ids that go into a pass and the targets that come out of it, on their way to a back end: a
 * queue of two batches. {@link Kernels#put} fills the next one while the calls before still compute
 * on another; the operations that take tokens work on the batch that {@link Kernels#next} took
 * last.
 */
public non-sealed interface Tokens extends Buffer {
  /** The most rows of one batch. */
  int rows();

  /** Tokens per row. */
  int length();

  /**
   * The ranges of the ids.
   *
   * @param inputs rows of the token table: ids are in [0, inputs)
   * @param targets rows of the head's matrix: targets are in [-1, targets); -1 counts nothing
   * @param compartments rows of the compartment table; 0 for none
   */
  record Ranges(int inputs, int targets, int compartments) {}
}
