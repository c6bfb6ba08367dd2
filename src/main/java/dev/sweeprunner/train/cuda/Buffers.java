package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Precision;
import dev.sweeprunner.train.kernels.Tokens;
import java.util.ArrayList;
import java.util.List;

/** Makes the buffers of a model, and the scratch memory that operations on them need. */
final class Buffers implements Resource {
  private final Gpu gpu;
  private final Format products;
  private final DeviceTokens.Streams streams;
  private final Arena arena;
  private final ScratchPlan plan;
  private final Scratch scratch;
  private final List<DeviceTokens> queues = new ArrayList<>();
  private final List<DeviceTokens> newQueues = new ArrayList<>();

  Buffers(Gpu gpu, Format products, DeviceTokens.Streams streams) {
    this.gpu = gpu;
    this.products = products;
    this.streams = streams;
    this.arena = new Arena(gpu, streams.computing());
    this.plan = new ScratchPlan(products);
    this.scratch = new Scratch(arena);
  }

  Scratch scratch() {
    return scratch;
  }

  long memory() {
    return arena.taken();
  }

  DeviceFloats floats(int length) {
    return DeviceFloats.plain(arena, length);
  }

  DeviceFloats matrix(int rows, int columns) {
    plan.matrix(rows, columns);
    return products == Format.BFLOAT16
        ? DeviceFloats.copied(arena, rows, columns)
        : DeviceFloats.plain(arena, Math.multiplyExact(rows, columns));
  }

  DeviceTokens tokens(int rows, int length, Tokens.Ranges ranges) {
    plan.tokens(ranges);
    boolean sorted = products == Format.BFLOAT16;
    DeviceTokens tokens = new DeviceTokens(rows, length, ranges, sorted, arena, streams);
    newQueues.add(tokens);
    return tokens;
  }

  DeviceActivation activation(int rows, int length, int features, Precision precision) {
    plan.activation(rows, length, features);
    Format format = precision == Precision.FULL ? Format.FLOAT32 : products;
    return new DeviceActivation(arena, rows, length, features, format);
  }

  DeviceTotal total() {
    return new DeviceTotal(arena);
  }

  /** See {@link dev.sweeprunner.train.kernels.Kernels#allocate}. */
  void allocate() {
    List<DeviceTokens> queuesToPrepare = List.copyOf(newQueues);
    newQueues.clear();
    scratch.plan(plan.bytes());
    arena.allocate();
    scratch.settle();
    queues.addAll(queuesToPrepare);
    queuesToPrepare.forEach(queue -> queue.prepare(gpu));
    // The queues' stream must not copy into memory that is still being zeroed.
    streams.computing().finish();
  }

  @Override
  public void close() {
    queues.forEach(DeviceTokens::close);
    arena.close();
  }
}
