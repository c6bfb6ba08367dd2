package dev.sweeprunner.train.cpu;

import static dev.sweeprunner.train.cpu.SimdTiles.LANES;
import static dev.sweeprunner.train.cpu.SimdTiles.PANEL;
import static dev.sweeprunner.train.cpu.SimdTiles.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The head's passes in the Vector API, with the bits of {@link PlainHeadLoops}: a tile is {@value
 * #ROWS} rows by one panel, so that its logits stay in the first-level cache.
 */
final class SimdHeadLoops implements HeadLoops {
  private static final int LOGITS = 8;
  private static final int INPUT = 9;
  private static final int SUMS = 10;

  /** Keeps rows of a power of two from sharing one set of a cache. */
  private static final int APART = 16;

  private final HeadLoops plain = new PlainHeadLoops();
  private final long worth;
  private boolean small;

  /** The blocks' hidden states, (feature, token): what the second pass multiplies by. */
  private float[][] flat = new float[0][0];

  /**
   * @param worth operations of a call from which the Vector API pays
   */
  SimdHeadLoops(long worth) {
    this.worth = worth;
  }

  @Override
  public void begin(int blocks, long work) {
    small = work < worth;
    if (!small && flat.length < blocks) {
      flat = Arrays.copyOf(flat, blocks);
    }
  }

  @Override
  public void first(
      int block,
      int tokens,
      float[][] x,
      HeadKernel.Matrix matrix,
      float[] top,
      float[] sum,
      float @Nullable [][] sums,
      ThreadScratch scratch) {
    if (small) {
      plain.first(block, tokens, x, matrix, top, sum, sums, scratch);
      return;
    }
    int features = matrix.features();
    int size = SimdTiles.panels(x[0].length) * PANEL * features;
    float[] input = scratch.row(INPUT, size);
    float[] gradient = sums == null ? null : scratch.row(SUMS, size);
    float[] logits = scratch.row(LOGITS, ROWS * PANEL + 2 * size / features);
    for (int j = 0; j < tokens; j += PANEL) {
      SimdTiles.pack(x, features, j, tokens, input, j * features);
    }
    if (gradient != null) {
      Arrays.fill(gradient, 0, size, 0f);
      keep(block, x);
    }
    Softmax softmax = new Softmax(logits, ROWS * PANEL, ROWS * PANEL + size / features);
    softmax.clear(tokens);
    float[] w = matrix.weight();
    for (int v = 0; v < matrix.count(); v += ROWS) {
      int count = Math.min(ROWS, matrix.count() - v);
      int at = v * features;
      for (int j = 0; j < tokens; j += PANEL) {
        Arrays.fill(logits, 0, ROWS * PANEL, 0f);
        SimdTiles.addProducts(w, at, features, 1, count, input, j * features, features, logits, 0);
        softmax.take(count, j, gradient, j * features, features);
        if (gradient != null) {
          SimdTiles.addProducts(
              w, at, 1, features, features, logits, 0, count, gradient, j * features);
        }
      }
    }
    System.arraycopy(logits, softmax.top, top, 0, tokens);
    System.arraycopy(logits, softmax.sum, sum, 0, tokens);
    for (int j = 0; gradient != null && sums != null && j < tokens; j += PANEL) {
      SimdTiles.unpack(gradient, j * features, features, sums, 0, j, tokens);
    }
  }

  private void keep(int block, float[][] x) {
    int stride = x[0].length + APART;
    if (flat[block] == null || flat[block].length < x.length * stride) {
      flat[block] = new float[x.length * stride];
    }
    for (int c = 0; c < x.length; c++) {
      System.arraycopy(x[c], 0, flat[block], c * stride, x[c].length);
    }
  }

