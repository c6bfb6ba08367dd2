package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.testkit.FakeGpu;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.cpu.VectorApi;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.model.Fixture.Quantity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every back end, and the reference that judges them elsewhere, against PyTorch: what they compute
 * may be no farther from PyTorch's double precision than PyTorch itself is in the same precision,
 * within a factor. {@code -Dfixtures.table=true} prints how far it is.
 */
class FixtureTests {

  /** What is held to the fixtures; a back end joins here. */
  static List<Subject> subjects() {
    return List.of(
        new Subject("reference", Precision.FLOAT64, ReferenceTrainee::new),
        new Subject("cpu", Precision.FLOAT32, on(new CpuBackEnd(2), false)),
        new Subject(
            "cpu, vectors",
            Precision.FLOAT32,
            fixture -> on(VectorApi.backEnd(2), false).on(fixture)),
        new Subject("cuda float32", Precision.FLOAT32, on(FakeGpu.backEnd(), false)),
        new Subject("cuda bfloat16", Precision.BFLOAT16, on(FakeGpu.backEnd(), true)));
  }

  static Stream<Arguments> cases() throws IOException, UnreadableJson {
    List<Fixture> fixtures = Fixture.all();
    return subjects().stream().flatMap(s -> fixtures.stream().map(f -> Arguments.of(s, f)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void losses_gradients_and_updates_are_as_near_to_the_truth_as_those_of_pytorch(
      Subject subject, Fixture fixture) throws UnreadableJson {
    Comparison comparison = new Comparison(subject.precision, fixture);

    try (Trainee trainee = subject.start.on(fixture)) {
      for (int step = 1; step <= fixture.steps(); step++) {
        compareStep(step, fixture, trainee, comparison);
      }
    }

    comparison.printIfWanted(subject);
    assertThat(comparison.excesses()).as("what is too far from PyTorch").isEmpty();
  }

  @Test
  void there_is_a_fixture_of_every_variant_of_the_model() throws IOException, UnreadableJson {
    List<ModelShape> shapes = Fixture.all().stream().map(Fixture::shape).toList();

    assertThat(shapes).anyMatch(ModelShape::tied).anyMatch(s -> !s.tied() && !s.sharedTokens());
    assertThat(shapes).anyMatch(ModelShape::sharedTokens).anyMatch(ModelShape::rope);
    assertThat(shapes).anyMatch(ModelShape::bias).anyMatch(s -> !s.bias() && !s.rope());
    assertThat(shapes).anyMatch(s -> s.compartments() == 0).anyMatch(s -> s.compartments() > 0);
    assertThat(shapes).anyMatch(s -> s.adversary() != null);
    assertThat(shapes).anyMatch(s -> s.dropout() > 0).anyMatch(s -> !s.untied().isEmpty());
    assertThat(shapes).anyMatch(s -> s.blockSize() == 64 && s.headSize() == 32);
  }

  private static void compareStep(int step, Fixture fixture, Trainee trainee, Comparison comparison)
      throws UnreadableJson {
    Batch batch = fixture.batch(step);
    double scale = 1.0 / Arrays.stream(batch.targets()).filter(t -> t >= 0).count();
    double loss = trainee.accumulate(batch, scale);
    comparison.number("loss", step, loss * scale);
    if (step == 1) {
      comparison.parameters(Quantity.GRADIENT, step, trainee.gradients());
    }
    double norm = trainee.update(fixture.adamW(), fixture.learningRate(step), step);
    comparison.number("norm", step, norm);
    if (fixture.snapshot(step) >= 0) {
      comparison.parameters(Quantity.WEIGHTS, step, trainee.weights());
      comparison.parameters(Quantity.CHANGE, step, trainee.weights());
      if (trainee.hasMoments()) {
        comparison.parameters(Quantity.EXP_AVG, step, trainee.moments("exp_avg."));
        comparison.parameters(Quantity.EXP_AVG_SQ, step, trainee.moments("exp_avg_sq."));
      }
    }
  }

  /** A start on a device; the kit for GPUs uses it too. */
  static Start on(BackEnd device, boolean bfloat16) {
    return fixture -> new GptTrainee(device, bfloat16, fixture);
  }

  /**
   * How far a precision may be from the truth: {@code factor} times as far as PyTorch is, where the
   * larger counts of its error in this parameter and its middle error of all; or the floor. The
   * middle errors of all parameters, which hardly depend on luck, are compared by {@code middle}.
   *
   * <p>The floors of bfloat16 allow for luck: Adam's first steps are the gradients' signs, so that
   * one small gradient on the other side of zero moves a short vector's change by tens of percent.
   * Likewise PyTorch's own error makes room for what no precision can get right: the gradient of
   * the keys' bias is zero but for rounding, and Adam makes steps out of that noise.
   */
  enum Precision {
    /** Only the files are coarser: they hold what comes after an update in float32. */
    FLOAT64("", 0, 0, List.of(1e-12, 1e-10), List.of(1e-10, 1e-7, 1e-6, 1e-6, 1e-6)),
    FLOAT32("float32", 20, 4, List.of(1e-6, 1e-5), List.of(1e-5, 1e-5, 1e-4, 1e-5, 1e-5)),
    BFLOAT16("bfloat16", 2, 1.5, List.of(1e-3, 1e-2), List.of(2e-3, 1e-2, 0.5, 2e-2, 2e-2));

    final String dtype;
    final double factor;
    final double middle;
    final double lossFloor;
    final double normFloor;
    private final List<Double> floors;

    Precision(
        String dtype, double factor, double middle, List<Double> numbers, List<Double> floors) {
      this.dtype = dtype;
      this.factor = factor;
      this.middle = middle;
      this.lossFloor = numbers.get(0);
      this.normFloor = numbers.get(1);
      this.floors = floors;
    }

    double floor(Quantity quantity) {
      return floors.get(quantity.ordinal());
    }
  }

  /** Opens what is tested, with the fixture's initial weights. */
  interface Start {
    Trainee on(Fixture fixture) throws UnreadableJson;
  }

  record Subject(String name, Precision precision, Start start) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What is trained: the one place that knows how. */
  interface Trainee extends AutoCloseable {
    /** The sum of the cross-entropies; adds the gradient of scale times that. */
    double accumulate(Batch batch, double scale);

    /** The norm of the gradients before clipping. */
    double update(AdamW settings, double rate, int step);

    Map<String, double[]> gradients();

    Map<String, double[]> weights();

    /** Whether anybody can look at Adam's moments. */
    boolean hasMoments();

    /** Those of one prefix, by the parameters' names. */
    Map<String, double[]> moments(String prefix);

    @Override
    void close();
  }

  private static final class GptTrainee implements Trainee {
    private final Kernels kernels;
    private final Gpt model;

    GptTrainee(BackEnd device, boolean bfloat16, Fixture fixture) {
      ModelShape shape = fixture.shape();
      int tokens = 64 * shape.blockSize();
      kernels = device.open(new BackEnd.Wish(bfloat16, shape.embd(), tokens));
      model = new Gpt(kernels, shape, 3);
      Shapes.load(model, fixture.start());
    }

    @Override
    public double accumulate(Batch batch, double scale) {
      return batch.accumulate(model, (float) scale, 1f / batch.rows());
    }

    @Override
    public double update(AdamW settings, double rate, int step) {
      model.update(settings, rate, step);
      return model.takeNorm();
    }

    @Override
    public Map<String, double[]> gradients() {
      return doubles(model.gradients(), "");
    }

    @Override
    public Map<String, double[]> weights() {
      return doubles(model.weights(), "");
    }

    @Override
    public boolean hasMoments() {
      return true;
    }

    @Override
    public Map<String, double[]> moments(String prefix) {
      return doubles(model.optimizerState(), prefix);
    }

    @Override
    public void close() {
      model.close();
      kernels.close();
    }

    private static Map<String, double[]> doubles(List<Tensor> tensors, String prefix) {
      return tensors.stream()
          .filter(t -> t.name().startsWith(prefix))
          .collect(Collectors.toMap(t -> t.name().substring(prefix.length()), t -> wide(t)));
    }

    private static double[] wide(Tensor tensor) {
      double[] values = new double[tensor.values().length];
      Arrays.setAll(values, i -> tensor.values()[i]);
      return values;
    }
  }

  private static final class ReferenceTrainee implements Trainee {
    private final Map<String, double[]> weights;
    private final ReferenceGpt model;
    private final ReferenceAdamW optimizer;

    ReferenceTrainee(Fixture fixture) throws UnreadableJson {
      weights = fixture.start();
      model = new ReferenceGpt(fixture.shape(), weights);
      optimizer = new ReferenceAdamW(fixture.adamW());
    }

    @Override
    public double accumulate(Batch batch, double scale) {
      double sum = model.pass(batch, 1 / (scale * batch.rows()));
      model.gradients().values().forEach(g -> Arrays.setAll(g, i -> g[i] * scale));
      return sum;
    }

    @Override
    public double update(AdamW settings, double rate, int step) {
      return optimizer.update(weights, model.gradients(), rate, step);
    }

    @Override
    public Map<String, double[]> gradients() {
      return model.gradients();
    }

    @Override
    public Map<String, double[]> weights() {
      return weights;
    }

    @Override
    public boolean hasMoments() {
      return false;
    }

    @Override
    public Map<String, double[]> moments(String prefix) {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  /** Collects errors beside what is allowed. */
  private static final class Comparison {
    private final Precision precision;
    private final Fixture fixture;
    private final List<String> excesses = new ArrayList<>();
    private final List<String> table = new ArrayList<>();

    Comparison(Precision precision, Fixture fixture) {
      this.precision = precision;
      this.fixture = fixture;
    }

    void number(String name, int step, double value) {
      double error = Math.abs(value / fixture.truth(name, step) - 1);
      double peer = peers() ? fixture.error(precision.dtype, name) : 0;
      double floor = name.equals("loss") ? precision.lossFloor : precision.normFloor;
      judge(name + " of step " + step, error, peer, Math.max(floor, precision.factor * peer));
    }

    void parameters(Quantity quantity, int step, Map<String, double[]> values) {
      int snapshot = fixture.snapshot(step);
      String what = quantity + " after step " + step + ", ";
      Map<String, Double> errors = errors(quantity, snapshot, values);
      Map<String, Double> peer =
          peers() ? fixture.errors(precision.dtype, quantity, snapshot) : Map.of();
      double usual = middle(peer);
      double floor = precision.floor(quantity);
      errors.forEach(
          (name, error) -> {
            double own = peer.getOrDefault(name, 0.0);
            double allowed = Math.max(floor, precision.factor * Math.max(own, usual));
            judge(what + name, error, own, allowed);
          });
      // Of updates the middle one is luck too, in bfloat16: how many signs are wrong.
      if (peers() && quantity != Quantity.WEIGHTS && quantity != Quantity.CHANGE) {
        String middle = what + "the middle one of all parameters";
        judge(middle, middle(errors), usual, precision.middle * usual);
      }
    }

    private Map<String, Double> errors(
        Quantity quantity, int snapshot, Map<String, double[]> values) {
      Map<String, Double> errors = new LinkedHashMap<>();
      Map<String, double[]> start = fixture.start();
      fixture
          .truth(quantity, snapshot)
          .forEach(
              (name, truth) -> {
                double[] mine = Named.in(values, name).clone();
                double[] first = Named.in(start, name);
                if (quantity == Quantity.CHANGE) {
                  Arrays.setAll(mine, i -> mine[i] - first[i]);
                }
                errors.put(name, distance(Fixture.digest(mine), truth));
              });
      return errors;
    }

    private static double middle(Map<String, Double> errors) {
      List<Double> sorted = errors.values().stream().sorted().toList();
      return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    List<String> excesses() {
      return excesses;
    }

    void printIfWanted(Subject subject) {
      if (Boolean.getBoolean("fixtures.table")) {
        table.forEach(line -> System.out.println(subject + "\t" + fixture + "\t" + line));
      }
    }

    private boolean peers() {
      return !precision.dtype.isEmpty();
    }

    private void judge(String what, double error, double peer, double allowed) {
      String line =
          String.format(
              Locale.ROOT, "%s: %.2e; PyTorch %.2e; allowed %.2e", what, error, peer, allowed);
      table.add(line);
      if (!(error <= allowed)) { // NaN must not pass.
        excesses.add(line);
      }
    }

    /** |a - b| / |b| */
    private static double distance(double[] a, double[] b) {
      double difference = 0;
      double size = 0;
      for (int i = 0; i < b.length; i++) {
        difference += (a[i] - b[i]) * (a[i] - b[i]);
        size += b[i] * b[i];
      }
      return Math.sqrt(difference / size);
    }
  }
}
