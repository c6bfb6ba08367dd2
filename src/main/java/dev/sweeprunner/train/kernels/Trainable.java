package dev.sweeprunner.train.kernels;

import dev.sweeprunner.train.kernels.Buffer.Floats;

/**
 * A parameter and what its optimizer keeps; four buffers of one length.
 *
 * @param first the first moment, Adam's {@code exp_avg}
 * @param second the second moment, Adam's {@code exp_avg_sq}
 * @param decays whether weight decay applies: the parameter has two or more dimensions, and is not
 *     a discriminator's
 */
public record Trainable(
    Floats value, Floats gradient, Floats first, Floats second, boolean decays) {}
