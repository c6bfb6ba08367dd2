package dev.sweeprunner.train.cuda;

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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations on a GPU, for one model: all of them go into one stream, in the order of the
 * calls. The memory of its buffers goes with it, that of a closed buffer earlier where its
 * neighbours are closed too.
 */
final class CudaKernels implements Kernels {
  private static final String VERSION = "cuda-1";

  private final GpuInfo gpuInfo;
  private final Format products;
  private final int tokensAtOnce;
  private final Stream stream;
  private final Resources resources;
  private final Buffers buffers;
  private final Staging staging;
  private final Programs programs;
  private final Launcher launcher;
  private final OrderedSums sums;
  private final EmbeddingOps embeddings;
  private final NormOps norms;
  private final LinearOps linears;
  private final AttentionOps attention;
  private final Head head;
  private final OptimizerOps optimizer;

  private CudaKernels(Gpu gpu, Format products, int tokensAtOnce, Resources resources) {
    this.gpuInfo = gpu.gpuInfo();
    this.products = products;
    this.tokensAtOnce = tokensAtOnce;
    this.resources = resources;
    this.stream = resources.keep(new Stream(gpu));
    Stream copying = resources.keep(new Stream(gpu));
    this.staging = resources.keep(new Staging(gpu, stream));
    this.buffers =
        resources.keep(new Buffers(gpu, products, new DeviceTokens.Streams(copying, stream)));
    this.programs = resources.keep(new Programs(gpu, stream));
    this.launcher = new Launcher(gpu, stream);
    Scratch scratch = buffers.scratch();
    this.sums = new OrderedSums(launcher);
    this.embeddings = new EmbeddingOps(launcher, scratch);
    this.norms = new NormOps(launcher, scratch);
    this.linears = new LinearOps(launcher, products, scratch);
    this.attention = new AttentionOps(launcher);
    this.head =
        products == Format.BFLOAT16
            ? new FusedHead(launcher, scratch)
            : new ChunkedHead(launcher, scratch);
    this.optimizer = resources.keep(new OptimizerOps(gpu, stream, launcher, programs));
  }

  /**
   * Opens a GPU for a model.
   *
   * @param products the format that matrix products read
   * @param tokensAtOnce the most tokens per call, unless a single quantum has more
   */
  static CudaKernels open(Gpu gpu, Format products, int tokensAtOnce) {
    Resources resources = new Resources();
    try {
      return new CudaKernels(gpu, products, tokensAtOnce, resources);
    } catch (RuntimeException e) {
      resources.close();
      throw e;
    }
  }

  @Override
  public Traits traits() {
    return new Traits(
        VERSION, gpuInfo.name(), products.dtype(), PeakFlops.of(gpuInfo, products), true);
  }

  @Override
  public int rowsAtOnce(int length) {
    int quantum = Quanta.rows(length);
    return Math.max(quantum, tokensAtOnce / length / quantum * quantum);
  }

  @Override
  public long memory() {
    return buffers.memory() + optimizer.memory();
  }

  @Override
  public Floats floats(int length) {
    return buffers.floats(length);
  }

  @Override
  public Floats matrix(int rows, int columns) {
    return buffers.matrix(rows, columns);
  }

  @Override
  public Tokens tokens(int rows, int length, Tokens.Ranges ranges) {
    return buffers.tokens(rows, length, ranges);
  }

  @Override
  public Activation activation(int rows, int length, int features, Precision precision) {
    return buffers.activation(rows, length, features, precision);
  }

  @Override
  public Total total() {
    return buffers.total();
  }

  @Override
  public void allocate() {
    buffers.allocate();
  }

  @Override
  public void upload(float[] values, Floats to) {
    DeviceFloats target = of(to);
    if (values.length != target.length()) {
      throw new IllegalArgumentException(
          values.length + " values for a buffer of " + target.length());
    }
    staging.upload(values, values.length, target.address(), Format.FLOAT32);
    if (target.copy() != 0) {
      launcher
          .kernel("round_bf16")
          .grid(Launcher.cover(values.length, 256))
          .ints(values.length)
          .addresses(target.address(), target.copy())
          .run();
    }
  }

  @Override
  public void upload(float[] values, int rows, Activation to) {
    DeviceActivation target = of(to);
    staging.upload(values, target.numbers(rows), target.address(), target.format());
  }

  @Override
  public float[] download(Floats from) {
    return staging.download(from.length(), of(from).address(), Format.FLOAT32);
  }

