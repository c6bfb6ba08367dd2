package dev.sweeprunner.train.kernels;

/**
 * What AdamW needs beside the learning rate (Loshchilov and Hutter, 2019).
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param weightDecay for parameters that decay
 * @param gradClip the largest global gradient norm; 0 for no clipping
 */
public record AdamW(double beta1, double beta2, double weightDecay, double gradClip) {
  /** Added to the root of the second moment. */
  public static final double EPSILON = 1e-8;

  /**
   * What is equal for all elements of an update: {@code first = keep1 · first + take1 · g}, {@code
   * second = keep2 · second + take2 · g²}, {@code value = decay · value + rate · first / (√second /
   * root2 + ε)}, with {@code decay} only where weight decay applies.
   */
  public record Factors(
      float keep1, float take1, float keep2, float take2, float rate, float root2, float decay) {}

  /**
   * The factors of one update.
   *
   * @param step 1 for the first
   */
  public Factors factors(double learningRate, long step) {
    double corrected1 = 1 - StrictMath.pow(beta1, step);
    double corrected2 = 1 - StrictMath.pow(beta2, step);
    return new Factors(
        (float) beta1,
        (float) (1 - beta1),
        (float) beta2,
        (float) (1 - beta2),
        (float) (-learningRate / corrected1),
        (float) Math.sqrt(corrected2),
        (float) (1 - learningRate * weightDecay));
  }

  /** The factor for all gradients, given their global norm. */
  public double clipCoefficient(double norm) {
    return gradClip == 0 ? 1 : Math.min(1, gradClip / (norm + 1e-6));
  }
}
