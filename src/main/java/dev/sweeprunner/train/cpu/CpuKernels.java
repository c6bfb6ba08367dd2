package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators;
import dev.sweeprunner.train.kernels.Dropouts;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CPU back end: loops over Java arrays, on the caller and a few daemon threads.
 *
 * <p>The bits depend neither on the number of threads nor on the machine or the JDK: work is cut by
 * the shapes alone, each output has one owner that sums in one order, and only operations whose
 * rounding the language fixes are used. Every call has finished when it returns.
 */
final class CpuKernels implements Kernels {
  /** Tokens per call that keep activations in the caches and give all threads a share. */
  private static final int TOKENS_AT_ONCE = 8192;

  /**
   * Operations of a call from which the Vector API pays: until C2 has compiled them its operations
   * are calls, which costs some processor seconds once, more than small models save.
   */
  private static final long WORTH_VECTORS = 16_000_000;

  /** Bytes that are kept between the head's passes, where the heap is large enough. */
  private static final long HEAD_PER_THREAD = 64L << 20;

  private final ThreadPool pool;
  private final EmbeddingKernel embeddings;
  private final NormKernel norms;
  private final LinearKernel linears;
  private final AttentionKernel attention;
  private final PointwiseKernel pointwise;
  private final HeadKernel head;
  private final DropoutKernel dropouts;
  private final DiscriminatorKernel discriminators;
  private final AdamKernel adam;
  private long bytes;

  /**
   * @param threads how many threads compute, the caller included; at least 1
   * @param vectors when by the Vector API; the bits do not depend on it
   */
  CpuKernels(int threads, CpuBackEnd.Vectors vectors) {
    boolean simd = vectors.compareTo(CpuBackEnd.Vectors.MISSING) > 0;
    long worth = vectors == CpuBackEnd.Vectors.ALWAYS ? 0 : WORTH_VECTORS;
    this.pool = new ThreadPool(threads);
    this.embeddings = new EmbeddingKernel(pool);
    this.norms = new NormKernel(pool);
    this.linears = simd ? new SimdLinearKernel(pool, worth) : new PlainLinearKernel(pool);
    this.attention = simd ? new SimdAttentionKernel(pool, worth) : new AttentionKernel(pool);
    this.pointwise = simd ? new SimdPointwiseKernel(pool, worth) : new PointwiseKernel(pool);
    HeadLoops plain = new PlainHeadLoops(threads);
    HeadLoops fast = simd ? new SimdHeadLoops(threads, headBytes(threads)) : plain;
    this.head = new HeadKernel(pool, plain, fast, worth);
    this.dropouts = new DropoutKernel(pool);
    this.discriminators = new DiscriminatorKernel(this, pool);
    this.adam = new AdamKernel(pool);
  }

  private static long headBytes(int threads) {
    return Math.min(Math.max(2, threads) * HEAD_PER_THREAD, Runtime.getRuntime().maxMemory() / 8);
  }

  @Override
  public Traits traits() {
    return new Traits("cpu-2", "cpu", "float32", 0, false);
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
    return new HostTokens(length);
  }

  @Override
  public Activation activation(int rows, int length, int features, Precision precision) {
    bytes += (long) Float.BYTES * rows * length * features;
    return HostActivation.of(rows, length, features);
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
    VectorLoops.add(of(to), of(from), from.length());
    zero(from);
  }

  @Override
  public double take(Total total) {
    double taken = of(total).value;
    of(total).value = 0;
    return taken;
  }

  @Override
  public void put(
      Tokens queue, int rows, int[] ids, int[] targets, int[] compartments, Dropouts.Draw draw) {
    of(queue).put(rows, ids, targets, compartments, draw);
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
    embeddings.forward(rows, of(tokens).ids(), value(tables.tokens()), of(out), false);
    if (tables.positions() != null) {
      embeddings.forward(rows, null, value(tables.positions()), of(out), true);
    }
    if (tables.compartments() != null) {
      int[] rowsOfTable = of(tokens).compartments();
      embeddings.forward(rows, rowsOfTable, value(tables.compartments()), of(out), true);
    }
  }

