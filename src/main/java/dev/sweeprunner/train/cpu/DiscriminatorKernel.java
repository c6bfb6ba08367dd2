package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Linear;

/** Discriminators out of the other operations, which are in float32 here anyway. */
final class DiscriminatorKernel implements Discriminators {
  private final Kernels kernels;
  private final ThreadPool pool;

  DiscriminatorKernel(Kernels kernels, ThreadPool pool) {
    this.kernels = kernels;
    this.pool = pool;
  }

  @Override
  public void discriminate(
      int rows,
      Activation x,
      Tokens tokens,
      Discriminator discriminator,
      float scale,
      float reversal,
      Activation xGradient,
      Total loss) {
    Room room = discriminator.room();
    Linear hidden = discriminator.hidden();
    Linear out = discriminator.out();
    HostActivation logits = (HostActivation) room.logits();
    int[] compartments = ((HostTokens) tokens).compartments();
    if (hidden == null || room.wide() == null || room.bent() == null) {
      kernels.linear(rows, x, out, logits);
      ((HostTotal) loss).value += softmax(rows, logits, compartments, scale);
      kernels.linearBackward(rows, logits, x, out, room.xGradient());
    } else if (room.wideGradient() != null) {
      kernels.linearGelu(rows, x, hidden, room.wide(), room.bent());
      kernels.linear(rows, room.bent(), out, logits);
      ((HostTotal) loss).value += softmax(rows, logits, compartments, scale);
      kernels.linearGeluBackward(rows, logits, room.bent(), room.wide(), out, room.wideGradient());
      kernels.linearBackward(rows, room.wideGradient(), x, hidden, room.xGradient());
    }
    addScaled(rows, -reversal, (HostActivation) room.xGradient(), (HostActivation) xGradient);
  }

  /** The sum of the cross-entropies; the logits become their gradients. */
  private double softmax(int rows, HostActivation logits, int[] targets, float scale) {
    double[] losses = new double[logits.blocks(rows)];
    int classes = logits.features();
    pool.run(
        losses.length,
        60L * rows * logits.length() * classes,
        (block, scratch) -> {
          float[][] values = logits.block(block);
          int first = logits.firstToken(block);
          for (int j = 0; j < logits.tokens(block, rows); j++) {
            losses[block] += softmax(values, j, targets[first + j], scale);
          }
        });
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum;
  }

  private static double softmax(float[][] values, int j, int target, float scale) {
    float top = values[0][j];
    for (float[] of : values) {
      top = Math.max(top, of[j]);
    }
    float logit = values[target][j];
    float sum = 0;
    for (float[] of : values) {
      of[j] = DeterministicMath.exp(of[j] - top);
      sum += of[j];
    }
    for (int k = 0; k < values.length; k++) {
      values[k][j] = scale * (values[k][j] / sum - (k == target ? 1 : 0));
    }
    return StrictMath.log(sum) + top - logit;
  }

  private void addScaled(int rows, float factor, HostActivation x, HostActivation to) {
    pool.run(
        x.blocks(rows),
        2L * rows * x.length() * x.features(),
        (block, scratch) -> {
          int tokens = x.tokens(block, rows);
          for (int c = 0; c < x.features(); c++) {
            float[] from = x.block(block)[c];
            float[] sum = to.block(block)[c];
            for (int j = 0; j < tokens; j++) {
              sum[j] = Math.fma(factor, from[j], sum[j]);
            }
          }
        });
  }
}
