package dev.sweeprunner.train.cpu;

/**
 * Memory of one thread for the length of one task. Kept between tasks; its content is undefined.
 */
final class ThreadScratch {
  private static final int SLOTS = 13;

  private final float[][][] slots = new float[SLOTS][0][0];

  /** At least {@code count} rows of at least {@code width} numbers. Slots are apart. */
  float[][] rows(int slot, int count, int width) {
    float[][] held = slots[slot];
    if (held.length < count || held[0].length < width) {
      int oldWidth = held.length == 0 ? 0 : held[0].length;
      held = new float[Math.max(count, held.length)][Math.max(width, oldWidth)];
      slots[slot] = held;
    }
    return held;
  }

  /** One row of at least {@code width} numbers. */
  float[] row(int slot, int width) {
    return rows(slot, 1, width)[0];
  }
}
