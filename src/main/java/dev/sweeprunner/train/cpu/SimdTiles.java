package dev.sweeprunner.train.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a matrix with a panel, in the Vector API: {@link #PANEL} numbers side by side, row
 * after row, which is as many tokens (or vocabulary rows) as two registers hold.
 *
 * <p>Four rows of the result stay in eight registers, with names of their own because C2 keeps no
 * array of vectors in registers: as many as a machine with sixteen has room for, and enough for the
 * latency of a product. A lane is one sum in the order of k by {@link Math#fma}, so the bits are
 * those of {@link VectorLoops#addScaled} whatever the machine's registers hold.
 */
final class SimdTiles {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** Numbers of a panel's row. */
  static final int PANEL = 2 * LANES;

  private static final int ROWS = 4;

  /**
   * Products of a sum between two looks at memory: so many rows of a panel stay in the first-level
   * cache, 16 KiB of them. (With G1 C2 puts a safepoint into a loop that it does not know to be
   * shorter than a hundred, which costs a tenth; workers have the serial collector.)
   */
  private static final int SHORT = 128;

  private static final float[] ZEROS = new float[PANEL];
  private static final float PART = DeterministicMath.PART;

  private SimdTiles() {}

  /** {@link #addProducts} to zeros, with a panel's rows for a result. */
  static void setProducts(
      float[] w,
      int at,
      int rowStep,
      int step,
      int rows,
      float[] x,
      int from,
      int count,
      float[] out,
      int to) {
    int some = Math.min(count, SHORT);
    stretch(w, at, rowStep, step, rows, x, from, some, ZEROS, 0, 0, out, to, PANEL);
    int next = at + some * step;
    int row = from + some * PANEL;
    addProducts(w, next, rowStep, step, rows, x, row, count - some, out, to, PANEL);
  }

  /** {@link #addProducts} to a panel's rows. */
  static void addProducts(
      float[] w,
      int at,
      int rowStep,
      int step,
      int rows,
      float[] x,
      int from,
      int count,
      float[] out,
      int to) {
    addProducts(w, at, rowStep, step, rows, x, from, count, out, to, PANEL);
  }

  /**
   * out[to + o · outStep + j] += Σ_k w[at + o · rowStep + k · step] · x[from + k · PANEL + j] for o
   * in [0, rows), k in [0, count), j in [0, PANEL).
   */
  static void addProducts(
      float[] w,
      int at,
      int rowStep,
      int step,
      int rows,
      float[] x,
      int from,
      int count,
      float[] out,
      int to,
      int outStep) {
    for (int k = 0; k < count; k += SHORT) {
      int some = Math.min(count - k, SHORT);
      int row = from + k * PANEL;
      int first = at + k * step;
      stretch(w, first, rowStep, step, rows, x, row, some, out, to, outStep, out, to, outStep);
    }
  }

  /** The rows of out = start + count products, at most {@link #SHORT}. */
  private static void stretch(
      float[] w,
      int at,
      int rowStep,
      int step,
      int rows,
      float[] x,
      int from,
      int count,
      float[] start,
      int startAt,
      int startStep,
      float[] out,
      int to,
      int outStep) {
    int o = 0;
    for (; o + ROWS <= rows; o += ROWS) {
      int row = at + o * rowStep;
      int sum = startAt + o * startStep;
      int result = to + o * outStep;
      fourRows(w, row, rowStep, step, x, from, count, start, sum, startStep, out, result, outStep);
    }
    for (; o < rows; o++) {
      int sum = startAt + o * startStep;
      oneRow(w, at + o * rowStep, step, x, from, count, start, sum, out, to + o * outStep);
    }
  }

  /** Copies x[r][j, j + PANEL) for r in [0, rows) into a panel; what lies past the end is zero. */
  static void pack(float[][] x, int rows, int j, int end, float[] panel, int to) {
    int count = Math.min(PANEL, end - j);
    for (int r = 0; r < rows; r++) {
      int at = to + r * PANEL;
      if (count == PANEL) {
        FloatVector.fromArray(SPECIES, x[r], j).intoArray(panel, at);
        FloatVector.fromArray(SPECIES, x[r], j + LANES).intoArray(panel, at + LANES);
      } else {
        System.arraycopy(x[r], j, panel, at, count);
        Arrays.fill(panel, at + count, at + PANEL, 0f);
      }
    }
  }

  /** The way back: to[r][j, j + PANEL) for r in [0, rows), up to the end. */
  static void unpack(float[] panel, int from, int rows, float[][] to, int first, int j, int end) {
    int count = Math.min(PANEL, end - j);
    for (int r = 0; r < rows; r++) {
      int at = from + r * PANEL;
      if (count == PANEL) {
        FloatVector.fromArray(SPECIES, panel, at).intoArray(to[first + r], j);
        FloatVector.fromArray(SPECIES, panel, at + LANES).intoArray(to[first + r], j + LANES);
      } else {
        System.arraycopy(panel, at, to[first + r], j, count);
      }
    }
  }

  /** Writes a row into a column of a panel: panel[to + j · PANEL] = row[from + j]. */
  static void turn(float[] row, int from, int count, float[] panel, int to) {
    for (int j = 0; j < count; j++) {
      panel[to + j * PANEL] = row[from + j];
    }
  }

  /** How many panels hold so many numbers. */
  static int panels(int count) {
    return (count + PANEL - 1) / PANEL;
  }

  /**
   * out[to + r · PANEL + j] = exp(x[at + r · PANEL + j] − less[from + j]) for r in [0, rows), j in
   * [0, PANEL), and sums[sumAt + j] their sum in the order of r; out may be x. Lane by lane the
   * operations of {@link DeterministicMath#exp}.
   *
   * <p>Twice written out on purpose: a method as long as this C2 compiles by itself. A shorter one
   * it would inline into its callers, and where that exceeds its limits, which is chance, vectors
   * become objects and this takes five times as long.
   */
  static void exp(
      float[] x,
      int at,
      int rows,
      float[] less,
      int from,
      float[] out,
      int to,
      float[] sums,
      int sumAt) {
    FloatVector lowest = FloatVector.broadcast(SPECIES, DeterministicMath.LOWEST * PART);
    FloatVector part = FloatVector.broadcast(SPECIES, PART);
    FloatVector c6 = FloatVector.broadcast(SPECIES, 1f / 720);
    FloatVector c5 = FloatVector.broadcast(SPECIES, 1f / 120);
    FloatVector c4 = FloatVector.broadcast(SPECIES, 1f / 24);
    FloatVector c3 = FloatVector.broadcast(SPECIES, 1f / 6);
    FloatVector c2 = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector c1 = FloatVector.broadcast(SPECIES, 1f);
    FloatVector lessA = FloatVector.fromArray(SPECIES, less, from).mul(-PART);
    FloatVector lessB = FloatVector.fromArray(SPECIES, less, from + LANES).mul(-PART);
    FloatVector sumA = FloatVector.zero(SPECIES);
    FloatVector sumB = FloatVector.zero(SPECIES);
    for (int r = 0; r < rows; r++) {
      // A multiple by a power of two is exact, so this is the difference, rounded once.
      FloatVector a = FloatVector.fromArray(SPECIES, x, at + r * PANEL).fma(part, lessA);
      FloatVector b = FloatVector.fromArray(SPECIES, x, at + r * PANEL + LANES).fma(part, lessB);
      a = a.blend(lowest, a.compare(VectorOperators.LT, lowest));
      b = b.blend(lowest, b.compare(VectorOperators.LT, lowest));
      FloatVector p = a.fma(c6, c5);
      FloatVector q = b.fma(c6, c5);
      p = a.fma(p, c4);
      q = b.fma(q, c4);
      p = a.fma(p, c3);
      q = b.fma(q, c3);
      p = a.fma(p, c2);
      q = b.fma(q, c2);
      p = a.fma(p, c1);
      q = b.fma(q, c1);
      p = a.mul(p);
      q = b.mul(q);
      p = p.fma(p, p.add(p));
      q = q.fma(q, q.add(q));
      p = p.fma(p, p.add(p));
      q = q.fma(q, q.add(q));
      p = p.fma(p, p.add(p)).add(c1);
      q = q.fma(q, q.add(q)).add(c1);
      p = p.mul(p);
      q = q.mul(q);
      p = p.mul(p);
      q = q.mul(q);
      p = p.mul(p);
      q = q.mul(q);
      sumA = sumA.add(p);
      sumB = sumB.add(q);
      p.intoArray(out, to + r * PANEL);
      q.intoArray(out, to + r * PANEL + LANES);
    }
    sumA.intoArray(sums, sumAt);
    sumB.intoArray(sums, sumAt + LANES);
  }

  /** Four rows of out = start + the first {@link #SHORT} of count products. */
  private static void fourRows(
      float[] w,
      int at,
      int rowStep,
      int step,
      float[] x,
      int from,
      int count,
      float[] start,
      int startAt,
      int startStep,
      float[] out,
      int to,
      int outStep) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, start, startAt);
    FloatVector b0 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
    FloatVector a1 = FloatVector.fromArray(SPECIES, start, startAt + startStep);
    FloatVector b1 = FloatVector.fromArray(SPECIES, start, startAt + startStep + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, start, startAt + 2 * startStep);
    FloatVector b2 = FloatVector.fromArray(SPECIES, start, startAt + 2 * startStep + LANES);
    FloatVector a3 = FloatVector.fromArray(SPECIES, start, startAt + 3 * startStep);
    FloatVector b3 = FloatVector.fromArray(SPECIES, start, startAt + 3 * startStep + LANES);
    int i0 = at;
    int i1 = at + rowStep;
    int i2 = at + 2 * rowStep;
    int i3 = at + 3 * rowStep;
    int end = Math.min(count, SHORT);
    for (int k = 0; k < end; k++) {
      FloatVector p = FloatVector.fromArray(SPECIES, x, from + k * PANEL);
      FloatVector q = FloatVector.fromArray(SPECIES, x, from + k * PANEL + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[i0 + k * step]);
      a0 = w0.fma(p, a0);
      b0 = w0.fma(q, b0);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[i1 + k * step]);
      a1 = w1.fma(p, a1);
      b1 = w1.fma(q, b1);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[i2 + k * step]);
      a2 = w2.fma(p, a2);
      b2 = w2.fma(q, b2);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[i3 + k * step]);
      a3 = w3.fma(p, a3);
      b3 = w3.fma(q, b3);
    }
    a0.intoArray(out, to);
    b0.intoArray(out, to + LANES);
    a1.intoArray(out, to + outStep);
    b1.intoArray(out, to + outStep + LANES);
    a2.intoArray(out, to + 2 * outStep);
    b2.intoArray(out, to + 2 * outStep + LANES);
    a3.intoArray(out, to + 3 * outStep);
    b3.intoArray(out, to + 3 * outStep + LANES);
  }

  /** The same of one row. */
  private static void oneRow(
      float[] w,
      int at,
      int step,
      float[] x,
      int from,
      int count,
      float[] start,
      int startAt,
      float[] out,
      int to) {
    FloatVector a = FloatVector.fromArray(SPECIES, start, startAt);
    FloatVector b = FloatVector.fromArray(SPECIES, start, startAt + LANES);
    int end = Math.min(count, SHORT);
    for (int k = 0; k < end; k++) {
      FloatVector factor = FloatVector.broadcast(SPECIES, w[at + k * step]);
      a = factor.fma(FloatVector.fromArray(SPECIES, x, from + k * PANEL), a);
      b = factor.fma(FloatVector.fromArray(SPECIES, x, from + k * PANEL + LANES), b);
    }
    a.intoArray(out, to);
    b.intoArray(out, to + LANES);
  }
}
