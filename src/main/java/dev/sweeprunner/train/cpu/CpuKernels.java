package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Activation;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Floats;
import dev.sweeprunner.train.kernels.HeadGradient;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Linear;
import dev.sweeprunner.train.kernels.Norm;
import dev.sweeprunner.train.kernels.Precision;
import dev.sweeprunner.train.kernels.Rotation;
import dev.sweeprunner.train.kernels.Tables;
import dev.sweeprunner.train.kernels.Tokens;
import dev.sweeprunner.train.kernels.Total;
import dev.sweeprunner.train.kernels.Trainable;
import dev.sweeprunner.train.kernels.Traits;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CPU back end: plain loops over Java arrays, on the caller and a few daemon threads.
 *
 * <p>The bits depend neither on the number of threads nor on the machine or the JDK: work is cut by
 * the shapes alone, each output has one owner that sums in one order, and only operations whose
 * rounding the language fixes are used. Every call has finished when it returns.
 */
final class CpuKernels implements Kernels {
  /** Tokens per call that keep activations in the caches and give all threads a share. */
  private static final int TOKENS_AT_ONCE = 8192;

  private final ThreadPool pool;
  private final EmbeddingKernel embeddings;
  private final NormKernel norms;
  private final LinearKernel linears;
  private final AttentionKernel attention;
  private final PointwiseKernel pointwise;
  private final HeadKernel head;
  private final AdamKernel adam;
  private long bytes;

  /**
   * @param threads how many threads compute, the caller included; at least 1
   */
  CpuKernels(int threads) {
    this.pool = new ThreadPool(threads);
    this.embeddings = new EmbeddingKernel(pool);
    this.norms = new NormKernel(pool);
    this.linears = new LinearKernel(pool);
    this.attention = new AttentionKernel(pool);
    this.pointwise = new PointwiseKernel(pool);
    this.head = new HeadKernel(pool);
    this.adam = new AdamKernel(pool);
  }

  @Override
  public Traits traits() {
    return new Traits("cpu-1", "cpu", "float32", 0, false);
  }

  @Override
  public long memory() {
    return bytes;
  }

  @Override
  public int rowsAtOnce(int length) {
    return Math.max(1, TOKENS_AT_ONCE / length);
  }

  @Override
  public Floats floats(int length) {
    bytes += (long) Float.BYTES * length;
    return new HostFloats(new float[length]);
  }

  @Override
  public Floats matrix(int rows, int columns) {
    return floats(Math.multiplyExact(rows, columns));
  }

  @Override
  public Tokens tokens(int rows, int length, Tokens.Ranges ranges) {
    return new HostTokens(rows, length);
  }

  @Override
  public Activation activation(int rows, int length, int features, Precision precision) {
    bytes += (long) Float.BYTES * rows * length * features;
    return new Tiles(rows, length, features);
  }

  @Override
  public Total total() {
    return new HostTotal();
  }

  @Override
  public void allocate() {
    // Every buffer is an array from its beginning.
  }

  @Override
  public void upload(float[] values, Floats to) {
    if (values.length != to.length()) {
      throw new IllegalArgumentException(values.length + " values for a buffer of " + to.length());
    }
    System.arraycopy(values, 0, of(to), 0, values.length);
  }

  @Override
  public void upload(float[] values, int rows, Activation to) {
    of(to).read(values, rows);
  }

  @Override
  public float[] download(Floats from) {
    return of(from).clone();
  }

  @Override
  public float[] download(int rows, Activation from) {
    return of(from).rowMajor(rows);
  }

  @Override
  public void zero(Floats buffer) {
    Arrays.fill(of(buffer), 0f);
  }

  @Override
  public void zero(Activation buffer) {
    of(buffer).zero();
  }

  @Override
  public void addAndClear(Floats from, Floats to) {
    Rows.add(of(to), of(from), from.length());
    zero(from);
  }

  @Override
  public double take(Total total) {
    return of(total).take();
  }

  @Override
  public void put(Tokens queue, int rows, int[] ids, int[] targets, int[] compartments) {
    of(queue).put(rows, ids, targets, compartments);
  }

  @Override
  public void next(Tokens queue) {
    of(queue).next();
  }

  @Override
  public Runnable program(Runnable calls) {
    return calls;
  }

