package dev.sweeprunner.train.kernels;

/**
 * What AdamW needs beside the learning rate (Loshchilov and Hutter, 2019).
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param weightDecay for parameters of two or more dimensions
 * @param gradClip the largest global gradient norm; 0 for no clipping
 */
public record AdamW(double beta1, double beta2, double weightDecay, double gradClip) {
  /** Added to the root of the second moment. */
  public static final double EPSILON = 1e-8;

  /** The factor for all gradients, given their global norm. */
  public double clipCoefficient(double norm) {
    return gradClip == 0 ? 1 : Math.min(1, gradClip / (norm + 1e-6));
  }
}
