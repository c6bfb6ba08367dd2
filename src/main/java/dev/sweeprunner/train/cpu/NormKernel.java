package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Kernels.Norm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** LayerNorm on tiles. Statistics: feature 0 the mean, feature 1 one over the deviation. */
final class NormKernel {
  private final ThreadPool pool;

  NormKernel(ThreadPool pool) {
    this.pool = pool;
  }

  void forward(
      int rows,
      HostActivation x,
      float[] weight,
      float @Nullable [] bias,
      HostActivation out,
      HostActivation statistics) {
    pool.run(
        x.blocks(rows),
        8L * rows * x.length() * x.features(),
        (block, scratch) -> {
          int tokens = x.tokens(block, rows);
          float[][] from = x.block(block);
          float[] mean = statistics.block(block)[0];
          float[] inverse = statistics.block(block)[1];
          statistics(from, weight.length, tokens, mean, inverse);
          for (int c = 0; c < weight.length; c++) {
            float shift = bias == null ? 0f : bias[c];
            scale(from[c], mean, inverse, weight[c], shift, out.block(block)[c], tokens);
          }
        });
  }

  void backwardInput(
      int rows,
      HostActivation outGradient,
      HostActivation x,
      HostActivation statistics,
      float[] weight,
      HostActivation xGradient) {
    int features = weight.length;
    pool.run(
        x.blocks(rows),
        16L * rows * x.length() * features,
        (block, scratch) -> {
          int tokens = x.tokens(block, rows);
          float[][] from = x.block(block);
          float[][] upper = outGradient.block(block);
          float[] mean = statistics.block(block)[0];
          float[] inverse = statistics.block(block)[1];
          float[] sum = scratch.row(0, x.width());
          float[] weighted = scratch.row(1, x.width());
          Arrays.fill(sum, 0, tokens, 0f);
          Arrays.fill(weighted, 0, tokens, 0f);
          for (int c = 0; c < features; c++) {
            addSums(upper[c], from[c], mean, inverse, weight[c], sum, weighted, tokens);
          }
          for (int j = 0; j < tokens; j++) {
            sum[j] = sum[j] / features;
            weighted[j] = weighted[j] / features;
          }
          for (int c = 0; c < features; c++) {
            float[] to = xGradient.block(block)[c];
            addGradient(upper[c], from[c], mean, inverse, weight[c], sum, weighted, to, tokens);
          }
        });
  }

  void backwardParameters(
      int rows,
      HostActivation outGradient,
      HostActivation x,
      HostActivation statistics,
      float[] weightGradient,
      float @Nullable [] biasGradient) {
    pool.run(
        weightGradient.length,
        16L * rows * x.length() * weightGradient.length,
        (c, scratch) -> {
          float[] products = scratch.row(0, x.width());
          double sum = 0;
          double weighted = 0;
          for (int block = 0; block < x.blocks(rows); block++) {
            int tokens = x.tokens(block, rows);
            float[] upper = outGradient.block(block)[c];
            float[] mean = statistics.block(block)[0];
            float[] inverse = statistics.block(block)[1];
            products(upper, x.block(block)[c], mean, inverse, products, tokens);
            weighted += VectorLoops.sum(products, tokens);
            sum += biasGradient == null ? 0 : VectorLoops.sum(upper, tokens);
          }
          weightGradient[c] += (float) weighted;
          if (biasGradient != null) {
            biasGradient[c] += (float) sum;
          }
        });
  }

  private static void statistics(
      float[][] x, int features, int tokens, float[] mean, float[] inverse) {
    Arrays.fill(mean, 0, tokens, 0f);
    Arrays.fill(inverse, 0, tokens, 0f);
    for (int c = 0; c < features; c++) {
      VectorLoops.add(mean, x[c], tokens);
    }
    for (int j = 0; j < tokens; j++) {
      mean[j] = mean[j] / features;
    }
    for (int c = 0; c < features; c++) {
      addSquares(x[c], mean, inverse, tokens);
    }
    for (int j = 0; j < tokens; j++) {
      inverse[j] = 1f / (float) Math.sqrt(inverse[j] / features + Norm.EPSILON);
    }
  }

  private static void addSquares(float[] x, float[] mean, float[] squares, int tokens) {
    for (int j = 0; j < tokens; j++) {
      float centred = x[j] - mean[j];
      squares[j] = Math.fma(centred, centred, squares[j]);
    }
  }

  private static void scale(
      float[] x, float[] mean, float[] inverse, float weight, float bias, float[] out, int tokens) {
    for (int j = 0; j < tokens; j++) {
      out[j] = Math.fma((x[j] - mean[j]) * inverse[j], weight, bias);
    }
  }

  private static void addSums(
      float[] upper,
      float[] x,
      float[] mean,
      float[] inverse,
      float weight,
      float[] sum,
      float[] weighted,
      int tokens) {
    for (int j = 0; j < tokens; j++) {
      float g = upper[j] * weight;
      float normed = (x[j] - mean[j]) * inverse[j];
      sum[j] += g;
      weighted[j] = Math.fma(g, normed, weighted[j]);
    }
  }

  private static void addGradient(
      float[] upper,
      float[] x,
      float[] mean,
      float[] inverse,
      float weight,
      float[] sum,
      float[] weighted,
      float[] to,
      int tokens) {
    for (int j = 0; j < tokens; j++) {
      float normed = (x[j] - mean[j]) * inverse[j];
      float centred = Math.fma(upper[j], weight, -sum[j]);
      to[j] = Math.fma(inverse[j], Math.fma(-normed, weighted[j], centred), to[j]);
    }
  }

  private static void products(
      float[] upper, float[] x, float[] mean, float[] inverse, float[] products, int tokens) {
    for (int j = 0; j < tokens; j++) {
      products[j] = upper[j] * ((x[j] - mean[j]) * inverse[j]);
    }
  }
}
