package dev.sweeprunner.train.cpu;

import java.util.Arrays;

/**
 * The innermost loops: sums of scaled rows. Each loop reads and writes a few arrays at one index,
 * which is what lets C2 vectorise it: up to six arrays go, nine do not (measured on 17 and 25).
 * Every sum runs in the order of the rows.
 */
final class VectorLoops {
  /** Rows of 256 numbers that stay in the first-level cache together. */
  static final int CACHED = 32;

  private VectorLoops() {}

  /** y[j] += Σ_k w[at + k · stride] · x[k][j] for k in [from, to), j in [0, count). */
  static void addScaled(
      float[] y, float[][] x, int from, int to, float[] w, int at, int stride, int count) {
    int k = from;
    for (; k + 4 <= to; k += 4) {
      addFour(y, x, k, w, at + k * stride, stride, count);
    }
    for (; k < to; k++) {
      addOne(y, x[k], w[at + k * stride], count);
    }
  }

  /** y[j] += Σ_k a[aFrom + k][j] · b[bFrom + k][j] for k in [0, rows), j in [0, count). */
  static void addProducts(
      float[] y, float[][] a, int aFrom, float[][] b, int bFrom, int rows, int count) {
    int k = 0;
    for (; k + 2 <= rows; k += 2) {
      addTwoProducts(y, a, aFrom + k, b, bFrom + k, count);
    }
    for (; k < rows; k++) {
      addProduct(y, a[aFrom + k], b[bFrom + k], count);
    }
  }

  /** y[j] += a[j] · b[j]. */
  static void addProduct(float[] y, float[] a, float[] b, int count) {
    for (int j = 0; j < count; j++) {
      y[j] = Math.fma(a[j], b[j], y[j]);
    }
  }

  /** y[j] = a[j] · b[j] for j in [from, to); y may be a or b. */
  static void product(float[] a, float[] b, float[] y, int from, int to) {
    for (int j = from; j < to; j++) {
      y[j] = a[j] * b[j];
    }
  }

  /** x[from + r][j] = 0 for r in [0, rows), j in [0, count). */
  static void clear(float[][] x, int from, int rows, int count) {
    for (int r = 0; r < rows; r++) {
      Arrays.fill(x[from + r], 0, count, 0f);
    }
  }

  /** y[j] = max(y[j], x[j]). */
  static void raise(float[] y, float[] x, int count) {
    for (int j = 0; j < count; j++) {
      y[j] = Math.max(y[j], x[j]);
    }
  }

  /** y[j] += x[j]. */
  static void add(float[] y, float[] x, int count) {
    for (int j = 0; j < count; j++) {
      y[j] += x[j];
    }
  }

  /** Σ x[j], in double by four sums. */
  static double sum(float[] x, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 4 <= count; j += 4) {
      s0 += x[j];
      s1 += x[j + 1];
      s2 += x[j + 2];
      s3 += x[j + 3];
    }
    for (; j < count; j++) {
      s0 += x[j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Copies x[r][0, count) into the columns: out[j][at + r] for r in [0, rows). */
  static void transpose(float[][] x, int from, int rows, int count, float[][] out, int outRow) {
    for (int r = 0; r < rows; r++) {
      float[] row = x[from + r];
      for (int j = 0; j < count; j++) {
        out[outRow + j][r] = row[j];
      }
    }
  }

  private static void addFour(
      float[] y, float[][] x, int k, float[] w, int at, int stride, int count) {
    float w0 = w[at];
    float w1 = w[at + stride];
    float w2 = w[at + 2 * stride];
    float w3 = w[at + 3 * stride];
    float[] x0 = x[k];
    float[] x1 = x[k + 1];
    float[] x2 = x[k + 2];
    float[] x3 = x[k + 3];
    for (int j = 0; j < count; j++) {
      float sum = Math.fma(w0, x0[j], y[j]);
      sum = Math.fma(w1, x1[j], sum);
      sum = Math.fma(w2, x2[j], sum);
      y[j] = Math.fma(w3, x3[j], sum);
    }
  }

  private static void addOne(float[] y, float[] x, float w, int count) {
    for (int j = 0; j < count; j++) {
      y[j] = Math.fma(w, x[j], y[j]);
    }
  }

  private static void addTwoProducts(float[] y, float[][] a, int i, float[][] b, int k, int count) {
    float[] a0 = a[i];
    float[] a1 = a[i + 1];
    float[] b0 = b[k];
    float[] b1 = b[k + 1];
    for (int j = 0; j < count; j++) {
      y[j] = Math.fma(a1[j], b1[j], Math.fma(a0[j], b0[j], y[j]));
    }
  }
}
