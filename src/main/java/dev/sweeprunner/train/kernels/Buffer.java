package dev.sweeprunner.train.kernels;

/**
 * Memory of a back end. Opaque: its place and arrangement are the back end's own, and only the
 * {@link Kernels} that made it can read or write it. Closing gives the memory back; a closed buffer
 * must not be used again.
 */
public sealed interface Buffer extends AutoCloseable {
  @Override
  default void close() {}

  /** Float32 numbers that live as long as the model: a parameter, its gradient or its moments. */
  non-sealed interface Floats extends Buffer {
    int length();
  }

  /**
   * A value per token and feature, (rows · length, features), that lives within one pass. A row is
   * one sequence of {@code length} tokens.
   */
  non-sealed interface Activation extends Buffer {}

  /** How finely an activation's numbers are kept. */
  enum Precision {
    /** In float32: the residual stream, statistics. */
    FULL,
    /** In the format that the back end's matrix products read: float32, or bfloat16. */
    PRODUCT
  }

  /**
   * The ids that go into a pass and the targets that come out of it, on their way to a back end: a
   * queue of two batches. {@link Kernels#put} fills the next one while the calls before still
   * compute on another; the operations that take tokens work on the batch that {@link Kernels#next}
   * took last.
   */
  non-sealed interface Tokens extends Buffer {
    /**
     * The ranges of the ids.
     *
     * @param inputs rows of the token table: ids are in [0, inputs)
     * @param targets rows of the head's matrix: targets are in [-1, targets); -1 counts nothing
     * @param compartments rows of the compartment table; 0 for none
     */
    record Ranges(int inputs, int targets, int compartments) {}
  }

  /** A number in double precision that operations add to or set, and {@link Kernels#take} reads. */
  non-sealed interface Total extends Buffer {}
}
