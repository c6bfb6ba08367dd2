package dev.sweeprunner.train.kernels;

import dev.sweeprunner.train.kernels.Dropouts.Draw;
import dev.sweeprunner.train.kernels.Dropouts.Dropout;

/**
 * Which numbers of one place are dropped in a batch. With {@link CounterRandom}'s {@code mix} and
 * {@code G}, number {@code i} is dropped where
 *
 * <pre>
 *   mix((mix((bits ^ place) + G) ^ i) + G) &gt;&gt;&gt; 32  &lt;  floor(share · 2^32)
 * </pre>
 *
 * @param key of the place
 * @param threshold below which the upper half of a number's hash drops it; 32 bits, unsigned
 * @param scale of what stays: 1 / (1 - share)
 */
public record DropoutMask(long key, int threshold, float scale) {
  private static final double TWO_TO_32 = 0x1.0p32;

  /** The mask of a place for a batch. */
  public static DropoutMask of(Draw draw, Dropout dropout) {
    return new DropoutMask(
        CounterRandom.mix((draw.bits() ^ dropout.place()) + CounterRandom.GOLDEN),
        threshold(dropout.share()),
        scale(dropout.share()));
  }

  /** 32 bits, unsigned. */
  public static int threshold(double share) {
    return (int) (long) (share * TWO_TO_32);
  }

  /** What a number that stays is multiplied with. */
  public static float scale(double share) {
    return (float) (1 / (1 - share));
  }

  /** 0 for a number that is dropped, else {@link #scale()}. */
  public float factor(long index) {
    long hash = CounterRandom.mix((key ^ index) + CounterRandom.GOLDEN);
    return Integer.compareUnsigned((int) (hash >>> 32), threshold) < 0 ? 0 : scale;
  }
}
