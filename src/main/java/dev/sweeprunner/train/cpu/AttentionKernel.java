package dev.sweeprunner.train.cpu;

import java.util.Arrays;

/**
 * Causal attention on tiles, one distance at a time.
 *
 * <p>For distance δ every token j looks at token j − δ, so with keys and values moved by δ places
 * all tokens of a block, of all its sequences, are one plain loop. Where j − δ falls before the
 * beginning of j's sequence the weight is zero. Statistics of head h: feature 2h the largest score,
 * feature 2h + 1 one over the sum of exponentials; the backward pass makes the weights again from
 * them.
 */
class AttentionKernel {
  private static final int VALID = 0;
  private static final int KEYS = 1;
  private static final int VALUES = 2;
  private static final int SCORES = 3;
  private static final int QUERIES = 4;
  private static final int UPPER = 5;
  private static final int LINES = 6;
  static final float FORBIDDEN = 1e30f;

  final ThreadPool pool;

  AttentionKernel(ThreadPool pool) {
    this.pool = pool;
  }

  void rotate(int rows, HostActivation qkv, int heads, float[] cos, float[] sin, boolean backward) {
    int embd = qkv.features() / 3;
    int half = embd / heads / 2;
    pool.run(
        qkv.blocks(rows),
        8L * rows * qkv.length() * embd,
        (block, scratch) -> {
          int tokens = qkv.tokens(block, rows);
          float[][] features = qkv.block(block);
          float[] c = scratch.rows(LINES, 2, qkv.width())[0];
          float[] s = scratch.rows(LINES, 2, qkv.width())[1];
          for (int i = 0; i < half; i++) {
            for (int j = 0; j < tokens; j++) {
              c[j] = cos[i * qkv.length() + j % qkv.length()];
              float angle = sin[i * qkv.length() + j % qkv.length()];
              s[j] = backward ? -angle : angle;
            }
            for (int first = i; first < 2 * embd; first += 2 * half) {
              rotate(features[first], features[first + half], c, s, tokens);
            }
          }
        });
  }

  void forward(
      int rows, HostActivation qkv, int heads, HostActivation out, HostActivation statistics) {
    pool.run(
        qkv.blocks(rows),
        work(rows, qkv),
        (block, scratch) -> {
          Heads view = view(qkv, block, rows, heads, scratch);
          for (int h = 0; h < heads; h++) {
            float[] top = statistics.block(block)[2 * h];
            float[] inverse = statistics.block(block)[2 * h + 1];
            view.forward(h, out.block(block), top, inverse);
          }
        });
  }

  void backward(
      int rows,
      HostActivation outGradient,
      HostActivation qkv,
      int heads,
      HostActivation out,
      HostActivation statistics,
      HostActivation qkvGradient) {
    pool.run(
        qkv.blocks(rows),
        3 * work(rows, qkv),
        (block, scratch) -> {
          Heads view = view(qkv, block, rows, heads, scratch);
          for (float[] gradient : qkvGradient.block(block)) {
            Arrays.fill(gradient, 0f);
          }
          for (int h = 0; h < heads; h++) {
            float[] top = statistics.block(block)[2 * h];
            float[] inverse = statistics.block(block)[2 * h + 1];
            float[][] upper = outGradient.block(block);
            view.backward(h, upper, out.block(block), top, inverse, qkvGradient.block(block));
          }
        });
  }

  static long work(int rows, HostActivation qkv) {
    return 2L * rows * qkv.length() * qkv.length() * qkv.features();
  }

  private static void rotate(float[] a, float[] b, float[] cos, float[] sin, int tokens) {
    for (int j = 0; j < tokens; j++) {
      float x = a[j];
      float y = b[j];
      a[j] = Math.fma(x, cos[j], -(y * sin[j]));
      b[j] = Math.fma(y, cos[j], x * sin[j]);
    }
  }

  /** Moves rows by {@code distance} places to later tokens; the first places become zero. */
  private static void later(
      float[][] from, int first, int count, int distance, float[][] to, int tokens) {
    for (int d = 0; d < count; d++) {
      int moved = Math.max(0, tokens - distance);
      System.arraycopy(from[first + d], 0, to[d], Math.min(distance, tokens), moved);
      Arrays.fill(to[d], 0, Math.min(distance, tokens), 0f);
    }
  }

  /** The heads of one block of tokens, which take their turns with the same scratch memory. */
  interface Heads {
    /** Attends; keeps the statistics for the way back. */
    void forward(int h, float[][] out, float[] top, float[] inverse);

    /** Adds the gradients of queries, keys and values. */
    void backward(
        int h, float[][] upper, float[][] out, float[] top, float[] inverse, float[][] gradient);
  }

  /** How the heads of a block are gone through. */
  Heads view(HostActivation qkv, int block, int rows, int heads, ThreadScratch scratch) {
    return new Head(qkv, block, rows, heads, scratch);
  }

  /** One distance at a time; the lines are arrays over the block's tokens. */
  private static final class Head implements Heads {
    private final float[][] qkv;
    private final int embd;
    private final int size;
    private final int tokens;
    private final int length;
    private final float scale;
    private final float[][] valid;
    private final float[][] keys;
    private final float[][] values;
    private final float[][] scores;
    private final float[][] queries;
    private final float[][] uppers;
    private final float[][] lines;

