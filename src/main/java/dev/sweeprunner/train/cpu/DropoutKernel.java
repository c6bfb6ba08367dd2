package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.DropoutMask;
import dev.sweeprunner.train.kernels.Dropouts;
import dev.sweeprunner.train.kernels.Kernels.Attention;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What drops numbers. Attention is plainer here than in {@link AttentionKernel}, and slower: token
 * by token, with the weights of one query in memory.
 */
final class DropoutKernel implements Dropouts {
  private static final int WEIGHTS = 0;
  private static final int FACTORS = 1;
  private static final int CHANGES = 2;

  private final ThreadPool pool;

  DropoutKernel(ThreadPool pool) {
    this.pool = pool;
  }

  @Override
  public void drop(
      int rows, Activation x, Dropout dropout, @Nullable Activation addend, Activation out) {
    HostActivation from = (HostActivation) x;
    HostActivation to = (HostActivation) out;
    HostActivation plus = (HostActivation) addend;
    Draw draw = draw(dropout);
    DropoutMask mask = DropoutMask.of(draw, dropout);
    int features = from.features();
    pool.run(
        from.blocks(rows),
        20L * rows * from.length() * features,
        (block, scratch) -> {
          int tokens = from.tokens(block, rows);
          long first = (draw.firstToken() + from.firstToken(block)) * features;
          for (int c = 0; c < features; c++) {
            float[] values = from.block(block)[c];
            float[] sums = plus == null ? null : plus.block(block)[c];
            drop(values, mask, first + c, features, sums, to.block(block)[c], tokens);
          }
        });
  }

  @Override
  public void attention(int rows, Attention attention, Dropout dropout) {
    HostActivation qkv = (HostActivation) attention.qkv();
    pool.run(
        qkv.blocks(rows),
        work(rows, qkv),
        (block, scratch) -> {
          for (Head head : heads(rows, block, attention, dropout, scratch)) {
            head.forward(((HostActivation) attention.out()).block(block));
          }
        });
  }

  @Override
  public void attentionBackward(
      int rows,
      Activation outGradient,
      Attention attention,
      Dropout dropout,
      Activation qkvGradient) {
    HostActivation qkv = (HostActivation) attention.qkv();
    pool.run(
        qkv.blocks(rows),
        3 * work(rows, qkv),
        (block, scratch) -> {
          float[][] out = ((HostActivation) attention.out()).block(block);
          float[][] upper = ((HostActivation) outGradient).block(block);
          float[][] down = ((HostActivation) qkvGradient).block(block);
          for (float[] gradient : down) {
            Arrays.fill(gradient, 0f);
          }
          for (Head head : heads(rows, block, attention, dropout, scratch)) {
            head.backward(upper, out, down);
          }
        });
  }

  private static void drop(
      float[] x,
      DropoutMask mask,
      long index,
      int step,
      float @Nullable [] addend,
      float[] out,
      int tokens) {
    for (int j = 0; j < tokens; j++) {
      float kept = x[j] * mask.factor(index + (long) j * step);
      out[j] = addend == null ? kept : kept + addend[j];
    }
  }

  private static Draw draw(Dropout dropout) {
    return ((HostTokens) dropout.tokens()).draw();
  }

  private static long work(int rows, HostActivation qkv) {
    return 4L * rows * qkv.length() * qkv.length() * qkv.features();
  }

  private static Head[] heads(
      int rows, int block, Attention attention, Dropout dropout, ThreadScratch scratch) {
    Head[] heads = new Head[attention.heads()];
    for (int h = 0; h < heads.length; h++) {
      heads[h] = new Head(rows, block, attention, h, dropout, scratch);
    }
    return heads;
  }

  /** One head of all sequences of a block. */
  private static final class Head {
    private final float[][] qkv;
    private final float[] top;
    private final float[] inverse;
    private final int embd;
    private final int size;
    private final int from;
    private final int tokens;
    private final int length;
    private final float scale;
    private final DropoutMask mask;
    private final long firstIndex;
    private final int indexStep;
    private final float[] weight;
    private final float[] factor;
    private final float[] change;

