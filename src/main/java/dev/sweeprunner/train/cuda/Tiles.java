package dev.sweeprunner.train.cuda;

/**
 * How the kernels of the matrix products cut their outputs, and how much shared memory they need.
 *
 * @param rows of a tile, over tokens
 * @param columns of a tile
 * @param forward bytes of shared memory for {@code a · weightᵀ}
 * @param backward bytes for {@code a · weight}
 * @param weight bytes for {@code aᵀ · b}
 */
record Tiles(int rows, int columns, int forward, int backward, int weight) {
  /** Of the gradients of weights, over both sides. */
  static final int WEIGHT_SIDE = 64;

  private static final int FLOAT32_BYTES = 2 * 16 * 68 * Float.BYTES;

  static Tiles of(Format products) {
    return products == Format.BFLOAT16
        ? new Tiles(
            128,
            64,
            2 * (128 * 40 + 64 * 40) * Short.BYTES,
            2 * (128 * 40 + 32 * 72) * Short.BYTES,
            2 * 2 * 32 * 72 * Short.BYTES)
        : new Tiles(64, 64, FLOAT32_BYTES, FLOAT32_BYTES, FLOAT32_BYTES);
  }
}
