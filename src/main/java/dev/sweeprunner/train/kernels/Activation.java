package dev.sweeprunner.train.kernels;

/**
 * A value per token and feature, (rows · length, features), that lives within one pass. A row is
 * one sequence of {@code length} tokens. How the numbers lie in memory is the back end's choice:
 * only {@link Kernels} operations touch them.
 */
public non-sealed interface Activation extends Buffer {
  /** The most rows it can hold. */
  int rows();

  /** Tokens per row. */
  int length();

  /** Numbers per token. */
  int features();
}
