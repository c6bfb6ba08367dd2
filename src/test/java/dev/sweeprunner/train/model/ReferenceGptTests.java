package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.train.kernels.CounterRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judge of the other tests is judged by differences of its own loss. */
class ReferenceGptTests {
  private static final int COORDINATES = 20;
  private static final long SEED = 20261123;

  @ParameterizedTest
  @EnumSource
  void every_kind_of_parameter_has_the_gradient_that_differences_show(Shapes variant) {
    ModelShape shape = variant.shape();
    Map<String, double[]> weights = Shapes.weights(shape, SEED);
    ReferenceGpt model = new ReferenceGpt(shape, weights);
    Batch batch = Batch.random(shape, 2, SEED);
    model.pass(batch);
    Map<String, double[]> gradients = copy(model.gradients());

    for (Map.Entry<String, double[]> entry : weights.entrySet()) {
      double[] values = entry.getValue();
      double[] gradient = Named.in(gradients, entry.getKey());
      CounterRandom random = CounterRandom.of(SEED, "coordinates/" + entry.getKey());
      for (int k = 0; k < COORDINATES; k++) {
        int i = coordinate(gradient, random.bounded(k, 0, values.length), k % 2 == 0);
        double h = 1e-5 * Math.max(1, Math.abs(values[i]));
        double slope = slope(() -> objective(model, batch, entry.getKey()), values, i, h);

        assertThat(slope)
            .as("%s[%d], seed %d", entry.getKey(), i, SEED)
            .isCloseTo(gradient[i], within(1e-6 * Math.max(rms(gradient), Math.abs(gradient[i]))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_loss_along_a_random_direction_has_the_slope_of_all_gradients_together(Shapes variant) {
    ModelShape shape = variant.shape();
    Map<String, double[]> weights = Shapes.weights(shape, SEED);
    Map<String, double[]> direction = Shapes.weights(shape, SEED + 1);
    direction.forEach(
        (name, along) -> Arrays.fill(along, 0, name.startsWith("dann.") ? along.length : 0, 0));
    Batch batch = Batch.random(shape, 2, SEED);
    ReferenceGpt model = new ReferenceGpt(shape, weights);
    model.pass(batch);
    double expected = 0;
    for (Map.Entry<String, double[]> entry : model.gradients().entrySet()) {
      double[] along = Named.in(direction, entry.getKey());
      for (int i = 0; i < along.length; i++) {
        expected += along[i] * entry.getValue()[i];
      }
    }

    double h = 1e-6;
    move(weights, direction, h);
    double above = objective(model, batch, "");
    move(weights, direction, -2 * h);
    double below = objective(model, batch, "");

    assertThat((above - below) / (2 * h)).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
  }

  @Test
  void the_error_function_has_its_known_values() {
    assertThat(ReferenceGpt.erf(0.5)).isCloseTo(0.5204998778130465, within(1e-15));
    assertThat(ReferenceGpt.erf(-1)).isCloseTo(-0.8427007929497149, within(1e-15));
    assertThat(ReferenceGpt.erf(3)).isCloseTo(0.9999779095030014, within(1e-15));
  }

  /**
   * This coordinate, or the next one that the loss depends on: most rows of a table are not used.
   */
  private static int coordinate(double[] gradient, int start, boolean any) {
    int i = start;
    for (int tried = 0; !any && gradient[i] == 0 && tried < gradient.length; tried++) {
      i = (i + 1) % gradient.length;
    }
    return i;
  }

  /** What a parameter's gradient is of: discriminators and the rest have aims of their own. */
  private static double objective(ReferenceGpt model, Batch batch, String parameter) {
    double loss = model.loss(batch);
    Adversary adversary = model.shape().adversary();
    if (adversary == null) {
      return loss;
    }
    return parameter.startsWith("dann.")
        ? model.telling()
        : loss - adversary.lambda() * model.telling();
  }

  private static double slope(DoubleSupplier objective, double[] values, int i, double h) {
    double kept = values[i];
    values[i] = kept + h;
    double above = objective.getAsDouble();
    values[i] = kept - h;
    double below = objective.getAsDouble();
    values[i] = kept;
    return (above - below) / (2 * h);
  }

  private static void move(Map<String, double[]> weights, Map<String, double[]> by, double h) {
    weights.forEach(
        (name, values) -> {
          for (int i = 0; i < values.length; i++) {
            values[i] += h * Named.in(by, name)[i];
          }
        });
  }

  private static double rms(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }

  private static Map<String, double[]> copy(Map<String, double[]> gradients) {
    return gradients.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().clone()));
  }
}
