package dev.sweeprunner.train.data;

import java.util.Arrays;

/**
 * Rows for one forward pass, each of T positions, row-major (rows, T).
 *
 * <p>Mutable, filled again and again; belongs to one thread.
 */
public final class Batch {
  /** A target that counts for nothing. */
  public static final int IGNORED = -1;

  private final int rows;
  private final int length;
  private final int[] inputs;
  private final int[] targets;
  private final int[] compartments;

  /** An empty batch of {@code rows} rows of {@code length} positions. */
  public Batch(int rows, int length) {
    this.rows = rows;
    this.length = length;
    inputs = new int[rows * length];
    targets = new int[rows * length];
    compartments = new int[rows * length];
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Positions per row: T. */
  public int length() {
    return length;
  }

  /** Input ids; not a copy. */
  public int[] inputs() {
    return inputs;
  }

  /** Target ids, {@link #IGNORED} where there is none; not a copy. */
  public int[] targets() {
    return targets;
  }

  /** Compartment of each position; not a copy. */
  public int[] compartments() {
    return compartments;
  }

  /** How many targets are not ignored. */
  public long countedTargets() {
    return Arrays.stream(targets).filter(target -> target != IGNORED).count();
  }

  /** Leaves only the targets at positions {@code from} and later in each row. */
  void ignoreTargetsBefore(int from) {
    for (int row = 0; row < rows; row++) {
      Arrays.fill(targets, row * length, row * length + from, IGNORED);
    }
  }
}
