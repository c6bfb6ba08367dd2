package dev.sweeprunner.train.model;

import java.util.ArrayList;
import java.util.List;

/**
 * All parameters of a shape, in the order of nanoGPT's state dictionary and under its names; the
 * compartment embedding, which nanoGPT has not, is {@code transformer.wce.weight}, and the maps of
 * the discriminator behind block i are {@code dann.i.c_fc} and {@code dann.i.c_out}.
 */
final class ParameterLayout {
  static final String TOKENS = "transformer.wte.weight";
  static final String POSITIONS = "transformer.wpe.weight";
  static final String COMPARTMENTS = "transformer.wce.weight";
  static final String LAST_NORM = "transformer.ln_f";
  static final String HEAD = "lm_head.weight";

  /** What the names of all parameters of discriminators begin with. */
  static final String DISCRIMINATORS = "dann.";

  private static final double DEVIATION = 0.02;

  private final List<Parameter> parameters = new ArrayList<>();
  private final boolean bias;

  private ParameterLayout(boolean bias) {
    this.bias = bias;
  }

  static List<Parameter> of(ModelShape shape) {
    ParameterLayout layout = new ParameterLayout(shape.bias());
    int c = shape.embd();
    layout.matrix(TOKENS, shape.inputRows(), c, DEVIATION);
    if (!shape.rope()) {
      layout.matrix(POSITIONS, shape.blockSize(), c, DEVIATION);
    }
    if (shape.compartments() > 0) {
      layout.matrix(COMPARTMENTS, shape.compartments(), c, DEVIATION);
    }
    double intoResidual = DEVIATION / StrictMath.sqrt(2.0 * shape.layers());
    for (int i = 0; i < shape.layers(); i++) {
      layout.norm(block(i, "ln_1"), c);
      layout.linear(block(i, "attn.c_attn"), 3 * c, c, DEVIATION);
      layout.linear(block(i, "attn.c_proj"), c, c, intoResidual);
      layout.norm(block(i, "ln_2"), c);
      layout.linear(block(i, "mlp.c_fc"), 4 * c, c, DEVIATION);
      layout.linear(block(i, "mlp.c_proj"), c, 4 * c, intoResidual);
    }
    layout.norm(LAST_NORM, c);
    if (!shape.tied()) {
      layout.matrix(HEAD, shape.vocabulary(), c, DEVIATION);
    }
    Adversary adversary = shape.adversary();
    if (adversary != null) {
      layout.discriminators(adversary, c);
    }
    return List.copyOf(layout.parameters);
  }

  static String block(int layer, String part) {
    return "transformer.h." + layer + "." + part;
  }

  static String discriminator(int layer, String part) {
    return DISCRIMINATORS + layer + "." + part;
  }

  static String weight(String module) {
    return module + ".weight";
  }

  static String bias(String module) {
    return module + ".bias";
  }

  private void norm(String module, int features) {
    parameters.add(new Parameter(weight(module), List.of(features), 1, 0));
    addBias(module, features);
  }

  private void linear(String module, int out, int in, double deviation) {
    matrix(weight(module), out, in, deviation);
    addBias(module, out);
  }

  /** These always have biases. */
  private void discriminators(Adversary adversary, int embd) {
    for (int layer : adversary.layers()) {
      String norm = discriminator(layer, "ln_1");
      parameters.add(new Parameter(weight(norm), List.of(embd), 1, 0));
      parameters.add(new Parameter(bias(norm), List.of(embd), 0, 0));
      biased(discriminator(layer, "c_fc"), adversary.hidden(), embd);
      biased(discriminator(layer, "c_out"), adversary.compartments(), adversary.hidden());
    }
  }

  private void biased(String module, int out, int in) {
    matrix(weight(module), out, in, DEVIATION);
    parameters.add(new Parameter(bias(module), List.of(out), 0, 0));
  }

  private void matrix(String name, int rows, int columns, double deviation) {
    parameters.add(new Parameter(name, List.of(rows, columns), 0, deviation));
  }

  private void addBias(String module, int features) {
    if (bias) {
      parameters.add(new Parameter(bias(module), List.of(features), 0, 0));
    }
  }
}