  @Override
  public float[] download(int rows, Activation from) {
    DeviceActivation source = of(from);
    return staging.download(source.numbers(rows), source.address(), source.format());
  }

  @Override
  public void zero(Floats buffer) {
    DeviceFloats zeroed = of(buffer);
    stream.zero(zeroed.address(), (long) Float.BYTES * zeroed.length());
    if (zeroed.copy() != 0) {
      stream.zero(zeroed.copy(), (long) Short.BYTES * zeroed.length());
    }
  }

  @Override
  public void zero(Activation buffer) {
    stream.zero(of(buffer).address(), of(buffer).bytes());
  }

  @Override
  public void addAndClear(Floats from, Floats to) {
    sums.add(from.length(), of(from).address(), of(to).address());
    zero(from);
  }

  @Override
  public double take(Total total) {
    return staging.take(((DeviceTotal) total).address());
  }

  @Override
  public void put(Tokens queue, int rows, int[] ids, int[] targets, int[] compartments) {
    ((DeviceTokens) queue).put(rows, ids, targets, compartments);
  }

  @Override
  public void next(Tokens queue) {
    ((DeviceTokens) queue).next();
  }

  @Override
  public Runnable program(Runnable calls) {
    return programs.of(calls);
  }

  @Override
  public void embed(int rows, Tokens tokens, Tables tables, Activation out) {
    embeddings.forward(rows, of(tokens), tables, of(out));
  }

  @Override
  public void embedBackward(int rows, Tokens tokens, Activation outGradient, Tables gradients) {
    embeddings.backward(rows, of(tokens), of(outGradient), gradients);
  }

  @Override
  public void layerNorm(int rows, Activation x, Norm norm, Activation out, Activation statistics) {
    norms.forward(
        rows, of(x), of(norm.weight()).address(), orZero(norm.bias()), of(out), of(statistics));
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
    norms.backward(
        rows,
        new NormOps.Flow(of(outGradient), of(x), of(statistics), of(xGradient)),
        of(norm.weight()).address(),
        of(gradients.weight()).address(),
        orZero(gradients.bias()));
  }

  @Override
  public void linear(int rows, Activation x, Linear layer, Activation out) {
    linears.forward(rows, of(x), layer, of(out));
  }

  @Override
  public void linearAdd(int rows, Activation x, Linear layer, Activation addend, Activation out) {
    linears.add(rows, of(x), layer, of(addend), of(out));
  }

  @Override
  public void linearGelu(int rows, Activation x, Linear layer, Activation wide, Activation out) {
    linears.gelu(rows, of(x), layer, of(wide), of(out));
  }

  @Override
  public void linearBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Linear layer,
      Activation xGradient,
      Linear gradients) {
    linears.backward(rows, of(outGradient), of(x), layer, of(xGradient), gradients);
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
    linears.geluBackward(rows, of(outGradient), of(wide), layer, of(wideGradient));
    linears.parameters(rows, of(outGradient), of(x), gradients);
  }

  @Override
  public void rotate(int rows, Activation qkv, int heads, Rotation rotation, boolean backward) {
    long cos = of(rotation.cos()).address();
    long sin = of(rotation.sin()).address();
    attention.rotate(rows, of(qkv), heads, cos, sin, backward);
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
        rows,
        new AttentionOps.Flow(of(outGradient), of(qkv), of(out), of(statistics), of(qkvGradient)),
        heads);
  }

  @Override
  public void head(
      int rows,
      Activation x,
      Floats weight,
      Tokens tokens,
      @Nullable HeadGradient gradient,
      Total loss) {
    head.run(rows, of(x), of(weight), of(tokens), gradient, (DeviceTotal) loss);
  }

  @Override
  public void update(
      List<Trainable> parameters, AdamW settings, double learningRate, long step, Total norm) {
    optimizer.update(parameters, settings, learningRate, step, (DeviceTotal) norm);
  }

  /** {@inheritDoc} Does not fail, even where the GPU's context is lost. */
  @Override
  public void close() {
    stream.settle();
    resources.close();
  }

  private static DeviceActivation of(Activation activation) {
    return (DeviceActivation) activation;
  }

  private static DeviceFloats of(Floats floats) {
    return (DeviceFloats) floats;
  }

  private static TokenBlock of(Tokens tokens) {
    return ((DeviceTokens) tokens).block();
  }

  private static long orZero(@Nullable Floats floats) {
    return floats == null ? 0 : of(floats).address();
  }
}
