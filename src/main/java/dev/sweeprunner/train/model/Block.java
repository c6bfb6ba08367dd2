package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Attention;
import dev.sweeprunner.train.kernels.Kernels.Linear;
import dev.sweeprunner.train.kernels.Kernels.Norm;
import dev.sweeprunner.train.kernels.Kernels.Rotation;
import org.jspecify.annotations.Nullable;

/**
 * One transformer block: {@code x += attention(ln1(x)); x += mlp(ln2(x))}. Holds what its backward
 * pass needs of the newest forward pass.
 */
final class Block {
  private final Kernels kernels;
  private final int layer;
  private final @Nullable Rotation rotation;
  private final Norm norm1;
  private final Activation normed1;
  private final Linear makeQkv;
  private final Attention attention;
  private final Linear project;
  private final Activation middle;
  private final Norm norm2;
  private final Activation normed2;
  private final Linear widen;
  private final Activation wide;
  private final Activation bent;
  private final Linear narrow;
  private final Activation out;

  Block(Kernels kernels, ModelShape shape, int layer, Parameters parameters, Workspace workspace) {
    this.kernels = kernels;
    this.layer = layer;
    this.rotation = workspace.rotation();
    int c = shape.embd();
    this.normed1 = workspace.activation(c);
    this.norm1 = parameters.norm(ParameterLayout.block(layer, "ln_1"), workspace.exact(2));
    this.makeQkv = parameters.linear(ParameterLayout.block(layer, "attn.c_attn"));
    this.attention =
        new Attention(
            workspace.activation(3 * c),
            shape.heads(),
            workspace.activation(c),
            workspace.exact(2 * shape.heads()));
    this.project = parameters.linear(ParameterLayout.block(layer, "attn.c_proj"));
    this.middle = workspace.exact(c);
    this.normed2 = workspace.activation(c);
    this.norm2 = parameters.norm(ParameterLayout.block(layer, "ln_2"), workspace.exact(2));
    this.widen = parameters.linear(ParameterLayout.block(layer, "mlp.c_fc"));
    this.wide = workspace.activation(4 * c);
    this.bent = workspace.activation(4 * c);
    this.narrow = parameters.linear(ParameterLayout.block(layer, "mlp.c_proj"));
    this.out = workspace.exact(c);
  }

  /** Where the newest output (N, C) lies. */
  Activation output() {
    return out;
  }

  /**
   * Runs the block on x (N, C), which stays as it is, and returns its output (N, C).
   *
   * @param drops null in a pass without dropout
   */
  Activation forward(int rows, Activation x, @Nullable Drops drops) {
    kernels.layerNorm(rows, x, norm1, normed1);
    kernels.linear(rows, normed1, makeQkv, attention.qkv());
    if (rotation != null) {
      kernels.rotate(rows, attention.qkv(), attention.heads(), rotation, false);
    }
    if (drops == null) {
      kernels.attention(rows, attention);
      kernels.linearAdd(rows, attention.out(), project, x, middle);
    } else {
      drops.attention(rows, layer, attention);
      drops.add(rows, layer, 0, attention.out(), project, x, middle);
    }
    kernels.layerNorm(rows, middle, norm2, normed2);
    kernels.linearGelu(rows, normed2, widen, wide, bent);
    if (drops == null) {
      kernels.linearAdd(rows, bent, narrow, middle, out);
    } else {
      drops.add(rows, layer, 1, bent, narrow, middle, out);
    }
    return out;
  }

  /**
   * Turns the gradient of the output into that of the input, in place, and adds the gradients of
   * the parameters.
   *
   * @param x the input of the newest forward pass
   * @param drops as in that pass
   */
  void backward(int rows, Activation x, Workspace.Gradients flow, @Nullable Drops drops) {
    kernels.linearGeluBackward(rows, added(rows, 1, flow, drops), bent, wide, narrow, flow.wide());
    kernels.linearBackward(rows, flow.wide(), normed2, widen, flow.branch());
    kernels.layerNormBackward(rows, flow.branch(), middle, norm2, flow.residual());
    Activation projected = added(rows, 0, flow, drops);
    kernels.linearBackward(rows, projected, attention.out(), project, flow.branch());
    if (drops == null) {
      kernels.attentionBackward(rows, flow.branch(), attention, flow.qkv());
    } else {
      drops.attentionBackward(rows, layer, flow.branch(), attention, flow.qkv());
    }
    if (rotation != null) {
      kernels.rotate(rows, flow.qkv(), attention.heads(), rotation, true);
    }
    kernels.linearBackward(rows, flow.qkv(), normed1, makeQkv, flow.branch());
    kernels.layerNormBackward(rows, flow.branch(), x, norm1, flow.residual());
  }

  /** The gradient of what a branch added to the residual stream. */
  private Activation added(int rows, int branch, Workspace.Gradients flow, @Nullable Drops drops) {
    return drops == null ? flow.residual() : drops.gradient(rows, layer, branch, flow.residual());
  }
}
