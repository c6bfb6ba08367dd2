package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Dropouts;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * The half of the kernels that makes a model's buffers, fills and reads them, and plans the scratch
 * memory that the operations on them need.
 */
abstract class DeviceBuffers implements Kernels {
  final DataType products;
  final Stream stream;
  final Launcher launcher;
  final DeviceScratch scratch;
  final Resources resources;

  private final Gpu gpu;
  private final DeviceTokens.Streams streams;
  private final Staging staging;
  private final Arena arena;
  private final ScratchPlan plan;
  private final List<DeviceTokens> newQueues = new ArrayList<>();

  DeviceBuffers(Gpu gpu, DataType products, Resources resources) {
    this.gpu = gpu;
    this.products = products;
    this.resources = resources;
    this.stream = resources.keep(new Stream(gpu));
    this.streams = new DeviceTokens.Streams(resources.keep(new Stream(gpu)), stream);
    this.staging = new Staging(gpu, stream, resources);
    this.arena = resources.keep(new Arena(gpu, stream));
    this.plan = new ScratchPlan(products);
    this.scratch = new DeviceScratch(arena);
    this.launcher = new Launcher(gpu, stream);
  }

  @Override
  public long memory() {
    return arena.taken();
  }

  @Override
  public Floats floats(int length) {
    return DeviceFloats.plain(arena, length);
  }

  @Override
  public Floats matrix(int rows, int columns) {
    plan.matrix(rows, columns);
    return products == DataType.BFLOAT16
        ? DeviceFloats.copied(arena, rows, columns)
        : floats(Math.multiplyExact(rows, columns));
  }

  @Override
  public Tokens tokens(int rows, int length, Tokens.Ranges ranges) {
    plan.tokens(ranges);
    boolean sorted = products == DataType.BFLOAT16;
    DeviceTokens tokens = new DeviceTokens(rows, length, ranges, sorted, arena, streams);
    newQueues.add(tokens);
    return tokens;
  }

  @Override
  public Activation activation(int rows, int length, int features, Precision precision) {
    plan.activation(rows, length, features);
    DataType type = precision == Precision.FULL ? DataType.FLOAT32 : products;
    return DeviceActivation.of(arena, rows, length, features, type);
  }

  @Override
  public Total total() {
    return new DeviceTotal(arena.ask(Double.BYTES));
  }

  @Override
  public void allocate() {
    List<DeviceTokens> queuesToPrepare = List.copyOf(newQueues);
    newQueues.clear();
    scratch.plan(plan.bytes());
    arena.allocate();
    scratch.settle();
    queuesToPrepare.forEach(queue -> resources.keep(queue).prepare(gpu));
    // The queues' stream must not copy into memory that is still being zeroed.
    stream.finish();
  }

  @Override
  public void upload(float[] values, Floats to) {
    DeviceFloats target = of(to);
    if (values.length != target.length()) {
      throw new IllegalArgumentException(
          values.length + " values for a buffer of " + target.length());
    }
    staging.upload(values, values.length, target.address(), DataType.FLOAT32);
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
    staging.upload(values, target.numbers(rows), target.address(), target.type());
  }

  @Override
  public float[] download(Floats from) {
    return staging.download(from.length(), of(from).address(), DataType.FLOAT32);
  }

  @Override
  public float[] download(int rows, Activation from) {
    DeviceActivation source = of(from);
    return staging.download(source.numbers(rows), source.address(), source.type());
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
    stream.zero(of(buffer).address(), of(buffer).space().bytes());
  }

  @Override
  public double take(Total total) {
    return staging.take(((DeviceTotal) total).address());
  }

  @Override
  public void put(
      Tokens queue, int rows, int[] ids, int[] targets, int[] compartments, Dropouts.Draw draw) {
    ((DeviceTokens) queue).put(rows, ids, targets, compartments, draw);
  }

  @Override
  public void next(Tokens queue) {
    ((DeviceTokens) queue).next();
  }

  /** {@inheritDoc} Does not fail, even where the GPU's context is lost. */
  @Override
  public void close() {
    stream.settle();
    resources.close();
  }

  static DeviceActivation of(Activation activation) {
    return (DeviceActivation) activation;
  }

  static DeviceFloats of(Floats floats) {
    return (DeviceFloats) floats;
  }
}
