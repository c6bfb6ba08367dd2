package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Activation;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Floats;
import dev.sweeprunner.train.kernels.HeadGradient;
import dev.sweeprunner.train.kernels.Ints;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Norm;
import dev.sweeprunner.train.kernels.Tables;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The transformer: a pre-LayerNorm GPT with exact GELU, its loss, gradients and AdamW, written once
 * over {@link Kernels}.
 *
 * <p>The same calls give the same bits on one kind of back end. Arrays of ids are row-major (rows,
 * blockSize); a model carries them through in slices of as many rows as its back end likes, and the
 * slices are part of the arithmetic (see {@link Kernels#version()}).
 *
 * <p>Belongs to one thread at a time. Closing gives the buffers back and leaves the kernels open.
 */
public final class Gpt implements AutoCloseable {
  private final Kernels kernels;
  private final ModelShape shape;
  private final int maxRows;
  private final Parameters parameters;
  private final Workspace workspace;
  private final Workspace.Gradients flow;

  private final Ints ids;
  private final Ints targets;
  private final @Nullable Ints compartments;
  private final Activation embedded;
  private final List<Block> blocks = new ArrayList<>();
  private final Activation normed;
  private final Activation statistics;

  /**
   * Allocates everything; the parameters are zero until {@link #initialise} or {@link #load}.
   *
   * @param maxRows the most sequences that one call will carry
   */
  public Gpt(Kernels kernels, ModelShape shape, int maxRows) {
    if (maxRows <= 0) {
      throw new IllegalArgumentException("maxRows must be positive, was: " + maxRows);
    }
    this.kernels = kernels;
    this.shape = shape;
    this.maxRows = maxRows;
    this.parameters = new Parameters(kernels, shape);
    int slice = Math.min(maxRows, kernels.rowsAtOnce(shape.blockSize()));
    this.workspace = new Workspace(kernels, shape, slice);
    this.flow = workspace.gradients(shape.embd());
    this.ids = workspace.ids();
    this.targets = workspace.ids();
    this.compartments = shape.compartments() > 0 ? workspace.ids() : null;
    this.embedded = workspace.activation(shape.embd());
    for (int i = 0; i < shape.layers(); i++) {
      blocks.add(new Block(kernels, shape, i, parameters, workspace));
    }
    this.normed = workspace.activation(shape.embd());
    this.statistics = workspace.activation(2);
  }

  /**
   * Sets the first values: normal(0, 0.02) for matrices and embeddings, normal(0, 0.02 / sqrt(2 ·
   * layers)) for projections into the residual stream, 1 for LayerNorm weights, 0 for biases. A
   * value depends only on the seed, its parameter's name and its index. Gradients and moments
   * become zero.
   */
  public void initialise(long seed) {
    parameters.initialise(seed);
  }

  /**
   * One forward and backward pass; adds gradientScale · d(sum of cross-entropies)/dθ to the
   * gradients.
   *
   * @param rows sequences, at most maxRows
   * @param inputs (rows, blockSize) ids of the composite vocabulary
   * @param targets (rows, blockSize) likewise; −1: this position counts nothing
   * @param compartments (rows, blockSize); not read where the model has no compartment embedding
   * @return the sum of the cross-entropies over all targets that count, unscaled
   * @throws IllegalArgumentException for arrays that are too short and ids out of range
   */
  public double accumulate(
      int rows, int[] inputs, int[] targets, int[] compartments, float gradientScale) {
    return pass(rows, inputs, targets, compartments, gradientScale, true);
  }

  /** The loss of {@link #accumulate}, without gradients. */
  public double loss(int rows, int[] inputs, int[] targets, int[] compartments) {
    return pass(rows, inputs, targets, compartments, 0, false);
  }

  /**
   * One AdamW update with the accumulated gradients, clipped by their global norm; leaves the
   * gradients zero.
   *
   * @param step 1 for the first update
   * @return the global norm before clipping; not finite where training has diverged
   */
  public double update(AdamW settings, double learningRate, long step) {
    return kernels.update(parameters.all(), settings, learningRate, step);
  }

  /** Forgets the accumulated gradients. */
  public void zeroGradients() {
    parameters.zeroGradients();
  }

  /** Copies of all parameters, in the order and under the names of nanoGPT's state dictionary. */
  public List<Tensor> weights() {
    return parameters.weights();
  }

  /**
   * Copies of Adam's moments: {@code exp_avg.NAME} of all parameters, then {@code exp_avg_sq.NAME}.
   */
  public List<Tensor> optimizerState() {
    return parameters.moments();
  }

  /**
   * Takes over what {@link #weights} and {@link #optimizerState} gave; gradients become zero.
   *
   * @throws IllegalArgumentException if a tensor is missing or has another length; the model is
   *     then undefined
   */
  public void load(Map<String, float[]> weights, Map<String, float[]> optimizer) {
    parameters.load(weights, optimizer);
  }

  /** Numbers that are trained; a tied matrix counts once. */
  public long parameterCount() {
    return parameters.count();
  }

  /**
   * Floating-point operations per token of one forward and backward pass, as PaLM's appendix B
   * counts them: 6 per number of every matrix that tokens are multiplied with (lookups are free),
   * and 12 · layers · embd · blockSize for attention.
   */
  public long flopsPerToken() {
    return 6 * parameters.multiplied(shape)
        + 12L * shape.layers() * shape.embd() * shape.blockSize();
  }

  @Override
  public void close() {
    workspace.close();
    parameters.close();
  }

  /** Copies of the accumulated gradients. */
  List<Tensor> gradients() {
    return parameters.gradients();
  }

  private double pass(
      int rows, int[] inputs, int[] targets, int[] compartments, float scale, boolean backward) {
    check(rows, inputs, targets, compartments);
    int[] inputRows = new int[rows * shape.blockSize()];
    for (int i = 0; i < inputRows.length; i++) {
      inputRows[i] = shape.inputRow(inputs[i]);
    }
    double sum = 0;
    for (int from = 0; from < rows; from += workspace.rows()) {
      int count = Math.min(workspace.rows(), rows - from);
      int start = from * shape.blockSize();
      int tokens = count * shape.blockSize();
      kernels.upload(inputRows, start, tokens, ids);
      kernels.upload(targets, start, tokens, this.targets);
      if (this.compartments != null) {
        kernels.upload(compartments, start, tokens, this.compartments);
      }
      sum += backward ? forwardBackward(count, scale) : forward(count, null);
    }
    return sum;
  }

  private double forward(int rows, @Nullable HeadGradient gradient) {
    Tables tables = parameters.tables(Trainable::value);
    kernels.embed(rows, ids, compartments, tables, embedded);
    Activation x = embedded;
    for (Block block : blocks) {
      x = block.forward(rows, x);
    }
    kernels.layerNorm(rows, x, lastNorm(), normed, statistics);
    return kernels.head(rows, normed, parameters.head(Trainable::value), targets, gradient);
  }

  private double forwardBackward(int rows, float scale) {
    Floats headGradient = parameters.head(Trainable::gradient);
    double sum = forward(rows, new HeadGradient(scale, flow.branch(), headGradient));
    kernels.zero(flow.residual());
    kernels.layerNormBackward(
        rows,
        flow.branch(),
        outputOf(blocks.size()),
        statistics,
        lastNorm(),
        flow.residual(),
        parameters.norm(ParameterLayout.LAST_NORM, Trainable::gradient));
    for (int i = blocks.size() - 1; i >= 0; i--) {
      blocks.get(i).backward(rows, outputOf(i), flow);
    }
    kernels.embedBackward(
        rows, ids, compartments, flow.residual(), parameters.tables(Trainable::gradient));
    return sum;
  }

  /** What block number {@code count} gets, or the last norm. */
  private Activation outputOf(int count) {
    return count == 0 ? embedded : blocks.get(count - 1).output();
  }

  private Norm lastNorm() {
    return parameters.norm(ParameterLayout.LAST_NORM, Trainable::value);
  }

  private void check(int rows, int[] inputs, int[] targets, int[] compartments) {
    if (rows <= 0 || rows > maxRows) {
      throw new IllegalArgumentException("rows must be in 1.." + maxRows + ", was: " + rows);
    }
    int count = rows * shape.blockSize();
    checkRange("input", inputs, count, 0, shape.vocabulary());
    checkRange("target", targets, count, -1, shape.vocabulary());
    if (shape.compartments() > 0) {
      checkRange("compartment", compartments, count, 0, shape.compartments());
    }
  }

  private static void checkRange(String what, int[] values, int count, int low, int bound) {
    if (values.length < count) {
      throw new IllegalArgumentException(
          what + " ids: " + values.length + " given, " + count + " needed");
    }
    for (int i = 0; i < count; i++) {
      if (values[i] < low || values[i] >= bound) {
        throw new IllegalArgumentException(
            what + " id " + values[i] + " at position " + i + " is outside " + low + ".." + bound);
      }
    }
  }
}
