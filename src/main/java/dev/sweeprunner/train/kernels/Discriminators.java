package dev.sweeprunner.train.kernels;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Kernels.Linear;
import org.jspecify.annotations.Nullable;

/**
 * A back end's operation for domain-adversarial training (Ganin et al., 2016). All in float32,
 * whatever format the model's products have.
 */
public interface Discriminators {
  /**
   * Tells each token's compartment from its features, all of one pass over a batch: adds the
   * gradients of the discriminator's parameters, and to the features' gradient the opposite of what
   * would help it.
   *
   * @param x (N, C) in float32
   * @param tokens with compartments
   * @param scale factor on the gradients of the summed cross-entropies
   * @param reversal factor on the features' gradient besides, before its sign is turned
   * @param xGradient (N, C) added to
   * @param loss added to: the sum of the cross-entropies
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
   * A discriminator: a linear map, or two with GELU between.
   *
   * @param hidden (H, C) with bias, or null for none
   * @param out (compartments, H or C) with bias
   * @param room to work in; several may share it
   */
  record Discriminator(@Nullable Linear hidden, Linear out, Room room) {}

  /**
   * Activations in float32 that are undefined between two calls.
   *
   * @param wide (N, H); null where nothing is hidden
   * @param bent (N, H); likewise
   * @param wideGradient (N, H); likewise
   * @param logits (N, compartments)
   * @param xGradient (N, C)
   */
  record Room(
      @Nullable Activation wide,
      @Nullable Activation bent,
      @Nullable Activation wideGradient,
      Activation logits,
      Activation xGradient) {}
}
