package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Activation;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Floats;
import dev.sweeprunner.train.kernels.HeadGradient;
import dev.sweeprunner.train.kernels.Ints;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Linear;
import dev.sweeprunner.train.kernels.Norm;
import dev.sweeprunner.train.kernels.Rotation;
import dev.sweeprunner.train.kernels.Tables;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The CPU back end: plain loops over Java arrays, on the caller and a few daemon threads.
 *
 * <p>The bits depend neither on the number of threads nor on the machine or the JDK: work is cut by
 * the shapes alone, each output has one owner that sums in one order, and only operations whose
 * rounding the language fixes are used. Every call has finished when it returns.
 */
public final class CpuKernels implements Kernels {
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

  /**
   * @param threads how many threads compute, the caller included; at least 1
   */
  public CpuKernels(int threads) {
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
  public String version() {
    return "cpu-1";
  }

  @Override
  public int rowsAtOnce(int length) {
    return Math.max(1, TOKENS_AT_ONCE / length);
  }

  @Override
  public Floats floats(int length) {
    return new HostFloats(new float[length]);
  }

  @Override
  public Ints ints(int length) {
    return new HostInts(new int[length]);
  }

  @Override
  public Activation activation(int rows, int length, int features) {
    return new Tiles(rows, length, features);
  }

  @Override
  public void upload(float[] values, Floats to) {
    if (values.length != to.length()) {
      throw new IllegalArgumentException(values.length + " values for a buffer of " + to.length());
    }
    System.arraycopy(values, 0, of(to), 0, values.length);
  }

  @Override
  public void upload(int[] values, int from, int count, Ints to) {
    System.arraycopy(values, from, of(to), 0, count);
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
  public void embed(
      int rows, Ints ids, @Nullable Ints compartments, Tables tables, Activation out) {
    embeddings.forward(rows, of(ids), of(tables.tokens()), of(out), false);
    if (tables.positions() != null) {
      embeddings.addPositions(rows, of(tables.positions()), of(out));
    }
    if (tables.compartments() != null) {
      int[] rowsOfTable = of(Objects.requireNonNull(compartments));
      embeddings.forward(rows, rowsOfTable, of(tables.compartments()), of(out), true);
    }
  }

  @Override
  public void embedBackward(
      int rows, Ints ids, @Nullable Ints compartments, Activation outGradient, Tables gradients) {
    embeddings.backward(rows, of(ids), of(outGradient), of(gradients.tokens()));
    if (gradients.positions() != null) {
      embeddings.backward(rows, null, of(outGradient), of(gradients.positions()));
    }
    if (gradients.compartments() != null) {
      int[] rowsOfTable = of(Objects.requireNonNull(compartments));
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
  public void gelu(int rows, Activation x, Activation out) {
    pointwise.gelu(rows, of(x), of(out));
  }

  @Override
  public void geluBackward(int rows, Activation outGradient, Activation x, Activation xGradient) {
    pointwise.geluBackward(rows, of(outGradient), of(x), of(xGradient));
  }

  @Override
  public void add(int rows, Activation addend, Activation to) {
    pointwise.add(rows, of(addend), of(to));
  }

  @Override
  public double head(
      int rows, Activation x, Floats weight, Ints targets, @Nullable HeadGradient gradient) {
    return head.run(rows, of(x), of(weight), of(targets), gradient);
  }

  @Override
  public double update(List<Trainable> parameters, AdamW settings, double learningRate, long step) {
    return adam.update(parameters, settings, learningRate, step);
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

  private static int[] of(Ints ints) {
    return ((HostInts) ints).values();
  }

  private static float @Nullable [] orNull(@Nullable Floats floats) {
    return floats == null ? null : of(floats);
  }
}
