package dev.sweeprunner.train.data;

import dev.sweeprunner.train.kernels.CounterRandom;

/**
 * The permutation {@code i → (a·i + b) mod n} of 0…n-1, with gcd(a, n) = 1.
 *
 * <p>{@code a} lies within n/1024 of n divided by the golden ratio. Multiples of such a fraction
 * spread evenly, so that every batch, not only the whole run, comes close to the mix of kinds; an
 * {@code a} near a simple fraction of n would make long stretches of one kind.
 */
final class AffinePermutation {
  /** Largest size: up to here the quotient below is at most one off. */
  static final long MAX_SIZE = 1L << 50;

  private static final double GOLDEN = 0.6180339887498949;
  private static final int JITTER = 1024;

  private final long a;
  private final long b;
  private final long n;

  private AffinePermutation(long a, long b, long n) {
    this.a = a;
    this.b = b;
    this.n = n;
  }

  /**
   * The permutation of 0…n-1 that this stream of random numbers gives.
   *
   * @throws IllegalArgumentException unless 1 ≤ n ≤ 2^50
   */
  static AffinePermutation of(CounterRandom random, long n) {
    if (n < 1 || n > MAX_SIZE) {
      throw new IllegalArgumentException("size must be in 1…2^50, was: " + n);
    }
    long a = (long) (GOLDEN * n) + random.bounded(0, 0, n / JITTER + 1);
    while (gcd(a, n) != 1) {
      a++;
    }
    return new AffinePermutation(a % n, random.bounded(0, 1, n), n);
  }

  /** Where {@code i} goes; 0 ≤ i &lt; n. */
  long apply(long i) {
    long place = multiply(a, i) + b;
    return place < n ? place : place - n;
  }

  /**
   * How many of 0…count-1 go below {@code bound}: x mod n &lt; bound is ⌊x/n⌋ - ⌊(x - bound)/n⌋,
   * summed over x = a·i + b.
   *
   * @param count 0 ≤ count ≤ n
   * @param bound 0 ≤ bound ≤ n
   */
  long below(long count, long bound) {
    return quotients(count, b) - quotients(count, b + n - bound) + count;
  }

  /**
   * The sum of ⌊(a·i + offset)/n⌋ over i &lt; count, modulo 2^64, by Euclid's algorithm: what is
   * whole of slope and offset is taken out, then the points below the line are counted by the other
   * axis. A wrapped sum does not matter: a difference of two is at most n.
   */
  private long quotients(long count, long offset) {
    long sum = 0;
    long slope = a;
    long modulus = n;
    while (true) {
      long pairs = count % 2 == 0 ? count / 2 * (count - 1) : (count - 1) / 2 * count;
      sum += pairs * (slope / modulus) + count * (offset / modulus);
      slope %= modulus;
      offset %= modulus;
      long rows = quotient(slope, count, offset, modulus);
      if (rows == 0) {
        return sum;
      }
      offset = slope * count + offset - rows * modulus;
      count = rows;
      long swapped = slope;
      slope = modulus;
      modulus = swapped;
    }
  }

  /** ⌊(x·y + z)/m⌋ for x, z &lt; m and y up to 2^50, as in {@link #multiply}. */
  private static long quotient(long x, long y, long z, long m) {
    long quotient = (long) ((double) x * y / m);
    long rest = x * y + z - quotient * m;
    while (rest < 0) {
      rest += m;
      quotient--;
    }
    while (rest >= m) {
      rest -= m;
      quotient++;
    }
    return quotient;
  }

  /**
   * {@code x·y mod n}: the quotient by doubles, the rest by 64-bit arithmetic that wraps. The
   * quotient is below 2^50, so its rounding is less than one, and the rest fits after one
   * correction either way.
   */
  private long multiply(long x, long y) {
    long quotient = (long) ((double) x * y / n);
    long rest = x * y - quotient * n;
    while (rest < 0) {
      rest += n;
    }
    while (rest >= n) {
      rest -= n;
    }
    return rest;
  }

  private static long gcd(long x, long y) {
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    return x;
  }
}
