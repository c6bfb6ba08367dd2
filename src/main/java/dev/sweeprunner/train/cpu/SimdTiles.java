package dev.sweeprunner.train.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a matrix with a panel, in the Vector API: {@link #PANEL} numbers side by side, row
 * after row, which is as many tokens (or vocabulary rows) as two registers hold.
 *
 * <p>Eight rows of the result stay in sixteen registers, with names of their own because C2 keeps
 * no array of vectors in registers. A lane is one sum in the order of k by {@link Math#fma}, so the
 * bits are those of {@link VectorLoops#addScaled} whatever the machine's registers hold.
 */
final class SimdTiles {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** Numbers of a panel's row. */
  static final int PANEL = 2 * LANES;

  private static final int ROWS = 8;

  private SimdTiles() {}

  /**
   * out[to + o · PANEL + j] += Σ_k w[at + o · rowStep + k · step] · x[from + k · PANEL + j] for o
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
      int to) {
    int o = 0;
    if (step == 1) {
      for (; o + ROWS <= rows; o += ROWS) {
        eightRows(w, at + o * rowStep, rowStep, x, from, count, out, to + o * PANEL);
      }
    } else if (rowStep == 1) {
      for (; o + ROWS <= rows; o += ROWS) {
        eightColumns(w, at + o, step, x, from, count, out, to + o * PANEL);
      }
    }
    for (; o < rows; o++) {
      oneRow(w, at + o * rowStep, step, x, from, count, out, to + o * PANEL);
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

  /** Writes a row into a column of a panel: panel[to + j · PANEL] = row[j]. */
  static void turn(float[] row, int count, float[] panel, int to) {
    for (int j = 0; j < count; j++) {
      panel[to + j * PANEL] = row[j];
    }
  }

  /** How many panels hold so many numbers. */
  static int panels(int count) {
    return (count + PANEL - 1) / PANEL;
  }

  /** {@link DeterministicMath#exp}, lane by lane the same operations. */
  static FloatVector exp(FloatVector x) {
    FloatVector y = x.lanewise(VectorOperators.MAX, DeterministicMath.LOWEST).mul(0.015625f);
    FloatVector q = y.fma(broadcast(1f / 720), broadcast(1f / 120));
    q = y.fma(q, broadcast(1f / 24));
    q = y.fma(q, broadcast(1f / 6));
    q = y.fma(q, broadcast(0.5f));
    q = y.fma(q, broadcast(1f));
    FloatVector p = y.mul(q);
    p = p.fma(p, p.add(p));
    p = p.fma(p, p.add(p));
    p = p.fma(p, p.add(p));
    FloatVector e = p.add(1f);
    e = e.mul(e);
    e = e.mul(e);
    return e.mul(e);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** Rows whose numbers lie side by side: step 1. */
  private static void eightRows(
      float[] w, int at, int rowStep, float[] x, int from, int count, float[] out, int to) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, out, to);
    FloatVector b0 = FloatVector.fromArray(SPECIES, out, to + LANES);
    FloatVector a1 = FloatVector.fromArray(SPECIES, out, to + PANEL);
    FloatVector b1 = FloatVector.fromArray(SPECIES, out, to + PANEL + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, out, to + 2 * PANEL);
    FloatVector b2 = FloatVector.fromArray(SPECIES, out, to + 2 * PANEL + LANES);
    FloatVector a3 = FloatVector.fromArray(SPECIES, out, to + 3 * PANEL);
    FloatVector b3 = FloatVector.fromArray(SPECIES, out, to + 3 * PANEL + LANES);
    FloatVector a4 = FloatVector.fromArray(SPECIES, out, to + 4 * PANEL);
    FloatVector b4 = FloatVector.fromArray(SPECIES, out, to + 4 * PANEL + LANES);
    FloatVector a5 = FloatVector.fromArray(SPECIES, out, to + 5 * PANEL);
    FloatVector b5 = FloatVector.fromArray(SPECIES, out, to + 5 * PANEL + LANES);
    FloatVector a6 = FloatVector.fromArray(SPECIES, out, to + 6 * PANEL);
    FloatVector b6 = FloatVector.fromArray(SPECIES, out, to + 6 * PANEL + LANES);
    FloatVector a7 = FloatVector.fromArray(SPECIES, out, to + 7 * PANEL);
    FloatVector b7 = FloatVector.fromArray(SPECIES, out, to + 7 * PANEL + LANES);
    int i0 = at;
    int i1 = at + rowStep;
    int i2 = at + 2 * rowStep;
    int i3 = at + 3 * rowStep;
    int i4 = at + 4 * rowStep;
    int i5 = at + 5 * rowStep;
    int i6 = at + 6 * rowStep;
    int i7 = at + 7 * rowStep;
    for (int k = 0; k < count; k++) {
      FloatVector p = FloatVector.fromArray(SPECIES, x, from + k * PANEL);
      FloatVector q = FloatVector.fromArray(SPECIES, x, from + k * PANEL + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[i0 + k]);
      a0 = w0.fma(p, a0);
      b0 = w0.fma(q, b0);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[i1 + k]);
      a1 = w1.fma(p, a1);
      b1 = w1.fma(q, b1);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[i2 + k]);
      a2 = w2.fma(p, a2);
      b2 = w2.fma(q, b2);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[i3 + k]);
      a3 = w3.fma(p, a3);
      b3 = w3.fma(q, b3);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[i4 + k]);
      a4 = w4.fma(p, a4);
      b4 = w4.fma(q, b4);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[i5 + k]);
      a5 = w5.fma(p, a5);
      b5 = w5.fma(q, b5);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[i6 + k]);
      a6 = w6.fma(p, a6);
      b6 = w6.fma(q, b6);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[i7 + k]);
      a7 = w7.fma(p, a7);
      b7 = w7.fma(q, b7);
    }
    a0.intoArray(out, to);
    b0.intoArray(out, to + LANES);
    a1.intoArray(out, to + PANEL);
    b1.intoArray(out, to + PANEL + LANES);
    a2.intoArray(out, to + 2 * PANEL);
    b2.intoArray(out, to + 2 * PANEL + LANES);
    a3.intoArray(out, to + 3 * PANEL);
    b3.intoArray(out, to + 3 * PANEL + LANES);
    a4.intoArray(out, to + 4 * PANEL);
    b4.intoArray(out, to + 4 * PANEL + LANES);
    a5.intoArray(out, to + 5 * PANEL);
    b5.intoArray(out, to + 5 * PANEL + LANES);
    a6.intoArray(out, to + 6 * PANEL);
    b6.intoArray(out, to + 6 * PANEL + LANES);
    a7.intoArray(out, to + 7 * PANEL);
    b7.intoArray(out, to + 7 * PANEL + LANES);
  }

  /** Rows that lie side by side themselves: rowStep 1. */
  private static void eightColumns(
      float[] w, int at, int step, float[] x, int from, int count, float[] out, int to) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, out, to);
    FloatVector b0 = FloatVector.fromArray(SPECIES, out, to + LANES);
    FloatVector a1 = FloatVector.fromArray(SPECIES, out, to + PANEL);
    FloatVector b1 = FloatVector.fromArray(SPECIES, out, to + PANEL + LANES);
    FloatVector a2 = FloatVector.fromArray(SPECIES, out, to + 2 * PANEL);
    FloatVector b2 = FloatVector.fromArray(SPECIES, out, to + 2 * PANEL + LANES);
    FloatVector a3 = FloatVector.fromArray(SPECIES, out, to + 3 * PANEL);
    FloatVector b3 = FloatVector.fromArray(SPECIES, out, to + 3 * PANEL + LANES);
    FloatVector a4 = FloatVector.fromArray(SPECIES, out, to + 4 * PANEL);
    FloatVector b4 = FloatVector.fromArray(SPECIES, out, to + 4 * PANEL + LANES);
    FloatVector a5 = FloatVector.fromArray(SPECIES, out, to + 5 * PANEL);
    FloatVector b5 = FloatVector.fromArray(SPECIES, out, to + 5 * PANEL + LANES);
    FloatVector a6 = FloatVector.fromArray(SPECIES, out, to + 6 * PANEL);
    FloatVector b6 = FloatVector.fromArray(SPECIES, out, to + 6 * PANEL + LANES);
    FloatVector a7 = FloatVector.fromArray(SPECIES, out, to + 7 * PANEL);
    FloatVector b7 = FloatVector.fromArray(SPECIES, out, to + 7 * PANEL + LANES);
    for (int k = 0; k < count; k++) {
      int i = at + k * step;
      FloatVector p = FloatVector.fromArray(SPECIES, x, from + k * PANEL);
      FloatVector q = FloatVector.fromArray(SPECIES, x, from + k * PANEL + LANES);
      FloatVector w0 = FloatVector.broadcast(SPECIES, w[i]);
      a0 = w0.fma(p, a0);
      b0 = w0.fma(q, b0);
      FloatVector w1 = FloatVector.broadcast(SPECIES, w[i + 1]);
      a1 = w1.fma(p, a1);
      b1 = w1.fma(q, b1);
      FloatVector w2 = FloatVector.broadcast(SPECIES, w[i + 2]);
      a2 = w2.fma(p, a2);
      b2 = w2.fma(q, b2);
      FloatVector w3 = FloatVector.broadcast(SPECIES, w[i + 3]);
      a3 = w3.fma(p, a3);
      b3 = w3.fma(q, b3);
      FloatVector w4 = FloatVector.broadcast(SPECIES, w[i + 4]);
      a4 = w4.fma(p, a4);
      b4 = w4.fma(q, b4);
      FloatVector w5 = FloatVector.broadcast(SPECIES, w[i + 5]);
      a5 = w5.fma(p, a5);
      b5 = w5.fma(q, b5);
      FloatVector w6 = FloatVector.broadcast(SPECIES, w[i + 6]);
      a6 = w6.fma(p, a6);
      b6 = w6.fma(q, b6);
      FloatVector w7 = FloatVector.broadcast(SPECIES, w[i + 7]);
      a7 = w7.fma(p, a7);
      b7 = w7.fma(q, b7);
    }
    a0.intoArray(out, to);
    b0.intoArray(out, to + LANES);
    a1.intoArray(out, to + PANEL);
    b1.intoArray(out, to + PANEL + LANES);
    a2.intoArray(out, to + 2 * PANEL);
    b2.intoArray(out, to + 2 * PANEL + LANES);
    a3.intoArray(out, to + 3 * PANEL);
    b3.intoArray(out, to + 3 * PANEL + LANES);
    a4.intoArray(out, to + 4 * PANEL);
    b4.intoArray(out, to + 4 * PANEL + LANES);
    a5.intoArray(out, to + 5 * PANEL);
    b5.intoArray(out, to + 5 * PANEL + LANES);
    a6.intoArray(out, to + 6 * PANEL);
    b6.intoArray(out, to + 6 * PANEL + LANES);
    a7.intoArray(out, to + 7 * PANEL);
    b7.intoArray(out, to + 7 * PANEL + LANES);
  }

  private static void oneRow(
      float[] w, int at, int step, float[] x, int from, int count, float[] out, int to) {
    FloatVector a = FloatVector.fromArray(SPECIES, out, to);
    FloatVector b = FloatVector.fromArray(SPECIES, out, to + LANES);
    for (int k = 0; k < count; k++) {
      FloatVector factor = FloatVector.broadcast(SPECIES, w[at + k * step]);
      a = factor.fma(FloatVector.fromArray(SPECIES, x, from + k * PANEL), a);
      b = factor.fma(FloatVector.fromArray(SPECIES, x, from + k * PANEL + LANES), b);
    }
    a.intoArray(out, to);
    b.intoArray(out, to + LANES);
  }
}
