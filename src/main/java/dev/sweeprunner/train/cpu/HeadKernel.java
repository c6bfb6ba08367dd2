package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.cpu.HeadLoops.Span;
import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fused head: softmax cross-entropy of x · Wᵀ in two passes over the vocabulary, with the
 * logits of a few tokens in memory.
 *
 * <p>First pass, a span of tokens at a time: sum of exponentials as in online softmax (Milakov and
 * Gimelshein, 2018), with the input's gradient Σ_v p_v · W_v beside it. What is subtracted from the
 * logits is not their running maximum but follows it where it must ({@link HeadLoops#MOST}), which
 * saves a look at each of them. Second pass, a piece of the vocabulary at a time: Σ_n p_n · x_n.
 * The targets' own share is subtracted outside the loops.
 */
final class HeadKernel {
  /** Vocabulary rows per task of the second pass. */
  static final int PIECE = 256;

  private static final int LINES = 2;

  private final ThreadPool pool;
  private final HeadLoops small;
  private final HeadLoops large;
  private final long worth;
  private double[] losses = new double[0];

  /** One over the sum of exponentials, by token; whole panels are read, so it is longer. */
  private float[] shares = new float[0];

  /** Σ_n p_n · x_n: (vocabulary, features), in rows as the loops want them. */
  private float[] weightSums = new float[0];

  /**
   * @param worth operations of a call from which the large loops pay
   */
  HeadKernel(ThreadPool pool, HeadLoops small, HeadLoops large, long worth) {
    this.pool = pool;
    this.small = small;
    this.large = large;
    this.worth = worth;
  }

  double run(
      int rows, HostActivation x, float[] weight, int[] targets, @Nullable HeadGradient gradient) {
    int tokens = rows * x.length();
    if (losses.length < tokens) {
      losses = new double[tokens];
      shares = new float[tokens + PIECE];
    }
    long work = (gradient == null ? 2L : 4L) * tokens * weight.length;
    Call call = new Call(rows, x, weight, targets, work < worth ? small : large);
    if (gradient == null) {
      for (List<Span> group : call.groups(Integer.MAX_VALUE)) {
        firstPass(call, group, null, 0);
      }
    } else {
      backward(call, gradient);
    }
    double sum = 0;
    for (int token = 0; token < tokens; token++) {
      sum += losses[token];
    }
    return sum;
  }

  private void backward(Call call, HeadGradient gradient) {
    int stride = call.loops.strideOf(call.x.features());
    int size = Math.multiplyExact(call.vocabulary(), stride);
    if (weightSums.length < size) {
      weightSums = new float[size];
    } else {
      Arrays.fill(weightSums, 0, size, 0f);
    }
    for (List<Span> group : call.groups(call.loops.spansAtOnce(call.span(), call.vocabulary()))) {
      firstPass(call, group, (HostActivation) gradient.input(), gradient.scale());
      secondPass(call, group);
    }
    addTo(HostFloats.values(gradient.weight()), call, stride, gradient.scale());
  }

  private void firstPass(Call call, List<Span> group, @Nullable HostActivation input, float scale) {
    call.loops.begin(group.size());
    pool.run(
        group.size(),
        call.work(group),
        (number, scratch) -> {
          Span span = group.get(number);
          float[][] sums = input == null ? null : input.block(span.block());
          Pass pass = new Pass(call, span, scratch);
          pass.run(sums);
          pass.finish(losses, shares);
          if (sums != null) {
            pass.finishGradient(sums, scale);
          }
        });
  }

  private void secondPass(Call call, List<Span> group) {
    pool.run(
        call.pieces(),
        call.work(group),
        (piece, scratch) ->
            call.loops.second(group, call.x, call.piece(piece), shares, weightSums, scratch));
  }

  /** gradient += scale · (weightSums − the hidden states of the tokens with this target). */
  private void addTo(float[] gradient, Call call, int stride, float scale) {
    int features = call.x.features();
    int[] order = new int[call.tokens()];
    int[] ends = byPiece(call.targets, call.tokens(), call.pieces(), order);
    pool.run(
        call.pieces(),
        2L * call.weight.length,
        (piece, scratch) -> {
          Matrix matrix = call.piece(piece);
          for (int v = matrix.first(); v < matrix.first() + matrix.count(); v++) {
            for (int c = 0; c < features; c++) {
              gradient[v * features + c] += scale * weightSums[v * stride + c];
            }
          }
          for (int i = piece == 0 ? 0 : ends[piece - 1]; i < ends[piece]; i++) {
            int token = order[i];
            float[][] block = call.x.block(token / call.x.width());
            int at = call.targets[token] * features;
            for (int c = 0; c < features; c++) {
              gradient[at + c] -= scale * block[c][token % call.x.width()];
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

  /** What one call of the head is given. */
  @SuppressWarnings("ArrayRecordComponent") // A view of memory, never compared.
  private record Call(int rows, HostActivation x, float[] weight, int[] targets, HeadLoops loops) {
    int tokens() {
      return rows * x.length();
    }

    int vocabulary() {
      return weight.length / x.features();
    }

    int pieces() {
      return (vocabulary() + PIECE - 1) / PIECE;
    }

    Matrix piece(int piece) {
      int first = piece * PIECE;
      return new Matrix(weight, x.features(), first, Math.min(PIECE, vocabulary() - first));
    }

    /** Tokens of a span. */
    int span() {
      return loops.spanOf(x.width(), x.blocks(rows), vocabulary());
    }

    List<List<Span>> groups(int most) {
      return Span.groups(rows, x, span(), most);
    }

    /** Floating-point operations of one pass, roughly. */
    long work(List<Span> group) {
      return 4L * group.size() * span() * weight.length;
    }
  }

  /** The first pass over the vocabulary for one span of tokens. */
  private static final class Pass {
    private final Call call;
    private final Span span;
    private final int features;
    private final float[][] x;

    /** A logit near the largest so far, by token. */
    private final float[] top;

    /** Σ exp(logit − top) so far, by token. */
    private final float[] sum;

    private final float[] factor;
    private final ThreadScratch scratch;

    Pass(Call call, Span span, ThreadScratch scratch) {
      this.call = call;
      this.span = span;
      this.features = call.x.features();
      this.x = call.x.block(span.block());
      float[][] lines = scratch.rows(LINES, 3, Math.max(PIECE, call.x.width()));
      this.top = lines[0];
      this.sum = lines[1];
      this.factor = lines[2];
      this.scratch = scratch;
    }

    void run(float @Nullable [][] sums) {
      Matrix all = new Matrix(call.weight, features, 0, call.vocabulary());
      call.loops.first(span, x, all, top, sum, sums, scratch);
    }

    void finish(double[] losses, float[] shares) {
      for (int j = 0; j < span.count(); j++) {
        boolean counts = target(j) >= 0;
        double logSum = top[j] + StrictMath.log(sum[j]);
        losses[span.firstToken() + j] = counts ? logSum - targetLogit(j) : 0;
        shares[span.firstToken() + j] = (counts ? 1f : 0f) / sum[j]; // what is no number stays none
      }
    }

    /** sums = scale · (sums / sum − W of the target), or 0 where nothing counts. */
    void finishGradient(float[][] sums, float scale) {
      for (int j = 0; j < span.count(); j++) {
        factor[j] = target(j) < 0 ? 0f : 1f / sum[j];
      }
      for (int c = 0; c < features; c++) {
        float[] line = sums[c];
        for (int j = 0; j < span.count(); j++) {
          float own = target(j) < 0 ? 0f : call.weight[target(j) * features + c];
          line[span.from() + j] = scale * (line[span.from() + j] * factor[j] - own);
        }
      }
    }

    private int target(int j) {
      return call.targets[span.firstToken() + j];
    }

    private double targetLogit(int j) {
      int at = target(j) * features;
      double logit = 0;
      for (int c = 0; c < features; c++) {
        logit += (double) call.weight[at + c] * x[c][span.from() + j];
      }
      return logit;
    }
  }

  /** Rows [first, first + count) of the head's matrix. */
  @SuppressWarnings("ArrayRecordComponent") // A view of memory, never compared.
  record Matrix(float[] weight, int features, int first, int count) {}
}
