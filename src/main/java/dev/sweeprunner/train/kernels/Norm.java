package dev.sweeprunner.train.kernels;

import org.jspecify.annotations.Nullable;

/**
 * A LayerNorm's parameters, or their gradients.
 *
 * @param weight (features)
 * @param bias (features), or null for none
 */
public record Norm(Floats weight, @Nullable Floats bias) {
  /** Added to the variance under the root. */
  public static final float EPSILON = 1e-5f;
}
