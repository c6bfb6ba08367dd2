package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Linear;
import dev.sweeprunner.train.kernels.Kernels.Norm;
import dev.sweeprunner.train.kernels.Kernels.Tables;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A model's parameters in a back end's memory, with their gradients and moments, by name. */
final class Parameters implements AutoCloseable {
  private static final String FIRST = "exp_avg.";
  private static final String SECOND = "exp_avg_sq.";

  private final Kernels kernels;
  private final ModelShape shape;
  private final List<Parameter> layout;
  private final Map<String, Trainable> byName = new LinkedHashMap<>();
  private final List<Trainable> all;

  /**
   * The head's share of the gradient of a tied matrix. Apart from the embedding's share, so that
   * neither's sum depends on how many rows a pass carries.
   */
  private final @Nullable Floats tiedHead;

  Parameters(Kernels kernels, ModelShape shape) {
    this.kernels = kernels;
    this.shape = shape;
    this.layout = ParameterLayout.of(shape);
    for (Parameter parameter : layout) {
      int length = parameter.length();
      byName.put(
          parameter.name(),
          new Trainable(
              value(parameter),
              kernels.floats(length),
              kernels.floats(length),
              kernels.floats(length),
              parameter.decays()));
    }
    this.all = List.copyOf(byName.values());
    this.tiedHead = shape.tied() ? kernels.floats(shape.vocabulary() * shape.embd()) : null;
  }

  /** All of them; the same list each time. */
  List<Trainable> all() {
    return all;
  }

  long count() {
    return layout.stream().mapToLong(Parameter::length).sum();
  }

  /**
   * Numbers in the matrices that tokens are multiplied with; tables that are only looked up not.
   */
  long multiplied(ModelShape shape) {
    long blocks =
        layout.stream()
            .filter(p -> p.isMatrix() && p.name().startsWith("transformer.h."))
            .mapToLong(Parameter::length)
            .sum();
    return blocks + (long) shape.vocabulary() * shape.embd();
  }

  void initialise(long seed, FirstValues others, Copies copies) {
    for (Parameter parameter : layout) {
      Trainable trainable = get(parameter.name());
      float[] values = parameter.start(seed);
      others.into(parameter.name(), parameter.shape(), values);
      copies.into(
          values, parameter.name(), parameter.shape().get(parameter.shape().size() - 1), shape);
      kernels.upload(values, trainable.value());
      kernels.zero(trainable.first());
      kernels.zero(trainable.second());
    }
    zeroGradients();
  }

  void zeroGradients() {
    all.forEach(trainable -> kernels.zero(trainable.gradient()));
    if (tiedHead != null) {
      kernels.zero(tiedHead);
    }
  }

  /** Puts the shares of a tied matrix together: what an update reads. */
  void joinGradients() {
    if (tiedHead != null) {
      kernels.addAndClear(tiedHead, get(ParameterLayout.TOKENS).gradient());
    }
  }

  List<Tensor> weights() {
    return tensors("", Trainable::value);
  }

  List<Tensor> gradients() {
    joinGradients();
    return tensors("", Trainable::gradient);
  }

  List<Tensor> moments() {
    List<Tensor> moments = new ArrayList<>(tensors(FIRST, Trainable::first));
    moments.addAll(tensors(SECOND, Trainable::second));
    return List.copyOf(moments);
  }

  void load(Map<String, float[]> weights, Map<String, float[]> moments) {
    for (Parameter parameter : layout) {
      Trainable trainable = get(parameter.name());
      kernels.upload(named(weights, parameter.name(), parameter), trainable.value());
      kernels.upload(named(moments, FIRST + parameter.name(), parameter), trainable.first());
      kernels.upload(named(moments, SECOND + parameter.name(), parameter), trainable.second());
    }
    zeroGradients();
  }

  Tables tables() {
    return new Tables(
        get(ParameterLayout.TOKENS),
        byName.get(ParameterLayout.POSITIONS),
        byName.get(ParameterLayout.COMPARTMENTS));
  }

  Norm norm(String module, Activation statistics) {
    return new Norm(
        get(ParameterLayout.weight(module)), byName.get(ParameterLayout.bias(module)), statistics);
  }

  Linear linear(String module) {
    return new Linear(
        get(ParameterLayout.weight(module)), byName.get(ParameterLayout.bias(module)));
  }

  /** The head's matrix: its own, or the token embedding's where they are tied. */
  Floats head() {
    Trainable own = byName.get(ParameterLayout.HEAD);
    return (own != null ? own : get(ParameterLayout.TOKENS)).value();
  }

  /** Where the head's gradient is summed. */
  Floats headGradient() {
    return tiedHead != null ? tiedHead : get(ParameterLayout.HEAD).gradient();
  }

  @Override
  public void close() {
    for (Trainable trainable : all) {
      trainable.value().close();
      trainable.gradient().close();
      trainable.first().close();
      trainable.second().close();
    }
    if (tiedHead != null) {
      tiedHead.close();
    }
  }

  private Floats value(Parameter parameter) {
    return parameter.isMatrix()
        ? kernels.matrix(parameter.shape().get(0), parameter.shape().get(1))
        : kernels.floats(parameter.length());
  }

  private List<Tensor> tensors(String prefix, Function<Trainable, Floats> part) {
    return layout.stream()
        .map(
            p ->
                new Tensor(
                    prefix + p.name(), p.shape(), kernels.download(part.apply(get(p.name())))))
        .toList();
  }

  private Trainable get(String name) {
    Trainable trainable = byName.get(name);
    if (trainable == null) {
      throw new IllegalArgumentException("this model has no parameter " + name);
    }
    return trainable;
  }

  private static float[] named(Map<String, float[]> values, String name, Parameter parameter) {
    float[] found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException("tensor " + name + " is missing");
    }
    if (found.length != parameter.length()) {
      throw new IllegalArgumentException(
          "tensor %s has %s values; this model's shape %s needs %s"
              .formatted(name, found.length, parameter.shape(), parameter.length()));
    }
    return found;
  }
}
