package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Dropouts;
import dev.sweeprunner.train.kernels.Dropouts.Dropout;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Attention;
import dev.sweeprunner.train.kernels.Kernels.Linear;

/**
 * Dropout in a training pass: where it is, and the memory that it needs. Places are numbered
 * through the model: 0 the embedding's sum, then of each block the attention's weights, what
 * attention adds, and what the MLP adds.
 */
final class Drops {
  private static final int PER_BLOCK = 3;

  private final Kernels kernels;
  private final Dropouts dropouts;
  private final Tokens tokens;
  private final double share;

  /** Zeros: what a branch's last map is added to, so that it comes out alone and exact. */
  private final Activation nothing;

  /** The gradient of what a branch adds. */
  private final Activation gradient;

  Drops(Kernels kernels, ModelShape shape, Workspace workspace, Tokens tokens) {
    this.kernels = kernels;
    this.dropouts = kernels.dropouts();
    this.tokens = tokens;
    this.share = shape.dropout();
    this.nothing = workspace.exact(shape.embd());
    this.gradient = workspace.exact(shape.embd());
  }

  /** Of the embedding's sum, or its gradient, in place. */
  void embedding(int rows, Activation x) {
    dropouts.drop(rows, x, place(0), null, x);
  }

  void attention(int rows, int layer, Attention attention) {
    dropouts.attention(rows, attention, place(layer, 1));
  }

  void attentionBackward(
      int rows, int layer, Activation outGradient, Attention attention, Activation qkvGradient) {
    dropouts.attentionBackward(rows, outGradient, attention, place(layer, 1), qkvGradient);
  }

  /**
   * A branch's last map, with dropout, and the stream that it is added to.
   *
   * @param branch 0 for attention's, 1 for the MLP's
   */
  void add(
      int rows,
      int layer,
      int branch,
      Activation x,
      Linear map,
      Activation stream,
      Activation out) {
    kernels.linearAdd(rows, x, map, nothing, out);
    dropouts.drop(rows, out, place(layer, 2 + branch), stream, out);
  }

  /** The gradient of what a branch's last map gave, of that of the stream behind it. */
  Activation gradient(int rows, int layer, int branch, Activation streamGradient) {
    dropouts.drop(rows, streamGradient, place(layer, 2 + branch), null, gradient);
    return gradient;
  }

  /** Once the kernels have allocated. */
  void prepare() {
    kernels.zero(nothing);
  }

  private Dropout place(int layer, int part) {
    return place(PER_BLOCK * layer + part);
  }

  private Dropout place(int number) {
    return new Dropout(tokens, number, share);
  }
}