  @Override
  public void second(
      int rows,
      HostActivation x,
      HeadKernel.Matrix piece,
      int[] targets,
      float[] logSums,
      float[][] sums,
      ThreadScratch scratch) {
    if (small) {
      plain.second(rows, x, piece, targets, logSums, sums, scratch);
      return;
    }
    int features = x.features();
    int lanes = piece.count();
    int size = SimdTiles.panels(HeadKernel.PIECE) * PANEL * features;
    float[] matrix = scratch.row(INPUT, size);
    float[] gradient = scratch.row(SUMS, size);
    float[] logits = scratch.row(LOGITS, ROWS * PANEL);
    turn(piece, matrix);
    Arrays.fill(gradient, 0, size, 0f);
    int stride = x.width() + APART;
    for (int block = 0; block < x.blocks(rows); block++) {
      float[] w = flat[block];
      int tokens = x.tokens(block, rows);
      for (int n = 0; n < tokens; n += ROWS) {
        int count = Math.min(ROWS, tokens - n);
        int token = x.firstToken(block) + n;
        for (int v = 0; v < lanes; v += PANEL) {
          int at = v * features;
          Arrays.fill(logits, 0, ROWS * PANEL, 0f);
          SimdTiles.addProducts(w, n, 1, stride, count, matrix, at, features, logits, 0);
          weigh(logits, count, logSums, targets, token);
          SimdTiles.addProducts(w, n, stride, 1, features, logits, 0, count, gradient, at);
        }
      }
    }
    for (int v = 0; v < lanes; v += PANEL) {
      SimdTiles.unpack(gradient, v * features, features, sums, 0, v, lanes);
    }
  }

  private static void turn(HeadKernel.Matrix piece, float[] panels) {
    int features = piece.features();
    for (int v = 0; v < piece.count(); v++) {
      int from = (piece.first() + v) * features;
      int to = v / PANEL * PANEL * features + v % PANEL;
      for (int c = 0; c < features; c++) {
        panels[to + c * PANEL] = piece.weight()[from + c];
      }
    }
  }

  private static void weigh(float[] logits, int count, float[] logSums, int[] targets, int token) {
    for (int i = 0; i < count; i++) {
      float logSum = logSums[token + i];
      float counts = targets[token + i] < 0 ? 0f : 1f;
      int at = i * PANEL;
      for (int j = at; j < at + PANEL; j += LANES) {
        FloatVector logit = FloatVector.fromArray(SPECIES, logits, j);
        SimdTiles.exp(logit.sub(logSum)).mul(counts).intoArray(logits, j);
      }
    }
  }

  /**
   * The online softmax of a panel. In one array: the logits of a tile, then the largest so far of
   * every token, then the sums.
   */
  private static final class Softmax {
    private final float[] memory;
    private final int top;
    private final int sum;

    Softmax(float[] memory, int top, int sum) {
      this.memory = memory;
      this.top = top;
      this.sum = sum;
    }

    void clear(int tokens) {
      int padded = SimdTiles.panels(tokens) * PANEL;
      Arrays.fill(memory, top, top + padded, -Float.MAX_VALUE);
      Arrays.fill(memory, sum, sum + padded, 0f);
    }

    /** Turns the logits of a panel's tokens into exp(logit − top), and keeps top and sum. */
    void take(int count, int j, float @Nullable [] gradient, int at, int features) {
      take(count, 0, top + j, sum + j, gradient, at, features);
      take(count, LANES, top + j + LANES, sum + j + LANES, gradient, at + LANES, features);
    }

    private void take(
        int count, int lane, int top, int sum, float @Nullable [] gradient, int at, int features) {
      FloatVector before = FloatVector.fromArray(SPECIES, memory, top);
      FloatVector highest = before;
      for (int i = 0; i < count; i++) {
        FloatVector logit = FloatVector.fromArray(SPECIES, memory, lane + i * PANEL);
        highest = highest.blend(logit, logit.compare(VectorOperators.GT, highest));
      }
      FloatVector old = FloatVector.fromArray(SPECIES, memory, sum);
      if (highest.compare(VectorOperators.GT, before).anyTrue()) {
        FloatVector factor = SimdTiles.exp(before.sub(highest));
        old = old.mul(factor);
        highest.intoArray(memory, top);
        for (int c = 0; gradient != null && c < features; c++) {
          int i = at + c * PANEL;
          FloatVector.fromArray(SPECIES, gradient, i).mul(factor).intoArray(gradient, i);
        }
      }
      FloatVector all = FloatVector.zero(SPECIES);
      for (int i = 0; i < count; i++) {
        int from = lane + i * PANEL;
        FloatVector logit = FloatVector.fromArray(SPECIES, memory, from);
        FloatVector e = SimdTiles.exp(logit.sub(highest));
        e.intoArray(memory, from);
        all = all.add(e);
      }
      all.add(old).intoArray(memory, sum);
    }
  }
}
