package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import org.jspecify.annotations.Nullable;

/**
 * The fused head: softmax cross-entropy of x · Wᵀ in two passes over the vocabulary, with the
 * logits of a few rows in memory per thread.
 *
 * <p>First pass, a block of tokens at a time: running maximum and sum of exponentials as in online
 * softmax (Milakov and Gimelshein, 2018), with the input's gradient Σ_v p_v · W_v beside them.
 * Second pass, a piece of the vocabulary at a time: the logits again, now turned, and Σ_n p_n ·
 * x_n. The targets' own share is subtracted outside the loops.
 */
final class HeadKernel {
  /** Vocabulary rows per task of the second pass. */
  static final int PIECE = 256;

  private static final int SUMS = 1;
  private static final int LINES = 2;

  private final ThreadPool pool;
  private final HeadLoops loops;
  private double[] losses = new double[0];

  /** The logarithm of the sum of exponentials, by token. */
  private float[] logSums = new float[0];

  HeadKernel(ThreadPool pool, HeadLoops loops) {
    this.pool = pool;
    this.loops = loops;
  }

  double run(
      int rows, HostActivation x, float[] weight, int[] targets, @Nullable HeadGradient gradient) {
    int tokens = rows * x.length();
    if (losses.length < tokens) {
      losses = new double[tokens];
      logSums = new float[tokens];
    }
    HostActivation input = gradient == null ? null : (HostActivation) gradient.input();
    float scale = gradient == null ? 0 : gradient.scale();
    long work = (gradient == null ? 2L : 4L) * tokens * weight.length;
    loops.begin(x.blocks(rows), work);
    pool.run(
        x.blocks(rows),
        work,
        (block, scratch) ->
            firstPass(new Pass(x, block, rows, weight, targets, scratch), input, scale));
    if (gradient != null) {
      float[] to = HostFloats.values(gradient.weight());
      backwardWeight(rows, x, weight, targets, scale, to);
    }
    double sum = 0;
    for (int token = 0; token < tokens; token++) {
      sum += losses[token];
    }
    return sum;
  }

  private void firstPass(Pass pass, @Nullable HostActivation input, float scale) {
    float[][] sums = input == null ? null : input.block(pass.block);
    pass.run(loops, sums);
    pass.finish(losses, logSums);
    if (sums != null) {
      pass.finishGradient(sums, scale);
    }
  }

  private void backwardWeight(
      int rows, HostActivation x, float[] weight, int[] targets, float scale, float[] gradient) {
    int features = x.features();
    int vocabulary = weight.length / features;
    int pieces = (vocabulary + PIECE - 1) / PIECE;
    int tokens = rows * x.length();
    int[] order = new int[tokens];
    int[] ends = byPiece(targets, tokens, pieces, order);
    pool.run(
        pieces,
        4L * tokens * weight.length,
        (piece, scratch) -> {
          int first = piece * PIECE;
          int lanes = Math.min(PIECE, vocabulary - first);
          float[][] sums = scratch.rows(SUMS, features, PIECE);
          Matrix matrix = new Matrix(weight, features, first, lanes);
          loops.second(rows, x, matrix, targets, logSums, sums, scratch);
          for (int v = 0; v < lanes; v++) {
            for (int c = 0; c < features; c++) {
              gradient[(first + v) * features + c] += scale * sums[c][v];
            }
          }
          for (int i = piece == 0 ? 0 : ends[piece - 1]; i < ends[piece]; i++) {
            int token = order[i];
            float[][] block = x.block(token / x.width());
            int at = targets[token] * features;
            for (int c = 0; c < features; c++) {
              gradient[at + c] -= scale * block[c][token % x.width()];
            }
          }
        });
  }

  /**
   * Sorts the tokens that count by their target's piece, then by number; returns each piece's end.
   */
  private static int[] byPiece(int[] targets, int tokens, int pieces, int[] order) {
    int[] next = new int[pieces + 1];
    for (int token = 0; token < tokens; token++) {
      if (targets[token] >= 0) {
        next[targets[token] / PIECE + 1]++;
      }
    }
    for (int piece = 0; piece < pieces; piece++) {
      next[piece + 1] += next[piece];
    }
    for (int token = 0; token < tokens; token++) {
      if (targets[token] >= 0) {
        order[next[targets[token] / PIECE]++] = token;
      }
    }
    return next;
  }

  /** The first pass over the vocabulary for one block of tokens. */
  private static final class Pass {
    private final int block;
    private final int tokens;
    private final int firstToken;
    private final int features;
    private final float[][] x;
    private final float[] weight;
    private final int[] targets;

    /** Largest logit so far, by token. */
    private final float[] top;

    /** Σ exp(logit − top) so far, by token. */
    private final float[] sum;

    private final float[] factor;
    private final ThreadScratch scratch;

    Pass(
        HostActivation x,
        int block,
        int rows,
        float[] weight,
        int[] targets,
        ThreadScratch scratch) {
      this.block = block;
      this.tokens = x.tokens(block, rows);
      this.firstToken = x.firstToken(block);
      this.features = x.features();
      this.x = x.block(block);
      this.weight = weight;
      this.targets = targets;
      float[][] lines = scratch.rows(LINES, 3, Math.max(PIECE, x.width()));
      this.top = lines[0];
      this.sum = lines[1];
      this.factor = lines[2];
      this.scratch = scratch;
    }

    void run(HeadLoops loops, float @Nullable [][] sums) {
      Matrix all = new Matrix(weight, features, 0, weight.length / features);
      loops.first(block, tokens, x, all, top, sum, sums, scratch);
    }

    void finish(double[] losses, float[] logSums) {
      for (int j = 0; j < tokens; j++) {
        int token = firstToken + j;
        double logSum = top[j] + StrictMath.log(sum[j]);
        logSums[token] = (float) logSum;
        losses[token] = targets[token] < 0 ? 0 : logSum - targetLogit(j);
      }
    }

    /** sums = scale · (sums / sum − W of the target), or 0 where nothing counts. */
    void finishGradient(float[][] sums, float scale) {
      for (int j = 0; j < tokens; j++) {
        factor[j] = targets[firstToken + j] < 0 ? 0f : 1f / sum[j];
      }
      for (int c = 0; c < features; c++) {
        VectorLoops.product(sums[c], factor, sums[c], tokens);
        for (int j = 0; j < tokens; j++) {
          int target = targets[firstToken + j];
          float own = target < 0 ? 0f : weight[target * features + c];
          sums[c][j] = scale * (sums[c][j] - own);
        }
      }
    }

    private double targetLogit(int j) {
      int at = targets[firstToken + j] * features;
      double logit = 0;
      for (int c = 0; c < features; c++) {
        logit += (double) weight[at + c] * x[c][j];
      }
      return logit;
    }
  }

  /** Rows [first, first + count) of the head's matrix. */
  @SuppressWarnings("ArrayRecordComponent") // A view of memory, never compared.
  record Matrix(float[] weight, int features, int first, int count) {}
}
