package dev.sweeprunner.train.kernels;

/**
 * Random numbers without state: a value is a function of (seed, stream, a, b) and nothing else.
 *
 * <p>So a position in a random sequence is a number, and nothing can be lost by a kill or a resume.
 * With {@code mix} the finaliser of SplitMix64 (Steele, Lea, Flood, 2014) and {@code G =
 * 0x9E3779B97F4A7C15}:
 *
 * <pre>
 *   key        = mix((mix(seed + G) ^ stream) + G)
 *   bits(a, b) = mix((mix((key ^ a) + G) ^ b) + G)
 * </pre>
 *
 * where every {@code +} wraps. For fixed (seed, stream, a) the map from b to bits is a bijection,
 * so the values over b never repeat. A stream's number is the 64-bit FNV-1a hash of its name's
 * UTF-16 units. Transcendental functions are {@link StrictMath}'s: the same bits on every machine
 * and JDK.
 *
 * <p>Immutable, safe for any number of threads.
 */
public final class CounterRandom {
  static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

  private final long key;

  private CounterRandom(long key) {
    this.key = key;
  }

  /** The stream of this name under this seed. Names that differ give unrelated values. */
  public static CounterRandom of(long seed, String stream) {
    return of(seed, hash(stream));
  }

  /** The stream of this number under this seed. */
  public static CounterRandom of(long seed, long stream) {
    return new CounterRandom(mix((mix(seed + GOLDEN) ^ stream) + GOLDEN));
  }

  /** 64 random bits. */
  public long bits(long a, long b) {
    return mix((mix((key ^ a) + GOLDEN) ^ b) + GOLDEN);
  }

  /** As {@link #bounded(long, long, long)}. */
  public int bounded(long a, long b, int bound) {
    return (int) bounded(a, b, (long) bound);
  }

  /**
   * A whole number in [0, bound): {@code floor(u · bound / 2^63)} with u the upper 63 bits. For a
   * bound that an int holds, the probabilities of any two results differ by less than 2^-63, that
   * is by less than 2^-32 of either.
   *
   * @param bound at most 2^62
   * @throws IllegalArgumentException if bound is not positive
   */
  public long bounded(long a, long b, long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, was: " + bound);
    }
    return Math.multiplyHigh(bits(a, b) >>> 1, 2 * bound);
  }

  /** A number in [0, 1): the upper 53 bits times 2^-53. */
  public double uniform(long a, long b) {
    return (bits(a, b) >>> 11) * TWO_TO_MINUS_53;
  }

  /**
   * A standard normal number (Box and Muller, 1958): {@code sqrt(-2 ln u) · cos(2π w)} with u in
   * (0, 1] from the bits of (a, b) and w in [0, 1) from those bits mixed once more.
   */
  public double normal(long a, long b) {
    long first = bits(a, b);
    long second = mix(first + GOLDEN);
    double u = ((first >>> 11) + 1) * TWO_TO_MINUS_53;
    double w = (second >>> 11) * TWO_TO_MINUS_53;
    return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * w);
  }

  private static long hash(String name) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * FNV_PRIME;
    }
    return hash;
  }

  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
