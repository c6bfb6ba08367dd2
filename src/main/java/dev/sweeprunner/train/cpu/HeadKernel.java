package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fused head: softmax cross-entropy of x · Wᵀ in two passes over the vocabulary, with 32 · 256
 * logits in memory per thread.
 *
 * <p>First pass, a block of tokens at a time: running maximum and sum of exponentials as in online
 * softmax (Milakov and Gimelshein, 2018), with the input's gradient Σ_v p_v · W_v beside them.
 * Second pass, a piece of the vocabulary at a time: the logits again, now turned, and Σ_n p_n ·
 * x_n. The targets' own share is subtracted outside the loops.
 */
final class HeadKernel {
  /** Vocabulary rows per task of the second pass. */
  private static final int PIECE = 256;

  private static final int LOGITS = 0;
  private static final int SUMS = 1;
  private static final int LINES = 2;
  private static final int MATRIX = 3;
  private static final int TURNED = 4;

  private final ThreadPool pool;
  private double[] losses = new double[0];

  /** The logarithm of the sum of exponentials, by token. */
  private float[] logSums = new float[0];

  HeadKernel(ThreadPool pool) {
    this.pool = pool;
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
    pool.run(
        x.blocks(rows),
        (gradient == null ? 2L : 4L) * tokens * weight.length,
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
    if (sums != null) {
      VectorLoops.clear(sums, 0, pass.features, pass.tokens);
    }
    int vocabulary = pass.weight.length / pass.features;
    for (int v = 0; v < vocabulary; v += VectorLoops.CACHED) {
      pass.tile(v, Math.min(vocabulary, v + VectorLoops.CACHED), sums);
    }
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
          secondPass(rows, x, weight, targets, first, lanes, sums, scratch);
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

  /** sums[c][v] = Σ_n p(n, v) · x(n, c) over all tokens that count. */
  private void secondPass(
      int rows,
      HostActivation x,
      float[] weight,
      int[] targets,
      int first,
      int lanes,
      float[][] sums,
      ThreadScratch scratch) {
    int features = x.features();
    float[][] matrix = scratch.rows(MATRIX, features, PIECE);
    for (int c = 0; c < features; c++) {
      Arrays.fill(sums[c], 0, lanes, 0f);
      for (int v = 0; v < lanes; v++) {
        matrix[c][v] = weight[(first + v) * features + c];
      }
    }
    float[][] logits = scratch.rows(LOGITS, VectorLoops.CACHED, Math.max(PIECE, x.width()));
    float[][] turned = scratch.rows(TURNED, VectorLoops.CACHED, features);
    for (int block = 0; block < x.blocks(rows); block++) {
      int tokens = x.tokens(block, rows);
      for (int n = 0; n < tokens; n += VectorLoops.CACHED) {
        int count = Math.min(VectorLoops.CACHED, tokens - n);
        for (int i = 0; i < count; i++) {
          Arrays.fill(logits[i], 0, lanes, 0f);
          for (int c = 0; c < features; c++) {
            turned[i][c] = x.block(block)[c][n + i];
          }
        }
        for (int c = 0; c < features; c += VectorLoops.CACHED) {
          int end = Math.min(features, c + VectorLoops.CACHED);
          for (int i = 0; i < count; i++) {
            VectorLoops.addScaled(logits[i], matrix, c, end, turned[i], 0, 1, lanes);
          }
        }
        for (int i = 0; i < count; i++) {
          int token = x.firstToken(block) + n + i;
          weigh(logits[i], logSums[token], targets[token] < 0 ? 0f : 1f, lanes);
        }
        for (int c = 0; c < features; c++) {
          VectorLoops.addScaled(sums[c], logits, 0, count, x.block(block)[c], n, 1, lanes);
        }
      }
    }
  }

  private static void weigh(float[] logits, float logSum, float counts, int lanes) {
    for (int j = 0; j < lanes; j++) {
      logits[j] = DeterministicMath.exp(logits[j] - logSum) * counts;
    }
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
    private final float[][] logits;

    /** Largest logit so far, by token. */
    private final float[] top;

    /** Σ exp(logit − top) so far, by token. */
    private final float[] sum;

    private final float[] factor;

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
      int width = Math.max(PIECE, x.width());
      this.logits = scratch.rows(LOGITS, VectorLoops.CACHED, width);
      float[][] lines = scratch.rows(LINES, 3, width);
      this.top = lines[0];
      this.sum = lines[1];
      this.factor = lines[2];
      Arrays.fill(top, 0, tokens, -Float.MAX_VALUE);
      Arrays.fill(sum, 0, tokens, 0f);
    }

    /** Takes vocabulary rows [from, to) in; {@code sums} are Σ exp(logit − top) · W so far. */
    void tile(int from, int to, float @Nullable [][] sums) {
      int count = to - from;
      VectorLoops.clear(logits, 0, count, tokens);
      for (int c = 0; c < features; c += VectorLoops.CACHED) {
        int end = Math.min(features, c + VectorLoops.CACHED);
        for (int v = 0; v < count; v++) {
          VectorLoops.addScaled(logits[v], x, c, end, weight, (from + v) * features, 1, tokens);
        }
      }
      raiseTop(count, sums);
      System.arraycopy(sum, 0, factor, 0, tokens);
      Arrays.fill(sum, 0, tokens, 0f);
      for (int v = 0; v < count; v++) {
        weigh(logits[v], top, sum, tokens);
      }
      VectorLoops.add(sum, factor, tokens);
      if (sums != null) {
        for (int c = 0; c < features; c++) {
          VectorLoops.addScaled(
              sums[c], logits, 0, count, weight, from * features + c, features, tokens);
        }
      }
    }

    private void raiseTop(int count, float @Nullable [][] sums) {
      System.arraycopy(top, 0, factor, 0, tokens);
      for (int v = 0; v < count; v++) {
        VectorLoops.raise(top, logits[v], tokens);
      }
      boolean raised = false;
      for (int j = 0; j < tokens; j++) {
        raised |= top[j] != factor[j];
      }
      if (!raised) {
        return;
      }
      for (int j = 0; j < tokens; j++) {
        factor[j] = DeterministicMath.exp(factor[j] - top[j]);
      }
      VectorLoops.product(sum, factor, sum, tokens);
      for (int c = 0; sums != null && c < features; c++) {
        VectorLoops.product(sums[c], factor, sums[c], tokens);
      }
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

    private static void weigh(float[] logits, float[] top, float[] sum, int tokens) {
      for (int j = 0; j < tokens; j++) {
        float e = DeterministicMath.exp(logits[j] - top[j]);
        logits[j] = e;
        sum[j] += e;
      }
    }
  }
}
