package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Dropouts.Draw;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import dev.sweeprunner.train.kernels.Kernels.Norm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The transformer: a pre-LayerNorm GPT with exact GELU, its loss, gradients and AdamW, written once
 * over {@link Kernels}.
 *
 * <p>The same calls give the same bits on one kind of back end. Arrays of ids are row-major (rows,
 * blockSize). The slices in which a caller brings its rows are part of the arithmetic (see {@link
 * Kernels.Traits#version()}), unless the back end says otherwise.
 *
 * <p>Training calls return before their work is done; {@link #takeLoss}, {@link #takeNorm}, {@link
 * #loss} and the copies of tensors wait for it. So the next rows can be prepared and {@link #put}
 * while a device computes.
 *
 * <p>Belongs to one thread at a time. Closing gives the buffers back and leaves the kernels open.
 */
public final class Gpt implements AutoCloseable {
  private final Kernels kernels;
  private final ModelShape shape;
  private final Parameters parameters;
  private final Workspace workspace;
  private final Workspace.Gradients flow;

  private final Tokens training;
  private final Tokens evaluation;
  private final Total trainingLoss;
  private final Total evaluationLoss;
  private final Total norm;
  private final Activation embedded;
  private final List<Block> blocks = new ArrayList<>();
  private final Activation normed;
  private final Norm lastNorm;
  private final @Nullable Drops drops;
  private final @Nullable Discriminating discriminating;
  private final Map<Pass, Runnable> passes = new HashMap<>();

  /**
   * Allocates everything; the parameters are zero until {@link #initialise} or {@link #load}.
   *
   * @param maxRows the most sequences that the caller will bring at once, if the back end can carry
   *     as many
   */
  public Gpt(Kernels kernels, ModelShape shape, int maxRows) {
    if (maxRows <= 0) {
      throw new IllegalArgumentException("maxRows must be positive, was: " + maxRows);
    }
    this.kernels = kernels;
    this.shape = shape;
    this.parameters = new Parameters(kernels, shape);
    int slice = Math.min(maxRows, kernels.rowsAtOnce(shape.blockSize()));
    this.workspace = new Workspace(kernels, shape, slice);
    this.flow = workspace.gradients(shape.embd());
    this.training = workspace.tokens();
    this.evaluation = workspace.tokens();
    this.trainingLoss = workspace.total();
    this.evaluationLoss = workspace.total();
    this.norm = workspace.total();
    this.embedded = workspace.exact(shape.embd());
    for (int i = 0; i < shape.layers(); i++) {
      blocks.add(new Block(kernels, shape, i, parameters, workspace));
    }
    this.normed = workspace.activation(shape.embd());
    this.lastNorm = parameters.norm(ParameterLayout.LAST_NORM, workspace.exact(2));
    this.drops = shape.dropout() == 0 ? null : new Drops(kernels, shape, workspace, training);
    Adversary adversary = shape.adversary();
    this.discriminating =
        adversary == null
            ? null
            : new Discriminating(kernels, shape, adversary, parameters, workspace, training);
    kernels.allocate();
    workspace.prepare();
    if (drops != null) {
      drops.prepare();
    }
  }

  /** The parameters of a model of this shape by name, in their order, with their shapes. */
  public static Map<String, List<Integer>> layout(ModelShape shape) {
    Map<String, List<Integer>> layout = new LinkedHashMap<>();
    ParameterLayout.of(shape).forEach(each -> layout.put(each.name(), each.shape()));
    return layout;
  }

  /** The most sequences that one call carries. */
  public int rowsAtOnce() {
    return workspace.rows();
  }

  /**
   * Sets the first values: normal(0, 0.02) for matrices and embeddings, normal(0, 0.02 / sqrt(2 ·
   * layers)) for projections into the residual stream, 1 for LayerNorm weights, 0 for biases. A
   * value depends only on the seed, its parameter's name and its index. Gradients and moments
   * become zero.
   */
  public void initialise(long seed) {
    initialise(seed, FirstValues.NONE, Copies.NONE);
  }

  /** As {@link #initialise(long)}, and then the other values, and then the copies. */
  public void initialise(long seed, FirstValues others, Copies copies) {
    parameters.initialise(seed, others, copies);
  }

  /**
   * Queues rows for {@link #accumulate}; two batches may wait.
   *
   * @param rows sequences, at most {@link #rowsAtOnce}
   * @param inputs (rows, blockSize) ids of the composite vocabulary
   * @param targets (rows, blockSize) likewise; −1: this position counts nothing
   * @param compartments (rows, blockSize); not read where the model has neither a compartment
   *     embedding nor discriminators
   * @throws IllegalArgumentException for arrays that are too short and ids out of range
   */
  public void put(int rows, int[] inputs, int[] targets, int[] compartments) {
    put(rows, inputs, targets, compartments, Draw.NONE);
  }

  /**
   * The same.
   *
   * @param draw what a shape with dropout drops in the pass over these rows
   */
  public void put(int rows, int[] inputs, int[] targets, int[] compartments, Draw draw) {
    put(training, rows, inputs, targets, compartments, draw);
  }

  /** Drops the oldest rows that were {@link #put}. */
  public void skip() {
    kernels.next(training);
  }

  /**
   * One forward and backward pass of the oldest rows that were {@link #put}; adds gradientScale ·
   * d(sum of cross-entropies)/dθ to the gradients, and the sum of the cross-entropies over all
   * targets that count, unscaled, to {@link #takeLoss}.
   *
   * @param rows how many they are
   */
  public void accumulate(int rows, float gradientScale) {
    accumulate(rows, gradientScale, gradientScale);
  }

  /**
   * The same.
   *
   * @param tellingScale the factor for the rows' cross-entropies, in the mean of all discriminators
   */
  public void accumulate(int rows, float gradientScale, float tellingScale) {
    kernels.next(training);
    run(new Pass(rows, gradientScale, tellingScale, true));
  }

  /** The sum of the cross-entropies of all passes since it was last taken. */
  public double takeLoss() {
    return kernels.take(trainingLoss);
  }

  /**
   * The sum of the rows' cross-entropies of all passes since it was last taken, in the mean of all
   * discriminators; empty for a model without.
   */
  public OptionalDouble takeTelling() {
    return discriminating == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(discriminating.takeLoss());
  }

  /**
   * The sum of the cross-entropies of these rows, any number of them, without gradients and
   * dropout.
   *
   * @throws IllegalArgumentException as {@link #put}
   */
  public double loss(int rows, int[] inputs, int[] targets, int[] compartments) {
    int length = shape.blockSize();
    for (int from = 0; from < rows; from += workspace.rows()) {
      int count = Math.min(workspace.rows(), rows - from);
      put(
          evaluation,
          count,
          Ids.slice(inputs, from * length, count * length),
          Ids.slice(targets, from * length, count * length),
          shape.toldCompartments() == 0
              ? compartments
              : Ids.slice(compartments, from * length, count * length),
          Draw.NONE);
      kernels.next(evaluation);
      run(new Pass(count, 0, 0, false));
    }
    return kernels.take(evaluationLoss);
  }

  /**
   * One AdamW update with the accumulated gradients, clipped by their global norm; leaves the
   * gradients zero.
   *
   * @param step 1 for the first update
   */
  public void update(AdamW settings, double learningRate, long step) {
    parameters.joinGradients();
    kernels.update(parameters.all(), settings, learningRate, step, norm);
  }

  /**
   * The global norm of the last update's gradients before clipping; not finite where training has
   * diverged.
   */
  public double takeNorm() {
    return kernels.take(norm);
  }

  /** Forgets the accumulated gradients and losses. */
  public void forget() {
    parameters.zeroGradients();
    kernels.take(trainingLoss);
    takeTelling();
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

  private void put(
      Tokens queue, int rows, int[] inputs, int[] targets, int[] compartments, Draw draw) {
    if (rows <= 0 || rows > workspace.rows()) {
      throw new IllegalArgumentException(
          "rows must be in 1.." + workspace.rows() + ", was: " + rows);
    }
    int[] inputRows = Ids.inputRows(shape, rows, inputs, targets, compartments);
    kernels.put(queue, rows, inputRows, targets, compartments, draw);
  }

  private void run(Pass pass) {
    passes
        .computeIfAbsent(
            pass,
            p ->
                kernels.program(
                    p.backward
                        ? () -> forwardBackward(p.rows, p.scale, p.tellingScale)
                        : () -> forward(p.rows, evaluation, null, null, evaluationLoss)))
        .run();
  }

  private void forward(
      int rows,
      Tokens tokens,
      @Nullable Drops dropped,
      @Nullable HeadGradient gradient,
      Total loss) {
    kernels.embed(rows, tokens, parameters.tables(), embedded);
    if (dropped != null) {
      dropped.embedding(rows, embedded);
    }
    Activation x = embedded;
    for (Block block : blocks) {
      x = block.forward(rows, x, dropped);
    }
    kernels.layerNorm(rows, x, lastNorm, normed);
    kernels.head(rows, normed, parameters.head(), tokens, gradient, loss);
  }

  private void forwardBackward(int rows, float scale, float tellingScale) {
    HeadGradient gradient = new HeadGradient(scale, flow.head(), parameters.headGradient());
    forward(rows, training, drops, gradient, trainingLoss);
    kernels.zero(flow.residual());
    Activation last = outputOf(blocks.size());
    kernels.layerNormBackward(rows, flow.head(), last, lastNorm, flow.residual());
    for (int i = blocks.size() - 1; i >= 0; i--) {
      if (discriminating != null) {
        discriminating.backward(rows, i, outputOf(i + 1), flow.residual(), tellingScale);
      }
      blocks.get(i).backward(rows, outputOf(i), flow, drops);
    }
    if (drops != null) {
      drops.embedding(rows, flow.residual());
    }
    kernels.embedBackward(rows, training, flow.residual(), parameters.tables());
  }

  /** What block number {@code count} gets, or the last norm. */
  private Activation outputOf(int count) {
    return count == 0 ? embedded : blocks.get(count - 1).output();
  }

  /** What tells one program of calls from another. */
  private record Pass(int rows, float scale, float tellingScale, boolean backward) {}
}
