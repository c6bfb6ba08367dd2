package dev.sweeprunner.train.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The discriminators of the {@link ReferenceGpt}, a token at a time. */
final class ReferenceDiscriminators {
  private final @Nullable Adversary adversary;
  private final Map<String, double[]> weights;
  private final Map<String, double[]> gradients;

  ReferenceDiscriminators(
      ModelShape shape, Map<String, double[]> weights, Map<String, double[]> gradients) {
    this.adversary = shape.adversary();
    this.weights = weights;
    this.gradients = gradients;
  }

  /**
   * The cross-entropies of one sequence behind one block.
   *
   * @param weight of their gradients
   * @param down added to: the reversed gradient of x; null for none at all
   */
  double pass(
      int layer,
      double[][] x,
      int[] compartments,
      int at,
      double weight,
      double @Nullable [][] down) {
    if (adversary == null || !adversary.layers().contains(layer)) {
      return 0;
    }
    double sum = 0;
    for (int t = 0; t < x.length; t++) {
      double @Nullable [] to = down == null ? null : down[t];
      sum += token("dann." + layer + ".", x[t], compartments[at + t], weight, to);
    }
    return sum;
  }

  private double token(
      String prefix, double[] x, int compartment, double weight, double @Nullable [] down) {
    boolean deep = weights.containsKey(prefix + "c_fc.weight");
    double[] wide = deep ? map(prefix + "c_fc", x) : x;
    double[] bent = deep ? wide.clone() : x;
    for (int i = 0; deep && i < bent.length; i++) {
      bent[i] = ReferenceGpt.gelu(wide[i]);
    }
    double[] logits = map(prefix + "c_out", bent);
    double total = 0;
    for (double logit : logits) {
      total += Math.exp(logit);
    }
    double loss = Math.log(total) - logits[compartment];
    if (down != null && adversary != null) {
      double[] change = logits.clone();
      for (int k = 0; k < change.length; k++) {
        change[k] = weight * (Math.exp(logits[k]) / total - (k == compartment ? 1 : 0));
      }
      double[] back = mapBackward(prefix + "c_out", bent, change);
      for (int i = 0; deep && i < back.length; i++) {
        back[i] *= ReferenceGpt.geluSlope(wide[i]);
      }
      double[] first = deep ? mapBackward(prefix + "c_fc", x, back) : back;
      for (int c = 0; c < first.length; c++) {
        down[c] -= adversary.lambda() * first[c];
      }
    }
    return loss;
  }

  private double[] map(String module, double[] x) {
    double[] out = Named.in(weights, module + ".bias").clone();
    double[] matrix = Named.in(weights, module + ".weight");
    for (int o = 0; o < out.length; o++) {
      for (int i = 0; i < x.length; i++) {
        out[o] += matrix[o * x.length + i] * x[i];
      }
    }
    return out;
  }

  private double[] mapBackward(String module, double[] x, double[] upper) {
    double[] down = new double[x.length];
    double[] matrix = Named.in(weights, module + ".weight");
    double[] gradient = Named.in(gradients, module + ".weight");
    for (int o = 0; o < upper.length; o++) {
      Named.in(gradients, module + ".bias")[o] += upper[o];
      for (int i = 0; i < x.length; i++) {
        down[i] += matrix[o * x.length + i] * upper[o];
        gradient[o * x.length + i] += upper[o] * x[i];
      }
    }
    return down;
  }
}
