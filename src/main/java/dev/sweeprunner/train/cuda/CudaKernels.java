package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Discriminators;
import dev.sweeprunner.train.kernels.Dropouts;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations on a GPU, for one model: all of them go into one stream, in the order of the
 * calls. The memory of its buffers goes with it, that of a closed buffer earlier where its
 * neighbours are closed too.
 */
final class CudaKernels extends DeviceBuffers {
  private static final String VERSION = "cuda-1";
  private static final String WARPGROUP_VERSION = "cuda-1-warpgroup";

  private final GpuInfo gpuInfo;
  private final String version;
  private final int tokensAtOnce;
  private final Programs programs;
  private final Sums sums;
  private final EmbeddingOps embeddings;
  private final NormOps norms;
  private final LinearOps linears;
  private final AttentionOps attention;
  private final DropoutOps dropouts;
  private final DiscriminatorOps discriminators;
  private final Head head;
  private final OptimizerOps optimizer;

  private CudaKernels(Gpu gpu, DataType products, int tokensAtOnce, Resources resources) {
    super(gpu, products, resources);
    this.gpuInfo = gpu.gpuInfo();
    this.version = gpu.hasWarpgroups() ? WARPGROUP_VERSION : VERSION;
    this.tokensAtOnce = tokensAtOnce;
    this.programs = resources.keep(new Programs(gpu, stream));
    this.sums = new Sums(launcher);
    this.embeddings = new EmbeddingOps(launcher, scratch, sums);
    this.norms = new NormOps(launcher, scratch, sums);
    this.linears = new LinearOps(launcher, products, gpu.hasWarpgroups(), scratch, sums);
    this.attention = new AttentionOps(launcher);
    this.dropouts = new DropoutOps(launcher);
    this.discriminators = new DiscriminatorOps(launcher, stream, norms, scratch, sums);
    this.head =
        products == DataType.BFLOAT16
            ? new FusedHead(launcher, scratch, sums, gpu.hasWarpgroups())
            : new ChunkedHead(launcher, scratch, sums);
    this.optimizer = new OptimizerOps(gpu, stream, launcher, programs, resources);
  }

  /**
   * Opens a GPU for a model.
   *
   * @param products what matrix products read
   * @param tokensAtOnce the most tokens per call, unless a single quantum has more
   */
  static CudaKernels open(Gpu gpu, DataType products, int tokensAtOnce) {
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
    double peak = gpuInfo.peakFlops(products);
    return new Traits(version, gpuInfo.name(), products.dtype(), peak, true);
  }

  @Override
  public int rowsAtOnce(int length) {
    int quantum = Quanta.rows(length);
    return Math.max(quantum, tokensAtOnce / length / quantum * quantum);
  }

  @Override
  public long memory() {
    return super.memory() + optimizer.memory();
  }

  @Override
  public void addAndClear(Floats from, Floats to) {
    sums.add(from.length(), of(from).address(), of(to).address());
    zero(from);
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
  public void embedBackward(int rows, Tokens tokens, Activation outGradient, Tables tables) {
    embeddings.backward(rows, of(tokens), of(outGradient), tables);
  }

  @Override
  public void layerNorm(int rows, Activation x, Norm norm, Activation out) {
    norms.forward(rows, of(x), norm, of(out));
  }

  @Override
  public void layerNormBackward(
      int rows, Activation outGradient, Activation x, Norm norm, Activation xGradient) {
    norms.backward(rows, of(outGradient), of(x), norm, of(xGradient));
  }

  @Override
  public void linear(int rows, Activation x, Linear layer, Activation out) {
    linears.forward("linear", rows, of(x), layer, of(out));
  }

  @Override
  public void linearAdd(int rows, Activation x, Linear layer, Activation addend, Activation out) {
    linears.forward("linear_add", rows, of(x), layer, of(addend), of(out));
  }

  @Override
  public void linearGelu(int rows, Activation x, Linear layer, Activation wide, Activation out) {
    linears.forward("linear_gelu", rows, of(x), layer, of(wide), of(out));
  }

  @Override
  public void linearBackward(
      int rows, Activation outGradient, Activation x, Linear layer, Activation xGradient) {
    linears.backward(rows, of(outGradient), of(x), layer, of(xGradient));
  }

  @Override
  public void linearGeluBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Activation wide,
      Linear layer,
      Activation wideGradient) {
    linears.geluBackward(rows, of(outGradient), of(x), of(wide), layer, of(wideGradient));
  }

  @Override
  public void rotate(int rows, Activation qkv, int heads, Rotation rotation, boolean backward) {
    attention.rotate(rows, of(qkv), heads, rotation, backward);
  }

  @Override
  public void attention(int rows, Attention flow) {
    attention.forward(rows, flow);
  }

  @Override
  public void attentionBackward(
      int rows, Activation outGradient, Attention flow, Activation qkvGradient) {
    attention.backward(rows, of(outGradient), flow, of(qkvGradient));
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
    head.run(rows, of(x), of(weight), of(tokens), gradient, (DeviceTotal) loss);
  }

  @Override
  public void update(
      List<Trainable> parameters, AdamW settings, double learningRate, long step, Total norm) {
    optimizer.update(parameters, settings, learningRate, step, (DeviceTotal) norm);
  }

  private static TokenBlock of(Tokens tokens) {
    return ((DeviceTokens) tokens).block();
  }
}
