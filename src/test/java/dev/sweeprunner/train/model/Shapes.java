package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.CounterRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variants of the model that the tests go through, and weights that make all parts matter. */
enum Shapes {
  UNTIED_LEARNED_COMPARTMENTS_BIAS(2, 12, 2, true, false, false, false),
  TIED_LEARNED(3, 12, 0, false, true, false, false),
  SHARED_ROPE_COMPARTMENTS(2, 12, 2, false, false, true, true),
  UNTIED_ROPE_BIAS_ONE_HEAD(1, 10, 0, true, false, false, true),
  TIED_ROPE_COMPARTMENTS_BIAS(3, 12, 2, true, true, false, true),
  SHARED_LEARNED_BIAS(4, 20, 0, true, false, true, false),
  TOLD(UNTIED_LEARNED_COMPARTMENTS_BIAS.shape.against(new Adversary(List.of(0, 1), 5, 2, 0.7))),
  TOLD_WITHOUT_EMBEDDING(TIED_LEARNED.shape.against(new Adversary(List.of(1), 12, 3, 0.5))),
  SHARED_COMPACT(SHARED_LEARNED_BIAS.shape.sharing(48 + 2 * 3 + 1, List.of(5, 31, 40))),
  DROPPED(UNTIED_LEARNED_COMPARTMENTS_BIAS.shape.dropping(0.3));

  private static final int BASE = 48;

  private final ModelShape shape;

  Shapes(
      int heads,
      int embd,
      int compartments,
      boolean bias,
      boolean tied,
      boolean shared,
      boolean rope) {
    shape =
        new ModelShape(
            2, heads, embd, 8, 2 * BASE + 1, BASE, compartments, bias, tied, shared, rope, 10_000);
  }

  Shapes(ModelShape shape) {
    this.shape = shape;
  }

  ModelShape shape() {
    return shape;
  }

  /** Every value random, also the biases and norms, so that no gradient is zero by accident. */
  static Map<String, double[]> weights(ModelShape shape, long seed) {
    Map<String, double[]> weights = new HashMap<>();
    for (Parameter parameter : ParameterLayout.of(shape)) {
      CounterRandom random = CounterRandom.of(seed, parameter.name());
      double[] values = new double[parameter.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (parameter.mean() + 0.3 * random.normal(i, 0));
      }
      weights.put(parameter.name(), values);
    }
    return weights;
  }

  /** A model with these weights and no moments. */
  static void load(Gpt model, Map<String, double[]> weights) {
    Map<String, float[]> values = new HashMap<>();
    Map<String, float[]> moments = new HashMap<>();
    weights.forEach(
        (name, doubles) -> {
          float[] floats = new float[doubles.length];
          for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
          }
          values.put(name, floats);
          moments.put("exp_avg." + name, new float[floats.length]);
          moments.put("exp_avg_sq." + name, new float[floats.length]);
        });
    model.load(values, moments);
  }
}
