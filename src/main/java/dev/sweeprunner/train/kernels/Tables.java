package dev.sweeprunner.train.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The tables of the input embedding, or their gradients. A token's vector is the sum of one row of
 * each.
 *
 * @param tokens (input vocabulary, features)
 * @param positions (length, features), or null for none
 * @param compartments (compartments, features), or null for none
 */
public record Tables(Floats tokens, @Nullable Floats positions, @Nullable Floats compartments) {}
