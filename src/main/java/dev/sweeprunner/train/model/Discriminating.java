package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators.Discriminator;
import dev.sweeprunner.train.kernels.Discriminators.Room;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.HashMap;
import java.util.Map;

/** The discriminators of a model, by the block that they stand behind. */
final class Discriminating {
  private final Kernels kernels;
  private final Tokens tokens;
  private final float lambda;
  private final Total loss;
  private final Map<Integer, Discriminator> byLayer = new HashMap<>();

  Discriminating(
      Kernels kernels,
      ModelShape shape,
      Adversary adversary,
      Parameters parameters,
      Workspace workspace,
      Tokens tokens) {
    this.kernels = kernels;
    this.tokens = tokens;
    this.lambda = (float) adversary.lambda();
    this.loss = workspace.total();
    int c = shape.embd();
    int hidden = adversary.hidden();
    Room room =
        new Room(
            workspace.exact(c),
            workspace.exact(c),
            workspace.exact(hidden),
            workspace.exact(hidden),
            workspace.exact(adversary.compartments()),
            workspace.exact(hidden),
            workspace.exact(c),
            workspace.exact(c));
    Activation statistics = workspace.exact(2);
    for (int layer : adversary.layers()) {
      byLayer.put(
          layer,
          new Discriminator(
              parameters.norm(ParameterLayout.discriminator(layer, "ln_1"), statistics),
              parameters.linear(ParameterLayout.discriminator(layer, "c_fc")),
              parameters.linear(ParameterLayout.discriminator(layer, "c_out")),
              room));
    }
  }

  /** The sum of the rows' cross-entropies since it was last taken, as a mean of discriminators. */
  double takeLoss() {
    return kernels.take(loss) / byLayer.size();
  }

  /**
   * Trains the discriminator behind a block, if there is one, and turns the gradient of the block's
   * output against it.
   *
   * @param scale factor for the rows' cross-entropies in the mean of discriminators
   */
  void backward(int rows, int layer, Activation output, Activation outputGradient, float scale) {
    Discriminator discriminator = byLayer.get(layer);
    if (discriminator != null) {
      float each = scale / byLayer.size();
      kernels
          .discriminators()
          .discriminate(rows, output, tokens, discriminator, each, lambda, outputGradient, loss);
    }
  }
}
