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
  private static final int LINES = 5;
  private static final int EXPONENTIALS = 6;

  /** Spans whose tops are kept together. */
  private static final int SPANS = 32;

  private final int threads;

  /** By span of the group: the tops of each look, then the last ones, (look, token). */
  private float[][] tops = new float[0][0];

  /**
   * @param threads that share a group's spans
   */
  PlainHeadLoops(int threads) {
    this.threads = threads;
  }

  /** The whole block: the longer the inner loops, the better. */
  @Override
  public int spanOf(int width, int blocks, int vocabulary) {
    return width;
  }

  @Override
  public int spansAtOnce(int span, int vocabulary) {
    return Math.max(threads, SPANS);
  }

  @Override
  public int strideOf(int features) {
    return features;
  }

  @Override
  public void begin(int spans) {
    if (tops.length < spans) {
      tops = Arrays.copyOf(tops, spans);
    }
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
    float[][] exponentials = scratch.rows(EXPONENTIALS, ROWS, top.length);
    float[][] lines = scratch.rows(LINES, 2, top.length);
    Tile tile = new Tile(tokens, x, matrix, logits, exponentials, top, sum, lines[0], lines[1]);
    float[] kept = sums == null ? null : room(span, matrix.count());
    for (int v = 0; v < matrix.count(); v += ROWS) {
      tile.take(v, Math.min(matrix.count(), v + ROWS), sums);
      keep(top, tokens, kept, v / ROWS);
    }
    keep(top, tokens, kept, HeadLoops.looks(matrix.count()));
  }

  private float[] room(Span span, int vocabulary) {
    int size = (HeadLoops.looks(vocabulary) + 1) * span.count();
    float[] held = tops[span.number()];
    if (held == null || held.length < size) {
      tops[span.number()] = new float[size];
    }
    return tops[span.number()];
  }

  private static void keep(float[] top, int tokens, float @Nullable [] kept, int look) {
    if (kept != null) {
      System.arraycopy(top, 0, kept, look * tokens, tokens);
    }
  }

  /** The logits again, now with the vocabulary side by side. */
  @Override
  public void second(
      List<Span> group,
      HostActivation x,
      HeadKernel.Matrix piece,
      float[] shares,
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
          weigh(logits[i], span, n + i, piece, shares[span.firstToken() + n + i]);
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

  /** Turns a token's logits into probabilities: looks of one top after another together. */
  private void weigh(float[] logits, Span span, int n, HeadKernel.Matrix piece, float share) {
    float[] kept = tops[span.number()];
    int tokens = span.count();
    int vocabulary = piece.weight().length / piece.features();
    float last = kept[HeadLoops.looks(vocabulary) * tokens + n];
    int at = piece.first() / ROWS * tokens + n;
    int from = 0;
    while (from < piece.count()) {
      float top = kept[at];
      int to = from;
      do {
        to += ROWS;
        at += tokens;
      } while (to < piece.count() && kept[at] == top);
      to = Math.min(to, piece.count());
      weigh(logits, from, to, top, DeterministicMath.exp(top - last) * share);
      from = to;
    }
  }

  private static void weigh(float[] logits, int from, int to, float top, float factor) {
    for (int j = from; j < to; j++) {
      logits[j] = DeterministicMath.exp(logits[j] - top) * factor;
    }
  }

  /** The first pass' state for one block of tokens. */
  @SuppressWarnings("ArrayRecordComponent") // A view of memory, never compared.
  private record Tile(
      int tokens,
      float[][] x,
      HeadKernel.Matrix matrix,
      float[][] logits,
      float[][] exponentials,
      float[] top,
      float[] sum,
      float[] more,
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
      look(count);
      if (raise(count)) {
        VectorLoops.product(sum, factor, sum, 0, tokens);
        for (int c = 0; sums != null && c < features; c++) {
          VectorLoops.product(sums[c], factor, sums[c], 0, tokens);
        }
        look(count);
      }
      VectorLoops.add(sum, more, tokens);
      if (sums != null) {
        for (int c = 0; c < features; c++) {
          VectorLoops.addScaled(
              sums[c], exponentials, 0, count, weight, from * features + c, features, tokens);
        }
      }
    }

    private void look(int count) {
      Arrays.fill(more, 0, tokens, 0f);
      for (int v = 0; v < count; v++) {
        exponentials(logits[v], top, exponentials[v], more, tokens);
      }
    }

    /** Raises the tops that are too low; what was summed up before is then to be scaled. */
    private boolean raise(int count) {
      boolean raised = false;
      for (int j = 0; j < tokens; j++) {
        float before = top[j];
        for (int v = 0; more[j] > MOST && v < count; v++) {
          top[j] = logits[v][j] > top[j] ? logits[v][j] : top[j];
        }
        raised |= more[j] > MOST;
        factor[j] = before - top[j];
      }
      for (int j = 0; raised && j < tokens; j++) {
        factor[j] = DeterministicMath.exp(factor[j]);
      }
      return raised;
    }

    private static void exponentials(
        float[] logits, float[] top, float[] out, float[] sum, int tokens) {
      for (int j = 0; j < tokens; j++) {
        float e = DeterministicMath.exp(logits[j] - top[j]);
        out[j] = e;
        sum[j] += e;
      }
    }
  }
}
