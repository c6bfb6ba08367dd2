package dev.sweeprunner.train.cpu;

/**
 * Elementary functions made of additions, multiplications, divisions, minima and maxima only: each
 * of these is exact by the language's rules, so the bits are the same on every machine and JDK, and
 * C2 on JDK 17 vectorises loops over them (it does not vectorise conversions between int and
 * float).
 */
final class DeterministicMath {
  /**
   * e^-80 = 1.8e-35: far below what a float sum near 1 can see, and safe from subnormal numbers.
   */
  static final float LOWEST = -80f;

  /** What the exponential takes of its argument at first. */
  static final float PART = 1f / 64;

  static final float P = 0.3275911f / 1.4142135623730951f;
  static final float A1 = 0.254829592f;
  static final float A2 = -0.284496736f;
  static final float A3 = 1.421413741f;
  static final float A4 = -1.453152027f;
  static final float A5 = 1.061405429f;

  private DeterministicMath() {}

  /**
   * e^x, not below e^-80. With y = x/64, p = e^y − 1 by its Taylor series to the sixth order; three
   * times (1+p)² − 1 = p² + 2p, which keeps the precision of a small p; then three plain squarings.
   * Relative error below 2e-6 for x in [−5, 7], 1e-5 to −20, 1e-3 to −40; beyond, where the result
   * is below 1e-17, it grows to a quarter.
   */
  static float exp(float x) {
    float y = Math.max(x, LOWEST) * PART;
    float q = Math.fma(y, 1f / 720, 1f / 120);
    q = Math.fma(y, q, 1f / 24);
    q = Math.fma(y, q, 1f / 6);
    q = Math.fma(y, q, 0.5f);
    q = Math.fma(y, q, 1f);
    float p = y * q;
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    float e = 1f + p;
    e = e * e;
    e = e * e;
    return e * e;
  }

  /**
   * The complementary error function of |x|/√2 over e^(−x²/2), after Abramowitz and Stegun 7.1.26;
   * absolute error of the error function below 2e-7.
   */
  static float scaledTail(float absolute) {
    float t = 1f / Math.fma(P, absolute, 1f);
    float q = Math.fma(t, A5, A4);
    q = Math.fma(t, q, A3);
    q = Math.fma(t, q, A2);
    q = Math.fma(t, q, A1);
    return t * q;
  }
}
