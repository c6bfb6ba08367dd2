package dev.sweeprunner.train.kernels;

/**
 * Softmax cross-entropy of x · Wᵀ and its gradients in double precision, a token at a time: the
 * judge of every back end's head.
 */
public final class ReferenceHead {
  private final int features;
  private final float scale;
  private final float[] x;
  private final float[] weight;
  private final double[] input;
  private final double[] matrix;
  private double loss;

  /**
   * Computes all of it.
   *
   * @param features numbers per token
   * @param scale factor on the gradients
   * @param x (tokens, features)
   * @param weight (vocabulary, features)
   * @param targets by token; −1 counts nothing
   */
  public ReferenceHead(int features, float scale, float[] x, float[] weight, int[] targets) {
    this.features = features;
    this.scale = scale;
    this.x = x;
    this.weight = weight;
    this.input = new double[x.length];
    this.matrix = new double[weight.length];
    for (int n = 0; n < targets.length; n++) {
      if (targets[n] >= 0) {
        add(n, targets[n]);
      }
    }
  }

  /** The sum of the cross-entropies. */
  public double loss() {
    return loss;
  }

  /** |found − gradient| / |gradient| of x. */
  public double errorOfInput(float[] found) {
    return distance(found, input);
  }

  /** The same of the matrix. */
  public double errorOfWeight(float[] found) {
    return distance(found, matrix);
  }

  private void add(int n, int target) {
    int vocabulary = weight.length / features;
    double[] logits = new double[vocabulary];
    double top = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < vocabulary; v++) {
      for (int c = 0; c < features; c++) {
        logits[v] += (double) x[n * features + c] * weight[v * features + c];
      }
      top = Math.max(top, logits[v]);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - top);
    }
    loss += top + Math.log(sum) - logits[target];
    for (int v = 0; v < vocabulary; v++) {
      double p = scale * (Math.exp(logits[v] - top) / sum - (v == target ? 1 : 0));
      for (int c = 0; c < features; c++) {
        input[n * features + c] += p * weight[v * features + c];
        matrix[v * features + c] += p * x[n * features + c];
      }
    }
  }

  private static double distance(float[] a, double[] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < b.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      size += b[i] * b[i];
    }
    return Math.sqrt(difference / size);
  }
}
