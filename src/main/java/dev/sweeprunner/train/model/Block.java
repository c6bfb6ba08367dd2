package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Activation;
import dev.sweeprunner.train.kernels.Floats;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Linear;
import dev.sweeprunner.train.kernels.Norm;
import dev.sweeprunner.train.kernels.Rotation;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One transformer block: {@code x += attention(ln1(x)); x += mlp(ln2(x))}. Holds what its backward
 * pass needs of the newest forward pass.
 */
final class Block {
  private final Kernels kernels;
  private final int heads;
  private final @Nullable Rotation rotation;
  private final Weights weights;
  private final Weights gradients;

  private final Activation normed1;
  private final Activation statistics1;
  private final Activation qkv;
  private final Activation attended;
  private final Activation attentionStatistics;
  private final Activation middle;
  private final Activation normed2;
  private final Activation statistics2;
  private final Activation wide;
  private final Activation bent;
  private final Activation out;

  Block(Kernels kernels, ModelShape shape, int layer, Parameters parameters, Workspace workspace) {
    this.kernels = kernels;
    this.heads = shape.heads();
    this.rotation = workspace.rotation();
    this.weights = Weights.of(parameters, layer, Trainable::value);
    this.gradients = Weights.of(parameters, layer, Trainable::gradient);
    int c = shape.embd();
    this.normed1 = workspace.activation(c);
    this.statistics1 = workspace.exact(2);
    this.qkv = workspace.activation(3 * c);
    this.attended = workspace.activation(c);
    this.attentionStatistics = workspace.exact(2 * heads);
    this.middle = workspace.exact(c);
    this.normed2 = workspace.activation(c);
    this.statistics2 = workspace.exact(2);
    this.wide = workspace.activation(4 * c);
    this.bent = workspace.activation(4 * c);
    this.out = workspace.exact(c);
  }

  /** Where the newest output (N, C) lies. */
  Activation output() {
    return out;
  }

  /** Runs the block on x (N, C), which stays as it is, and returns its output (N, C). */
  Activation forward(int rows, Activation x) {
    kernels.layerNorm(rows, x, weights.norm1(), normed1, statistics1);
    kernels.linear(rows, normed1, weights.qkv(), qkv);
    if (rotation != null) {
      kernels.rotate(rows, qkv, heads, rotation, false);
    }
    kernels.attention(rows, qkv, heads, attended, attentionStatistics);
    kernels.linearAdd(rows, attended, weights.project(), x, middle);
    kernels.layerNorm(rows, middle, weights.norm2(), normed2, statistics2);
    kernels.linearGelu(rows, normed2, weights.widen(), wide, bent);
    kernels.linearAdd(rows, bent, weights.narrow(), middle, out);
    return out;
  }

  /**
   * Turns the gradient of the output into that of the input, in place, and adds the gradients of
   * the parameters.
   *
   * @param x the input of the newest forward pass
   */
  void backward(int rows, Activation x, Workspace.Gradients flow) {
    kernels.linearGeluBackward(
        rows, flow.residual(), bent, wide, weights.narrow(), flow.wide(), gradients.narrow());
    kernels.linearBackward(
        rows, flow.wide(), normed2, weights.widen(), flow.branch(), gradients.widen());
    kernels.layerNormBackward(
        rows,
        flow.branch(),
        middle,
        statistics2,
        weights.norm2(),
        flow.residual(),
        gradients.norm2());
    kernels.linearBackward(
        rows, flow.residual(), attended, weights.project(), flow.branch(), gradients.project());
    kernels.attentionBackward(
        rows, flow.branch(), qkv, heads, attended, attentionStatistics, flow.qkv());
    if (rotation != null) {
      kernels.rotate(rows, flow.qkv(), heads, rotation, true);
    }
    kernels.linearBackward(
        rows, flow.qkv(), normed1, weights.qkv(), flow.branch(), gradients.qkv());
    kernels.layerNormBackward(
        rows, flow.branch(), x, statistics1, weights.norm1(), flow.residual(), gradients.norm1());
  }

  private record Weights(
      Norm norm1, Linear qkv, Linear project, Norm norm2, Linear widen, Linear narrow) {
    static Weights of(Parameters parameters, int layer, Function<Trainable, Floats> part) {
      return new Weights(
          parameters.norm(ParameterLayout.block(layer, "ln_1"), part),
          parameters.linear(ParameterLayout.block(layer, "attn.c_attn"), part),
          parameters.linear(ParameterLayout.block(layer, "attn.c_proj"), part),
          parameters.norm(ParameterLayout.block(layer, "ln_2"), part),
          parameters.linear(ParameterLayout.block(layer, "mlp.c_fc"), part),
          parameters.linear(ParameterLayout.block(layer, "mlp.c_proj"), part));
    }
  }
}
