package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.AdamW;
import java.util.HashMap;
import java.util.Map;

/** Clipping and AdamW in double, as PyTorch documents them. */
final class ReferenceAdamW {
  private final AdamW settings;
  private final Map<String, double[]> first = new HashMap<>();
  private final Map<String, double[]> second = new HashMap<>();

  ReferenceAdamW(AdamW settings) {
    this.settings = settings;
  }

  double update(
      Map<String, double[]> weights, Map<String, double[]> gradients, double rate, int step) {
    double squares = 0;
    for (double[] gradient : gradients.values()) {
      for (double g : gradient) {
        squares += g * g;
      }
    }
    double norm = Math.sqrt(squares);
    double clip = settings.gradClip() > 0 ? settings.gradClip() / (norm + 1e-6) : 1;
    weights.forEach(
        (name, w) -> {
          double[] m = first.computeIfAbsent(name, n -> new double[w.length]);
          double[] v = second.computeIfAbsent(name, n -> new double[w.length]);
          boolean vector =
              name.contains(".ln_") || name.endsWith(".bias") || name.startsWith("dann.");
          double decay = vector ? 1 : 1 - rate * settings.weightDecay();
          for (int i = 0; i < w.length; i++) {
            double g = Named.in(gradients, name)[i] * Math.min(1, clip);
            m[i] = settings.beta1() * m[i] + (1 - settings.beta1()) * g;
            v[i] = settings.beta2() * v[i] + (1 - settings.beta2()) * g * g;
            double m1 = m[i] / (1 - Math.pow(settings.beta1(), step));
            double v1 = v[i] / (1 - Math.pow(settings.beta2(), step));
            w[i] = w[i] * decay - rate * m1 / (Math.sqrt(v1) + 1e-8);
          }
        });
    return norm;
  }
}