    Head(
        int rows,
        int block,
        Attention attention,
        int head,
        Dropout dropout,
        ThreadScratch scratch) {
      HostActivation all = (HostActivation) attention.qkv();
      HostActivation statistics = (HostActivation) attention.statistics();
      Draw draw = draw(dropout);
      this.qkv = all.block(block);
      this.top = statistics.block(block)[2 * head];
      this.inverse = statistics.block(block)[2 * head + 1];
      this.embd = all.features() / 3;
      this.size = embd / attention.heads();
      this.from = head * size;
      this.tokens = all.tokens(block, rows);
      this.length = all.length();
      this.scale = (float) (1 / Math.sqrt(size));
      this.mask = DropoutMask.of(draw, dropout);
      this.indexStep = attention.heads() * length;
      this.firstIndex =
          (draw.firstToken() + all.firstToken(block)) * indexStep + (long) head * length;
      this.weight = scratch.row(WEIGHTS, all.width());
      this.factor = scratch.row(FACTORS, all.width());
      this.change = scratch.row(CHANGES, all.width());
    }

    void forward(float[][] out) {
      for (int i = 0; i < tokens; i++) {
        int start = i - i % length;
        scores(i, start);
        float highest = weight[start];
        for (int j = start + 1; j <= i; j++) {
          highest = Math.max(highest, weight[j]);
        }
        top[i] = highest;
        float sum = 0;
        for (int j = start; j <= i; j++) {
          weight[j] = DeterministicMath.exp(weight[j] - highest);
          sum += weight[j];
        }
        inverse[i] = 1f / sum;
        factors(i, start);
        for (int d = from; d < from + size; d++) {
          out[d][i] = inverse[i] * products(qkv[2 * embd + d], start, i);
        }
      }
    }

    void backward(float[][] upper, float[][] out, float[][] down) {
      for (int i = 0; i < tokens; i++) {
        int start = i - i % length;
        scores(i, start);
        Arrays.fill(change, start, i + 1, 0f);
        float mean = 0;
        for (int d = from; d < from + size; d++) {
          mean = Math.fma(upper[d][i], out[d][i], mean);
          addScaled(upper[d][i], qkv[2 * embd + d], change, start, i);
        }
        for (int j = start; j <= i; j++) {
          float share = DeterministicMath.exp(weight[j] - top[i]) * inverse[i];
          float kept = mask.factor(index(i) + j - start);
          factor[j] = share * kept;
          weight[j] = share * Math.fma(change[j], kept, -mean) * scale;
        }
        for (int d = from; d < from + size; d++) {
          addScaled(upper[d][i], factor, down[2 * embd + d], start, i);
          addScaled(qkv[d][i], weight, down[embd + d], start, i);
        }
        Arrays.fill(factor, start, i + 1, 1f);
        for (int d = from; d < from + size; d++) {
          down[d][i] = products(qkv[embd + d], start, i);
        }
      }
    }

    private long index(int i) {
      return firstIndex + (long) i * indexStep;
    }

    /** weight[j] = q(i) · k(j) / sqrt(size) for all j up to i. */
    private void scores(int i, int start) {
      Arrays.fill(weight, start, i + 1, 0f);
      for (int d = from; d < from + size; d++) {
        addScaled(qkv[d][i] * scale, qkv[embd + d], weight, start, i);
      }
    }

    private void factors(int i, int start) {
      for (int j = start; j <= i; j++) {
        factor[j] = mask.factor(index(i) + j - start);
      }
    }

    /** Σ weight · factor · x */
    private float products(float[] x, int start, int end) {
      float sum = 0;
      for (int j = start; j <= end; j++) {
        sum = Math.fma(weight[j] * factor[j], x[j], sum);
      }
      return sum;
    }

    private static void addScaled(float by, float[] x, float[] to, int start, int end) {
      for (int j = start; j <= end; j++) {
        to[j] = Math.fma(by, x[j], to[j]);
      }
    }
  }
}
