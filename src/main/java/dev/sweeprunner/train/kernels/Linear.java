package dev.sweeprunner.train.kernels;

import org.jspecify.annotations.Nullable;

/**
 * A linear map's parameters, or their gradients: {@code out = weight · in + bias}.
 *
 * @param weight (out, in), row-major
 * @param bias (out), or null for none
 */
public record Linear(Floats weight, @Nullable Floats bias) {}
