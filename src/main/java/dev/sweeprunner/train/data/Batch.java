package dev.sweeprunner.train.data;

import java.util.Arrays;

/**
 * Rows for one forward pass, each of T positions, row-major (rows, T).
 *
 * <p>Mutable, filled again and again; belongs to one thread. None of the arrays is a copy.
 *
 * @param rows how many
 * @param length positions per row: T
 * @param inputs ids
 * @param targets ids, {@link #IGNORED} where there is none
 * @param compartments of each position
 */
@SuppressWarnings("ArrayRecordComponent") // A view of memory, never compared.
public record Batch(int rows, int length, int[] inputs, int[] targets, int[] compartments) {
  /** A target that counts for nothing. */
  public static final int IGNORED = -1;

  /** An empty batch of {@code rows} rows of {@code length} positions. */
  public Batch(int rows, int length) {
    this(rows, length, new int[rows * length], new int[rows * length], new int[rows * length]);
  }

  /** How many targets are not ignored. */
  public long countedTargets() {
    return Arrays.stream(targets).filter(target -> target != IGNORED).count();
  }

  /** Leaves only the targets of each row at positions that are {@code kept}. */
  void keepTargets(boolean[] kept) {
    for (int i = 0; i < targets.length; i++) {
      if (!kept[i % length]) {
        targets[i] = IGNORED;
      }
    }
  }
}