  @Override
  public void embedBackward(int rows, Tokens tokens, Activation outGradient, Tables tables) {
    embeddings.backward(rows, of(tokens).ids(), of(outGradient), gradient(tables.tokens()));
    if (tables.positions() != null) {
      embeddings.backward(rows, null, of(outGradient), gradient(tables.positions()));
    }
    if (tables.compartments() != null) {
      int[] rowsOfTable = of(tokens).compartments();
      embeddings.backward(rows, rowsOfTable, of(outGradient), gradient(tables.compartments()));
    }
  }

  @Override
  public void layerNorm(int rows, Activation x, Norm norm, Activation out) {
    float[] bias = norm.bias() == null ? null : value(norm.bias());
    norms.forward(rows, of(x), value(norm.weight()), bias, of(out), of(norm.statistics()));
  }

  @Override
  public void layerNormBackward(
      int rows, Activation outGradient, Activation x, Norm norm, Activation xGradient) {
    HostActivation upper = of(outGradient);
    HostActivation statistics = of(norm.statistics());
    float[] bias = norm.bias() == null ? null : gradient(norm.bias());
    norms.backwardInput(rows, upper, of(x), statistics, value(norm.weight()), of(xGradient));
    norms.backwardParameters(rows, upper, of(x), statistics, gradient(norm.weight()), bias);
  }

  @Override
  public void linear(int rows, Activation x, Linear layer, Activation out) {
    float[] bias = layer.bias() == null ? null : value(layer.bias());
    linears.forward(rows, of(x), value(layer.weight()), bias, of(out));
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
      int rows, Activation outGradient, Activation x, Linear layer, Activation xGradient) {
    linears.backwardInput(rows, of(outGradient), value(layer.weight()), of(xGradient));
    linears.backwardWeight(rows, of(outGradient), of(x), gradient(layer.weight()));
    if (layer.bias() != null) {
      linears.backwardBias(rows, of(outGradient), gradient(layer.bias()));
    }
  }

  @Override
  public void linearGeluBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Activation wide,
      Linear layer,
      Activation wideGradient) {
    linearBackward(rows, outGradient, x, layer, wideGradient);
    pointwise.geluBackward(rows, of(wideGradient), of(wide), of(wideGradient));
  }

  @Override
  public void rotate(int rows, Activation qkv, int heads, Rotation rotation, boolean backward) {
    attention.rotate(rows, of(qkv), heads, of(rotation.cos()), of(rotation.sin()), backward);
  }

  @Override
  public void attention(int rows, Attention flow) {
    attention.forward(rows, of(flow.qkv()), flow.heads(), of(flow.out()), of(flow.statistics()));
  }

  @Override
  public void attentionBackward(
      int rows, Activation outGradient, Attention flow, Activation qkvGradient) {
    attention.backward(
        rows,
        of(outGradient),
        of(flow.qkv()),
        flow.heads(),
        of(flow.out()),
        of(flow.statistics()),
        of(qkvGradient));
  }

  @Override
  public Dropouts dropouts() {
    return dropouts;
  }

  @Override
  public Discriminators discriminators() {
    return discriminators;
  }

  @Override
  public void head(
      int rows,
      Activation x,
      Floats weight,
      Tokens tokens,
      @Nullable HeadGradient gradient,
      Total loss) {
    of(loss).value += head.run(rows, of(x), of(weight), of(tokens).targets(), gradient);
  }

  @Override
  public void update(
      List<Trainable> parameters, AdamW settings, double learningRate, long step, Total norm) {
    of(norm).value = adam.update(parameters, settings, learningRate, step);
  }

  @Override
  public void close() {
    pool.close();
  }

  private static HostActivation of(Activation activation) {
    return (HostActivation) activation;
  }

  private static float[] of(Floats floats) {
    return HostFloats.values(floats);
  }

  private static HostTokens of(Tokens tokens) {
    return (HostTokens) tokens;
  }

  private static HostTotal of(Total total) {
    return (HostTotal) total;
  }

  private static float[] value(Trainable parameter) {
    return of(parameter.value());
  }

  private static float[] gradient(Trainable parameter) {
    return of(parameter.gradient());
  }
}
