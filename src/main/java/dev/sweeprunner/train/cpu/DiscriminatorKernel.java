package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.Arrays;

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
    HostActivation features = (HostActivation) x;
    HostActivation logits = (HostActivation) room.logits();
    pool(rows, features, (HostActivation) room.pooled());
    kernels.layerNorm(rows, room.pooled(), discriminator.norm(), room.normed());
    kernels.linearGelu(rows, room.normed(), discriminator.hidden(), room.wide(), room.bent());
    kernels.linear(rows, room.bent(), discriminator.out(), logits);
    ((HostTotal) loss).value += tell(rows, logits, ((HostTokens) tokens).compartments(), scale);
    kernels.linearGeluBackward(
        rows, logits, room.bent(), room.wide(), discriminator.out(), room.wideGradient());
    kernels.linearBackward(
        rows, room.wideGradient(), room.normed(), discriminator.hidden(), room.normedGradient());
    kernels.zero(room.pooledGradient());
    kernels.layerNormBackward(
        rows, room.normedGradient(), room.pooled(), discriminator.norm(), room.pooledGradient());
    float factor = -reversal / features.length();
    addRows(rows, factor, (HostActivation) room.pooledGradient(), (HostActivation) xGradient);
  }

  private void pool(int rows, HostActivation x, HostActivation pooled) {
    int length = x.length();
    each(
        rows,
        x,
        (block, tokens) -> {
          for (int c = 0; c < x.features(); c++) {
            float[] from = x.block(block)[c];
            float[] to = pooled.block(block)[c];
            Arrays.fill(to, 0, tokens, 0f);
            for (int j = 0; j < tokens; j++) {
              to[j - j % length] += from[j];
            }
            for (int first = 0; first < tokens; first += length) {
              to[first] /= length;
            }
          }
        });
  }

  /** The sum of the rows' cross-entropies; the logits become their gradients. */
  private double tell(int rows, HostActivation logits, int[] compartments, float scale) {
    double[] losses = new double[logits.blocks(rows)];
    each(
        rows,
        logits,
        (block, tokens) -> {
          float[][] values = logits.block(block);
          int first = logits.firstToken(block);
          for (int j = 0; j < tokens; j++) {
            if (j % logits.length() == 0) {
              losses[block] += tell(values, j, compartments[first + j], scale);
            } else {
              for (float[] of : values) {
                of[j] = 0;
              }
            }
          }
        });
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum;
  }

  private static double tell(float[][] values, int j, int compartment, float scale) {
    float top = values[0][j];
    for (float[] of : values) {
      top = Math.max(top, of[j]);
    }
    float own = values[compartment][j];
    float sum = 0;
    for (float[] of : values) {
      of[j] = DeterministicMath.exp(of[j] - top);
      sum += of[j];
    }
    for (int k = 0; k < values.length; k++) {
      values[k][j] = scale * (values[k][j] / sum - (k == compartment ? 1 : 0));
    }
    return StrictMath.log(sum) + top - own;
  }

  private void addRows(int rows, float factor, HostActivation vectors, HostActivation to) {
    each(
        rows,
        to,
        (block, tokens) -> {
          for (int c = 0; c < to.features(); c++) {
            float[] from = vectors.block(block)[c];
            float[] sum = to.block(block)[c];
            for (int j = 0; j < tokens; j++) {
              sum[j] = Math.fma(factor, from[j - j % to.length()], sum[j]);
            }
          }
        });
  }

  private void each(int rows, HostActivation tiles, Work work) {
    pool.run(
        tiles.blocks(rows),
        10L * rows * tiles.length() * tiles.features(),
        (block, scratch) -> work.on(block, tiles.tokens(block, rows)));
  }

  /** What is done with a block's tokens. */
  private interface Work {
    void on(int block, int tokens);
  }
}
