package dev.sweeprunner.train.kernels;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Kernels.Linear;
import dev.sweeprunner.train.kernels.Kernels.Norm;

/**
 * A back end's operation for domain-adversarial training (Ganin et al., 2016). All in float32,
 * whatever format the model's products have.
 */
public interface Discriminators {
  /**
   * Tells each row's compartment, which is its first token's, from the mean of its tokens'
   * features; all of one pass over a batch: adds the gradients of the discriminator's parameters,
   * and to the features' gradient the opposite of what would help it.
   *
   * @param x (N, C) in float32
   * @param tokens with compartments
   * @param scale factor on the gradients of the summed cross-entropies
   * @param reversal factor on the features' gradient besides, before its sign is turned
   * @param xGradient (N, C) added to
   * @param loss added to: the sum of the rows' cross-entropies
   */
  void discriminate(
      int rows,
      Activation x,
      Tokens tokens,
      Discriminator discriminator,
      float scale,
      float reversal,
      Activation xGradient,
      Total loss);

  /**
   * A discriminator: LayerNorm, a linear map, GELU, and another map.
   *
   * @param norm of C features
   * @param hidden (H, C) with bias
   * @param out (compartments, H) with bias
   * @param room to work in; several may share it
   */
  record Discriminator(Norm norm, Linear hidden, Linear out, Room room) {}

  /**
   * Activations in float32 that are undefined between two calls: a row's numbers stand at its first
   * token.
   *
   * @param pooled (N, C)
   * @param normed (N, C)
   * @param wide (N, H)
   * @param bent (N, H)
   * @param logits (N, compartments)
   * @param wideGradient (N, H)
   * @param normedGradient (N, C)
   * @param pooledGradient (N, C)
   */
  record Room(
      Activation pooled,
      Activation normed,
      Activation wide,
      Activation bent,
      Activation logits,
      Activation wideGradient,
      Activation normedGradient,
      Activation pooledGradient) {}
}
