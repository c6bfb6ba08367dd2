package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import java.util.Arrays;

/**
 * An activation as this back end keeps it: blocks of whole sequences, about 256 tokens each, and in
 * a block an array per feature with the tokens side by side.
 *
 * <p>So the inner loops run over tokens, on several arrays with one index: the form that C2
 * vectorises on JDK 17. The block size depends on the sequence length alone, so the order of every
 * sum does too.
 *
 * @param rows the most that it can hold
 * @param length tokens per row
 * @param features numbers per token
 * @param width tokens of a full block
 * @param blocks (block, feature, token)
 */
@SuppressWarnings("ArrayRecordComponent") // A handle of memory, never compared.
record HostActivation(int rows, int length, int features, int width, float[][][] blocks)
    implements Activation {
  private static final int TOKENS_PER_BLOCK = 256;

  static HostActivation of(int rows, int length, int features) {
    int width = Math.max(1, TOKENS_PER_BLOCK / length) * length;
    float[][][] blocks = new float[blocks((long) rows * length, width)][features][width];
    return new HostActivation(rows, length, features, width, blocks);
  }

  /** Blocks that this many rows need. */
  int blocks(int someRows) {
    return blocks((long) someRows * length, width);
  }

  private static int blocks(long tokens, int width) {
    return Math.toIntExact((tokens + width - 1) / width);
  }

  /** Tokens of a block that are in use. */
  int tokens(int block, int rows) {
    return Math.min(width, rows * length - block * width);
  }

  /** The number, in the order of all tokens, of a block's first one. */
  int firstToken(int block) {
    return block * width;
  }

  /** (features, width) */
  float[][] block(int block) {
    return blocks[block];
  }

  void zero() {
    for (float[][] block : blocks) {
      for (float[] feature : block) {
        Arrays.fill(feature, 0f);
      }
    }
  }

  void read(float[] rowMajor, int rows) {
    for (int token = 0; token < rows * length; token++) {
      float[][] block = blocks[token / width];
      for (int f = 0; f < features; f++) {
        block[f][token % width] = rowMajor[token * features + f];
      }
    }
  }

  float[] rowMajor(int rows) {
    float[] values = new float[rows * length * features];
    for (int token = 0; token < rows * length; token++) {
      float[][] block = blocks[token / width];
      for (int f = 0; f < features; f++) {
        values[token * features + f] = block[f][token % width];
      }
    }
    return values;
  }
}
