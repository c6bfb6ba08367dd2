package dev.sweeprunner.train.kernels;

/**
 * Where the head's gradients go.
 *
 * @param scale factor on the gradients of the summed loss
 * @param input overwritten with the gradient of the hidden states
 * @param weight added to: the gradient of the head's matrix
 */
public record HeadGradient(float scale, Activation input, Floats weight) {}
