package dev.sweeprunner.train.model;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The discriminators of the {@link ReferenceGpt}, a sequence at a time. */
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
   * The cross-entropy of one sequence behind one block, as a share of the mean of all.
   *
   * @param weight of its gradients
   * @param down added to: the reversed gradient of x; null for none at all
   */
  double pass(int layer, double[][] x, int compartment, double weight, double @Nullable [][] down) {
    if (adversary == null || !adversary.layers().contains(layer)) {
      return 0;
    }
    String prefix = "dann." + layer + ".";
    double[] mean = new double[x[0].length];
    for (double[] token : x) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += token[c] / x.length;
      }
    }
    Normed normed = new Normed(prefix + "ln_1", mean);
    double[] wide = map(prefix + "c_fc", normed.out);
    double[] bent = Arrays.stream(wide).map(ReferenceGpt::gelu).toArray();
    double[] logits = map(prefix + "c_out", bent);
    double total = Arrays.stream(logits).map(Math::exp).sum();
    int discriminators = adversary.layers().size();
    if (down != null) {
      double[] change = new double[logits.length];
      for (int k = 0; k < change.length; k++) {
        double miss = Math.exp(logits[k]) / total - (k == compartment ? 1 : 0);
        change[k] = weight / discriminators * miss;
      }
      double[] back = mapBackward(prefix + "c_out", bent, change);
      for (int i = 0; i < back.length; i++) {
        back[i] *= ReferenceGpt.geluSlope(wide[i]);
      }
      double[] first = normed.backward(mapBackward(prefix + "c_fc", normed.out, back));
      for (double[] to : down) {
        for (int c = 0; c < first.length; c++) {
          to[c] -= adversary.lambda() * first[c] / x.length;
        }
      }
    }
    return (Math.log(total) - logits[compartment]) / discriminators;
  }

  /** LayerNorm of one vector. */
  private final class Normed {
    final String name;
    final double[] hat;
    final double[] out;
    final double inverse;

    Normed(String name, double[] x) {
      this.name = name;
      double mean = Arrays.stream(x).average().orElseThrow();
      double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      inverse = 1 / Math.sqrt(variance + 1e-5);
      hat = Arrays.stream(x).map(v -> (v - mean) * inverse).toArray();
      out = Named.in(weights, name + ".bias").clone();
      for (int c = 0; c < out.length; c++) {
        out[c] += hat[c] * Named.in(weights, name + ".weight")[c];
      }
    }

    double[] backward(double[] upper) {
      double[] down = new double[upper.length];
      double plain = 0;
      double along = 0;
      for (int c = 0; c < upper.length; c++) {
        Named.in(gradients, name + ".weight")[c] += upper[c] * hat[c];
        Named.in(gradients, name + ".bias")[c] += upper[c];
        down[c] = upper[c] * Named.in(weights, name + ".weight")[c];
        plain += down[c] / upper.length;
        along += down[c] * hat[c] / upper.length;
      }
      for (int c = 0; c < upper.length; c++) {
        down[c] = inverse * (down[c] - plain - hat[c] * along);
      }
      return down;
    }
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
