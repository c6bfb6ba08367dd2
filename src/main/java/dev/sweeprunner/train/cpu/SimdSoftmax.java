package dev.sweeprunner.train.cpu;

import static dev.sweeprunner.train.cpu.SimdTiles.LANES;
import static dev.sweeprunner.train.cpu.SimdTiles.PANEL;
import static dev.sweeprunner.train.cpu.SimdTiles.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The online softmax of a span of tokens in the Vector API, a panel and a look at a time: by token
 * the top, which is a logit near the largest so far, and the sum of exp(logit − top).
 */
final class SimdSoftmax {
  private final float[] top;
  private final float[] sum;
  private final float[] factor;

  /** What the look at hand adds to the sum of a panel. */
  private final float[] more;

  /**
   * Of no logits yet.
   *
   * @param lines four, (token), whole panels
   */
  SimdSoftmax(float[][] lines) {
    this.top = lines[0];
    this.sum = lines[1];
    this.factor = lines[2];
    this.more = lines[3];
    Arrays.fill(top, -Float.MAX_VALUE);
    Arrays.fill(sum, 0f);
  }

  /** By token of the span. */
  float[] tops() {
    return top;
  }

  /** By token of the span. */
  float[] sums() {
    return sum;
  }

  /**
   * Turns the logits of some rows, of the panel from token j on, into exponentials; whether for one
   * of them the top is too low.
   */
  boolean look(float[] logits, int at, int rows, int j) {
    SimdTiles.exp(logits, at, rows, top, j, logits, at, more, 0);
    return exceeds(0).or(exceeds(LANES)).anyTrue();
  }

  private VectorMask<Float> exceeds(int lane) {
    return FloatVector.fromArray(SPECIES, more, lane).compare(VectorOperators.GT, HeadLoops.MOST);
  }

  /** Raises the tops that are too low; what was summed up before is then to be scaled. */
  void raise(float[] logits, int at, int rows, int j) {
    System.arraycopy(top, j, factor, 0, PANEL);
    raise(logits, at, 0, rows, j);
    raise(logits, at, LANES, rows, j + LANES);
    SimdTiles.exp(factor, 0, 1, top, j, factor, 0, more, 0);
    scale(sum, j, 1);
  }

  private void raise(float[] logits, int at, int lane, int rows, int j) {
    VectorMask<Float> low = exceeds(lane);
    FloatVector a = FloatVector.fromArray(SPECIES, top, j);
    for (int i = 0; i < rows; i++) {
      FloatVector logit = FloatVector.fromArray(SPECIES, logits, at + lane + i * PANEL);
      a = a.blend(logit, logit.compare(VectorOperators.GT, a).and(low));
    }
    a.intoArray(top, j);
  }

  /** Scales some rows of a panel by what {@link #raise} has found. */
  void scale(float[] panel, int at, int rows) {
    FloatVector p = FloatVector.fromArray(SPECIES, factor, 0);
    FloatVector q = FloatVector.fromArray(SPECIES, factor, LANES);
    for (int r = 0; r < rows; r++) {
      int i = at + r * PANEL;
      FloatVector.fromArray(SPECIES, panel, i).mul(p).intoArray(panel, i);
      FloatVector.fromArray(SPECIES, panel, i + LANES).mul(q).intoArray(panel, i + LANES);
    }
  }

  /** Adds what the look has found to the sum. */
  void take(int j) {
    for (int i = 0; i < PANEL; i++) {
      sum[j + i] += more[i];
    }
  }

  /** Turns the tops of some looks into what their exponentials are too large by. */
  void toFactors(float[] tops, int j, int looks) {
    SimdTiles.exp(tops, j * looks, looks, top, j, tops, j * looks, more, 0);
  }
}
