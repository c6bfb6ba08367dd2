package dev.sweeprunner.train.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Linear maps on tiles by plain loops: out (O, tokens) = W (O, I) · x (I, tokens) + bias. */
class PlainLinearKernel extends LinearKernel {
  /** Longest row of the weight gradient that one task owns. */
  private static final int LANES = 256;

  /** Rows of the weight gradient that one task owns. */
  private static final int ROWS = 8;

  /** The wider side of a weight gradient, turned: (piece of its features, token, lane). */
  private float[][][] turned = new float[0][0][0];

  PlainLinearKernel(ThreadPool pool) {
    super(pool);
  }

  /** The wider side is turned to have its features side by side; the other gives the factors. */
  @Override
  void backwardWeight(int rows, HostActivation outGradient, HostActivation x, float[] gradient) {
    int in = x.features();
    int outs = outGradient.features();
    boolean wideOut = outs > in;
    HostActivation wide = wideOut ? outGradient : x;
    HostActivation narrow = wideOut ? x : outGradient;
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
      int rows,
      HostActivation narrow,
      int first,
      int count,
      float[][] lanesOf,
      int lanes,
      float[][] sums) {
    VectorLoops.clear(sums, 0, count, lanes);
    for (int block = 0; block < narrow.blocks(rows); block++) {
      float[][] factors = narrow.block(block);
      int tokens = narrow.tokens(block, rows);
      int offset = narrow.firstToken(block);
      for (int n = 0; n < tokens; n += VectorLoops.CACHED) {
        int end = Math.min(tokens, n + VectorLoops.CACHED);
        for (int r = 0; r < count; r++) {
          float[] w = factors[first + r];
          VectorLoops.addScaled(sums[r], lanesOf, offset + n, offset + end, w, -offset, 1, lanes);
        }
      }
    }
  }

  /** A few cached rows at a time. */
  @Override
  void multiply(
      int rows,
      HostActivation x,
      float[] w,
      int rowStep,
      int step,
      float @Nullable [] start,
      HostActivation out) {
    int in = x.features();
    int outs = out.features();
    pool.run(
        x.blocks(rows),
        2L * rows * x.length() * in * outs,
        (block, scratch) -> {
          int tokens = x.tokens(block, rows);
          float[][] to = out.block(block);
          for (int o = 0; o < outs; o++) {
            Arrays.fill(to[o], 0, tokens, start == null ? 0f : start[o]);
          }
          for (int k = 0; k < in; k += VectorLoops.CACHED) {
            int end = Math.min(in, k + VectorLoops.CACHED);
            for (int o = 0; o < outs; o++) {
              VectorLoops.addScaled(to[o], x.block(block), k, end, w, o * rowStep, step, tokens);
            }
          }
        });
  }

  private void turn(int rows, HostActivation wide) {
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
            VectorLoops.transpose(
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
