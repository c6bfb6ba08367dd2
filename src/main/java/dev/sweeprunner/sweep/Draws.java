package dev.sweeprunner.sweep;

import java.nio.charset.StandardCharsets;

/**
 * The random numbers of one parameter at one point: a number is a function of the sweep's name, the
 * parameter's dotted name, the point's index and its place among the point's numbers, and of
 * nothing else. So the points are a fixed list, the same on every machine and in any order of
 * asking.
 *
 * <p>With {@code mix} the finaliser of SplitMix64 (Steele, Lea, Flood, 2014), {@code G =
 * 0x9E3779B97F4A7C15}, {@code hash} 64-bit FNV-1a over UTF-8 and every {@code +} wrapping:
 *
 * <pre>
 *   key            = mix((mix(hash(sweep) + G) ^ hash(parameter)) + G)
 *   bits(index, k) = mix((mix((key ^ index) + G) ^ k) + G)
 *   uniform        = ((bits >>> 12) + 1/2) / 2^52
 * </pre>
 */
class Draws {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private final long point;
  private long drawn;

  /** The numbers of one point, from the first on. */
  Draws(long key, int index) {
    this.point = mix((key ^ index) + GOLDEN);
  }

  /** The key of a parameter's numbers. */
  static long key(String sweep, String parameter) {
    return mix((mix(hash(sweep) + GOLDEN) ^ hash(parameter)) + GOLDEN);
  }

  /** The next number; above 0 and below 1. */
  double uniform() {
    return ((bits() >>> 12) + 0.5) * 0x1.0p-52;
  }

  /** The next number of the standard normal distribution, as Box and Muller (1958) make it. */
  double normal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform()));
    return radius * StrictMath.cos(2 * Math.PI * uniform());
  }

  /**
   * The logarithm of the next number of the gamma distribution of this shape and scale 1, by the
   * rejection of Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); for
   * shapes below 1 with the power that they give there. The logarithm, because the numbers of small
   * shapes are too small for a double.
   */
  double logGamma(double shape) {
    if (shape < 1) {
      return logGamma(shape + 1) + StrictMath.log(uniform()) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double x = normal();
      double root = 1 + c * x;
      double u = uniform();
      double v = root * root * root;
      if (v > 0 && StrictMath.log(u) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
        return StrictMath.log(d) + StrictMath.log(v);
      }
    }
  }

  long bits() {
    return mix((point ^ drawn++) + GOLDEN);
  }

  private static long hash(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private static long mix(long bits) {
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return bits ^ (bits >>> 31);
  }
}
