package dev.sweeprunner.train.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head's passes by plain loops, with {@value #ROWS} rows of 256 logits in memory. */
final class PlainHeadLoops implements HeadLoops {
  private static final int LOGITS = 0;
  private static final int SUMS = 1;
  private static final int MATRIX = 3;
  private static final int TURNED = 4;
  private static final int FACTOR = 5;

  /** The whole block: the longer the inner loops, the better. */
  @Override
  public int spanOf(int width) {
    return width;
  }

  @Override
  public int spansAtOnce(int vocabulary) {
    return Integer.MAX_VALUE;
  }

  @Override
  public int strideOf(int features) {
    return features;
  }

  @Override
  public void begin(int spans) {
    // Nothing is kept between the passes.
  }

  @Override
  public void first(
      Span span,
      float[][] x,
      HeadKernel.Matrix matrix,
      float[] top,
      float[] sum,
      float @Nullable [][] sums,
      ThreadScratch scratch) {
    int tokens = span.count();
    Arrays.fill(top, 0, tokens, -Float.MAX_VALUE);
    Arrays.fill(sum, 0, tokens, 0f);
    if (sums != null) {
      VectorLoops.clear(sums, 0, matrix.features(), tokens);
    }
    float[][] logits = scratch.rows(LOGITS, ROWS, Math.max(HeadKernel.PIECE, top.length));
    float[] factor = scratch.row(FACTOR, top.length);
    Tile tile = new Tile(tokens, x, matrix, logits, top, sum, factor);
    for (int v = 0; v < matrix.count(); v += ROWS) {
      tile.take(v, Math.min(matrix.count(), v + ROWS), sums);
    }
  }

  /** The logits again, now with the vocabulary side by side. */
  @Override
  public void second(
      List<Span> group,
      HostActivation x,
      HeadKernel.Matrix piece,
      int[] targets,
      float[] logSums,
      float[] sums,
      ThreadScratch scratch) {
    int features = x.features();
    int lanes = piece.count();
    float[][] matrix = scratch.rows(MATRIX, features, HeadKernel.PIECE);
    float[][] turnedSums = scratch.rows(SUMS, features, HeadKernel.PIECE);
    for (int c = 0; c < features; c++) {
      Arrays.fill(turnedSums[c], 0, lanes, 0f);
      for (int v = 0; v < lanes; v++) {
        matrix[c][v] = piece.weight()[(piece.first() + v) * features + c];
      }
    }
    float[][] logits = scratch.rows(LOGITS, ROWS, Math.max(HeadKernel.PIECE, x.width()));
    float[][] turned = scratch.rows(TURNED, ROWS, features);
    for (Span span : group) {
      float[][] block = x.block(span.block());
      for (int n = 0; n < span.count(); n += ROWS) {
        int count = Math.min(ROWS, span.count() - n);
        for (int i = 0; i < count; i++) {
          Arrays.fill(logits[i], 0, lanes, 0f);
          for (int c = 0; c < features; c++) {
            turned[i][c] = block[c][n + i];
          }
        }
        for (int c = 0; c < features; c += ROWS) {
          int end = Math.min(features, c + ROWS);
          for (int i = 0; i < count; i++) {
            VectorLoops.addScaled(logits[i], matrix, c, end, turned[i], 0, 1, lanes);
          }
        }
        for (int i = 0; i < count; i++) {
          int token = span.firstToken() + n + i;
          weigh(logits[i], logSums[token], targets[token] < 0 ? 0f : 1f, lanes);
        }
        for (int c = 0; c < features; c++) {
          VectorLoops.addScaled(turnedSums[c], logits, 0, count, block[c], n, 1, lanes);
        }
      }
    }
    for (int v = 0; v < lanes; v++) {
      for (int c = 0; c < features; c++) {
        sums[(piece.first() + v) * features + c] += turnedSums[c][v];
      }
    }
  }

  private static void weigh(float[] logits, float logSum, float counts, int lanes) {
    for (int j = 0; j < lanes; j++) {
      logits[j] = DeterministicMath.exp(logits[j] - logSum) * counts;
    }
  }

  /** The first pass' state for one block of tokens. */
  @SuppressWarnings("ArrayRecordComponent") // A view of memory, never compared.
  private record Tile(
      int tokens,
      float[][] x,
      HeadKernel.Matrix matrix,
      float[][] logits,
      float[] top,
      float[] sum,
      float[] factor) {
    /** Takes vocabulary rows [from, to) in; {@code sums} are Σ exp(logit − top) · W so far. */
    void take(int from, int to, float @Nullable [][] sums) {
      int count = to - from;
      int features = matrix.features();
      float[] weight = matrix.weight();
      VectorLoops.clear(logits, 0, count, tokens);
      for (int c = 0; c < features; c += ROWS) {
        int end = Math.min(features, c + ROWS);
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
      for (int c = 0; sums != null && c < matrix.features(); c++) {
        VectorLoops.product(sums[c], factor, sums[c], tokens);
      }
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
