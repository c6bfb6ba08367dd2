package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators;
import dev.sweeprunner.train.kernels.Discriminators.Discriminator;
import dev.sweeprunner.train.kernels.Discriminators.Room;
import dev.sweeprunner.train.kernels.Kernels.Linear;
import java.util.HashMap;
import java.util.Map;

/** The discriminators of a model, by the block that they stand behind. */
final class Discriminating {
  private final Discriminators kernels;
  private final Tokens tokens;
  private final float lambda;
  private final Total loss;
  private final Map<Integer, Discriminator> byLayer = new HashMap<>();

  Discriminating(
      Discriminators kernels,
      ModelShape shape,
      Adversary adversary,
      Parameters parameters,
      Workspace workspace,
      Tokens tokens) {
    this.kernels = kernels;
    this.tokens = tokens;
    this.lambda = (float) adversary.lambda();
    this.loss = workspace.total();
    int hidden = adversary.hidden();
    Room room =
        new Room(
            hidden == 0 ? null : workspace.exact(hidden),
            hidden == 0 ? null : workspace.exact(hidden),
            hidden == 0 ? null : workspace.exact(hidden),
            workspace.exact(adversary.compartments()),
            workspace.exact(shape.embd()));
    for (int layer : adversary.layers()) {
      Linear first =
          hidden == 0 ? null : parameters.linear(ParameterLayout.discriminator(layer, "c_fc"));
      Linear out = parameters.linear(ParameterLayout.discriminator(layer, "c_out"));
      byLayer.put(layer, new Discriminator(first, out, room));
    }
  }

  /** The sum of the cross-entropies of all discriminators. */
  Total loss() {
    return loss;
  }

  /** How many discriminators there are. */
  int count() {
    return byLayer.size();
  }

  /**
   * Trains the discriminator behind a block, if there is one, and turns the gradient of the block's
   * output against it.
   */
  void backward(int rows, int layer, Activation output, Activation outputGradient, float scale) {
    Discriminator discriminator = byLayer.get(layer);
    if (discriminator != null) {
      kernels.discriminate(
          rows, output, tokens, discriminator, scale, lambda, outputGradient, loss);
    }
  }
}
