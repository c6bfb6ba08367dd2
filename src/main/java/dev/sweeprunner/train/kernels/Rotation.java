package dev.sweeprunner.train.kernels;

/**
 * The angles of a rotary position embedding. Computed by the model, so that every back end rotates
 * by the same numbers.
 *
 * @param cos (head size / 2, length), row-major
 * @param sin (head size / 2, length), row-major
 */
public record Rotation(Floats cos, Floats sin) {}
