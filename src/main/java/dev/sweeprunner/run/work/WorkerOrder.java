package dev.sweeprunner.run.work;

/**
 * A worker's own order over a grid: an affine permutation of {@code [0, size)}, so that workers
 * start at different places and rarely want the same point.
 *
 * <p>Position k is computed from k: nothing is stored. Immutable.
 */
final class WorkerOrder {
  private final int size;
  private final int start;
  private final int stride;

  /**
   * An order for one worker.
   *
   * @param key any text; the same key gives the same order
   */
  WorkerOrder(int size, String key) {
    this.size = size;
    long hash = scramble(key.hashCode());
    this.start = size == 0 ? 0 : (int) Math.floorMod(hash, (long) size);
    this.stride = coprime(Math.floorMod(scramble(hash), (long) Math.max(1, size)));
  }

  /** The grid index at position {@code k} of this worker's order. */
  int at(int k) {
    return (int) ((start + (long) k * stride) % size);
  }

  private int coprime(long wished) {
    long candidate = Math.max(1, wished);
    while (gcd(candidate, size) != 1) {
      candidate++;
    }
    return (int) (candidate % Math.max(1, size) == 0 ? 1 : candidate % size);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long scramble(long seed) {
    long z = seed + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