  @Override
  public void embed(int rows, Tokens tokens, Tables tables, Activation out) {
    embeddings.forward(rows, of(tokens).ids(), of(tables.tokens()), of(out), false);
    if (tables.positions() != null) {
      embeddings.addPositions(rows, of(tables.positions()), of(out));
    }
    if (tables.compartments() != null) {
      int[] rowsOfTable = of(tokens).compartments();
      embeddings.forward(rows, rowsOfTable, of(tables.compartments()), of(out), true);
    }
  }

  @Override
  public void embedBackward(int rows, Tokens tokens, Activation outGradient, Tables gradients) {
    embeddings.backward(rows, of(tokens).ids(), of(outGradient), of(gradients.tokens()));
    if (gradients.positions() != null) {
      embeddings.backward(rows, null, of(outGradient), of(gradients.positions()));
    }
    if (gradients.compartments() != null) {
      int[] rowsOfTable = of(tokens).compartments();
      embeddings.backward(rows, rowsOfTable, of(outGradient), of(gradients.compartments()));
    }
  }

  @Override
  public void layerNorm(int rows, Activation x, Norm norm, Activation out, Activation statistics) {
    norms.forward(rows, of(x), of(norm.weight()), orNull(norm.bias()), of(out), of(statistics));
  }

  @Override
  public void layerNormBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Activation statistics,
      Norm norm,
      Activation xGradient,
      Norm gradients) {
    norms.backwardInput(
        rows, of(outGradient), of(x), of(statistics), of(norm.weight()), of(xGradient));
    norms.backwardParameters(
        rows,
        of(outGradient),
        of(x),
        of(statistics),
        of(gradients.weight()),
        orNull(gradients.bias()));
  }

  @Override
  public void linear(int rows, Activation x, Linear layer, Activation out) {
    linears.forward(rows, of(x), of(layer.weight()), orNull(layer.bias()), of(out));
  }

  @Override
  public void linearAdd(int rows, Activation x, Linear layer, Activation addend, Activation out) {
    linear(rows, x, layer, out);
    pointwise.add(rows, of(addend), of(out));
  }

  @Override
  public void linearGelu(int rows, Activation x, Linear layer, Activation wide, Activation out) {
    linear(rows, x, layer, wide);
    pointwise.gelu(rows, of(wide), of(out));
  }

  @Override
  public void linearBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Linear layer,
      Activation xGradient,
      Linear gradients) {
    linears.backwardInput(rows, of(outGradient), of(layer.weight()), of(xGradient));
    linears.backwardWeight(rows, of(outGradient), of(x), of(gradients.weight()));
    if (gradients.bias() != null) {
      linears.backwardBias(rows, of(outGradient), of(gradients.bias()));
    }
  }

  @Override
  public void linearGeluBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Activation wide,
      Linear layer,
      Activation wideGradient,
      Linear gradients) {
    linearBackward(rows, outGradient, x, layer, wideGradient, gradients);
    pointwise.geluBackward(rows, of(wideGradient), of(wide), of(wideGradient));
  }

  @Override
  public void rotate(int rows, Activation qkv, int heads, Rotation rotation, boolean backward) {
    attention.rotate(rows, of(qkv), heads, of(rotation.cos()), of(rotation.sin()), backward);
  }

  @Override
  public void attention(
      int rows, Activation qkv, int heads, Activation out, Activation statistics) {
    attention.forward(rows, of(qkv), heads, of(out), of(statistics));
  }

  @Override
  public void attentionBackward(
      int rows,
      Activation outGradient,
      Activation qkv,
      int heads,
      Activation out,
      Activation statistics,
      Activation qkvGradient) {
    attention.backward(
        rows, of(outGradient), of(qkv), heads, of(out), of(statistics), of(qkvGradient));
  }

  @Override
  public void head(
      int rows,
      Activation x,
      Floats weight,
      Tokens tokens,
      @Nullable HeadGradient gradient,
      Total loss) {
    of(loss).add(head.run(rows, of(x), of(weight), of(tokens).targets(), gradient));
  }

  @Override
  public void update(
      List<Trainable> parameters, AdamW settings, double learningRate, long step, Total norm) {
    of(norm).set(adam.update(parameters, settings, learningRate, step));
  }

  @Override
  public void close() {
    pool.close();
  }

  private static Tiles of(Activation activation) {
    return (Tiles) activation;
  }

  private static float[] of(Floats floats) {
    return ((HostFloats) floats).values();
  }

  private static HostTokens of(Tokens tokens) {
    return (HostTokens) tokens;
  }

  private static HostTotal of(Total total) {
    return (HostTotal) total;
  }

  private static float @Nullable [] orNull(@Nullable Floats floats) {
    return floats == null ? null : of(floats);
  }
}