    Head(HostActivation qkv, int block, int rows, int heads, ThreadScratch scratch) {
      this.qkv = qkv.block(block);
      this.embd = qkv.features() / 3;
      this.size = embd / heads;
      this.tokens = qkv.tokens(block, rows);
      this.length = qkv.length();
      this.scale = (float) (1 / Math.sqrt(size));
      int width = qkv.width();
      this.valid = scratch.rows(VALID, 2, width);
      this.keys = scratch.rows(KEYS, size, width);
      this.values = scratch.rows(VALUES, size, width);
      this.scores = scratch.rows(SCORES, length, width);
      this.queries = scratch.rows(QUERIES, size, width);
      this.uppers = scratch.rows(UPPER, size, width);
      this.lines = scratch.rows(LINES, 5, width);
      for (int j = 0; j < tokens; j++) {
        valid[1][j] = j % length;
      }
    }

    @Override
    public void forward(int h, float[][] out, float[] top, float[] inverse) {
      int q = h * size;
      Arrays.fill(top, 0, tokens, -FORBIDDEN);
      for (int distance = 0; distance < length; distance++) {
        later(qkv, embd + q, size, distance, keys, tokens);
        score(q, distance, scores[distance]);
        VectorLoops.raise(top, scores[distance], tokens);
      }
      Arrays.fill(inverse, 0, tokens, 0f);
      VectorLoops.clear(out, q, size, tokens);
      for (int distance = 0; distance < length; distance++) {
        later(qkv, 2 * embd + q, size, distance, values, tokens);
        markValid(distance);
        weigh(scores[distance], top, valid[0], tokens);
        VectorLoops.add(inverse, scores[distance], tokens);
        for (int d = 0; d < size; d++) {
          VectorLoops.addProduct(out[q + d], scores[distance], values[d], tokens);
        }
      }
      for (int j = 0; j < tokens; j++) {
        inverse[j] = 1f / inverse[j];
      }
      for (int d = 0; d < size; d++) {
        VectorLoops.product(out[q + d], inverse, out[q + d], 0, tokens);
      }
    }

    @Override
    public void backward(
        int h, float[][] upper, float[][] out, float[] top, float[] inverse, float[][] gradient) {
      int q = h * size;
      float[] weight = lines[0];
      float[] change = lines[1];
      float[] mean = lines[2];
      Arrays.fill(mean, 0, tokens, 0f);
      VectorLoops.addProducts(mean, upper, q, out, q, size, tokens);
      for (int distance = 0; distance < Math.min(length, tokens); distance++) {
        later(qkv, embd + q, size, distance, keys, tokens);
        later(qkv, 2 * embd + q, size, distance, values, tokens);
        score(q, distance, weight);
        weigh(weight, top, valid[0], tokens);
        VectorLoops.product(weight, inverse, weight, 0, tokens);
        Arrays.fill(change, 0, tokens, 0f);
        VectorLoops.addProducts(change, upper, q, values, 0, size, tokens);
        scoreGradient(change, weight, mean, scale, tokens);
        for (int d = 0; d < size; d++) {
          VectorLoops.addProduct(gradient[q + d], change, keys[d], tokens);
        }
        addToEarlier(q, distance, upper, weight, change, gradient);
      }
    }

    /** The gradients of the keys and values that lie {@code distance} before each token. */
    private void addToEarlier(
        int q, int distance, float[][] upper, float[] weight, float[] change, float[][] gradient) {
      int count = tokens - distance;
      float[] weightThere = lines[3];
      float[] changeThere = lines[4];
      System.arraycopy(weight, distance, weightThere, 0, count);
      System.arraycopy(change, distance, changeThere, 0, count);
      for (int d = 0; d < size; d++) {
        System.arraycopy(qkv[q + d], distance, queries[d], 0, count);
        System.arraycopy(upper[q + d], distance, uppers[d], 0, count);
        VectorLoops.addProduct(gradient[embd + q + d], changeThere, queries[d], count);
        VectorLoops.addProduct(gradient[2 * embd + q + d], weightThere, uppers[d], count);
      }
    }

    private void score(int q, int distance, float[] score) {
      markValid(distance);
      Arrays.fill(score, 0, tokens, 0f);
      VectorLoops.addProducts(score, qkv, q, keys, 0, size, tokens);
      mask(score, valid[0], scale, tokens);
    }

    /** valid[0] = 1 where the token has one at this distance before it in its sequence, else 0. */
    private void markValid(int distance) {
      float[] flag = valid[0];
      float[] position = valid[1];
      float shift = 1 - distance;
      for (int j = 0; j < tokens; j++) {
        flag[j] = Math.max(0f, Math.min(1f, position[j] + shift));
      }
    }

    private static void mask(float[] score, float[] valid, float scale, int tokens) {
      for (int j = 0; j < tokens; j++) {
        score[j] = Math.fma(score[j], scale, (valid[j] - 1f) * FORBIDDEN);
      }
    }

    private static void weigh(float[] score, float[] top, float[] valid, int tokens) {
      for (int j = 0; j < tokens; j++) {
        score[j] = DeterministicMath.exp(score[j] - top[j]) * valid[j];
      }
    }

    private static void scoreGradient(
        float[] change, float[] weight, float[] mean, float scale, int tokens) {
      for (int j = 0; j < tokens; j++) {
        change[j] = weight[j] * (change[j] - mean[j]) * scale;
      }
    }
  }
}
