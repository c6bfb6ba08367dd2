package dev.sweeprunner.train.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Linear maps on tiles: out (O, tokens) = W (O, I) · x (I, tokens) + bias. */
final class LinearKernel {
  /** Longest row of the weight gradient that one task owns. */
  private static final int LANES = 256;

  /** Rows of the weight gradient that one task owns. */
  private static final int ROWS = 8;

  private final ThreadPool pool;

  /** The wider side of a weight gradient, turned: (piece of its features, token, lane). */
  private float[][][] turned = new float[0][0][0];

  LinearKernel(ThreadPool pool) {
    this.pool = pool;
  }

  void forward(int rows, Tiles x, float[] weight, float @Nullable [] bias, Tiles out) {
    int in = x.features();
    int outs = out.features();
    pool.run(
        x.blocks(rows),
        2L * rows * x.length() * in * outs,
        (block, scratch) -> {
          int tokens = x.tokens(block, rows);
          float[][] to = out.block(block);
          for (int o = 0; o < outs; o++) {
            Arrays.fill(to[o], 0, tokens, bias == null ? 0f : bias[o]);
          }
          multiply(to, outs, x.block(block), in, weight, in, 1, tokens);
        });
  }

  void backwardInput(int rows, Tiles outGradient, float[] weight, Tiles xGradient) {
    int in = xGradient.features();
    int outs = outGradient.features();
    pool.run(
        outGradient.blocks(rows),
        2L * rows * outGradient.length() * in * outs,
        (block, scratch) -> {
          int tokens = outGradient.tokens(block, rows);
          float[][] to = xGradient.block(block);
          for (int i = 0; i < in; i++) {
            Arrays.fill(to[i], 0, tokens, 0f);
          }
          multiply(to, in, outGradient.block(block), outs, weight, 1, in, tokens);
        });
  }

  void backwardBias(int rows, Tiles outGradient, float[] gradient) {
    pool.run(
        gradient.length,
        4L * rows * outGradient.length() * gradient.length,
        (o, scratch) -> {
          double sum = 0;
          for (int block = 0; block < outGradient.blocks(rows); block++) {
            sum += Rows.sum(outGradient.block(block)[o], outGradient.tokens(block, rows));
          }
          gradient[o] += (float) sum;
        });
  }

  /**
   * gradient (O, I) += outGradient · xᵀ. The sum runs over tokens, so the wider of the two sides is
   * turned to have its features side by side; the other one gives the factors.
   */
  void backwardWeight(int rows, Tiles outGradient, Tiles x, float[] gradient) {
    int in = x.features();
    int outs = outGradient.features();
    boolean wideOut = outs > in;
    Tiles wide = wideOut ? outGradient : x;
    Tiles narrow = wideOut ? x : outGradient;
    turn(rows, wide);
    int rowGroups = (narrow.features() + ROWS - 1) / ROWS;
    int pieces = (wide.features() + LANES - 1) / LANES;
    pool.run(
        rowGroups * pieces,
        2L * rows * x.length() * in * outs,
        (task, scratch) -> {
          int first = task % rowGroups * ROWS;
          int count = Math.min(ROWS, narrow.features() - first);
          int piece = task / rowGroups;
          int lanes = Math.min(LANES, wide.features() - piece * LANES);
          float[][] sums = scratch.rows(0, ROWS, LANES);
          weightTile(rows, narrow, first, count, turned[piece], lanes, sums);
          for (int r = 0; r < count; r++) {
            for (int j = 0; j < lanes; j++) {
              int lane = piece * LANES + j;
              int at = wideOut ? lane * in + first + r : (first + r) * in + lane;
              gradient[at] += sums[r][j];
            }
          }
        });
  }

  private static void weightTile(
      int rows, Tiles narrow, int first, int count, float[][] lanesOf, int lanes, float[][] sums) {
    for (int r = 0; r < count; r++) {
      Arrays.fill(sums[r], 0, lanes, 0f);
    }
    for (int block = 0; block < narrow.blocks(rows); block++) {
      float[][] factors = narrow.block(block);
      int tokens = narrow.tokens(block, rows);
      int offset = narrow.firstToken(block);
      for (int n = 0; n < tokens; n += Rows.CACHED) {
        int end = Math.min(tokens, n + Rows.CACHED);
        for (int r = 0; r < count; r++) {
          float[] w = factors[first + r];
          Rows.addScaled(sums[r], lanesOf, offset + n, offset + end, w, -offset, 1, lanes);
        }
      }
    }
  }

  /** to[o] += Σ_k w[o · rowStep + k · step] · x[k], a few cached rows of x at a time. */
  private static void multiply(
      float[][] to, int outs, float[][] x, int in, float[] w, int rowStep, int step, int tokens) {
    for (int k = 0; k < in; k += Rows.CACHED) {
      int end = Math.min(in, k + Rows.CACHED);
      for (int o = 0; o < outs; o++) {
        Rows.addScaled(to[o], x, k, end, w, o * rowStep, step, tokens);
      }
    }
  }

  private void turn(int rows, Tiles wide) {
    int pieces = (wide.features() + LANES - 1) / LANES;
    int tokens = rows * wide.length();
    if (turned.length < pieces || turned[0].length < tokens) {
      int held = turned.length == 0 ? 0 : turned[0].length;
      turned = new float[Math.max(pieces, turned.length)][Math.max(tokens, held)][LANES];
    }
    pool.run(
        wide.blocks(rows),
        8L * tokens * wide.features(),
        (block, scratch) -> {
          for (int piece = 0; piece < pieces; piece++) {
            Rows.transpose(
                wide.block(block),
                piece * LANES,
                Math.min(LANES, wide.features() - piece * LANES),
                wide.tokens(block, rows),
                turned[piece],
                wide.firstToken(block));
          }
        });
  }
}
