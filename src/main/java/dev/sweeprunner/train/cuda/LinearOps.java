package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Kernels.Linear;
import java.util.stream.LongStream;

/** Linear maps, with what is fused to them. */
final class LinearOps {
  private static final int BIAS_PIECE = 256;

  /** Partial sums of more than this are made for some quanta at a time; the bits stay the same. */
  private static final long MOST_PARTIAL_BYTES = 64L << 20;

  private final Launcher launcher;
  private final Products products;
  private final DataType type;
  private final DeviceScratch scratch;
  private final Sums sums;

  /**
   * @param type that products read
   * @param warpgroups whether there are kernels of four warps' products
   */
  LinearOps(
      Launcher launcher, DataType type, boolean warpgroups, DeviceScratch scratch, Sums sums) {
    this.launcher = launcher;
    this.products = new Products(launcher, type, warpgroups);
    this.type = type;
    this.scratch = scratch;
    this.sums = sums;
  }

  /** Bytes of scratch memory for the gradient of a weight (rows, columns). */
  static long weightScratch(Quanta quanta, int rows, int columns) {
    Quanta some = quanta.part(0, quantaAtOnce(quanta, rows, columns));
    return (long) Float.BYTES * some.pieces(piece(rows, columns)).count() * rows * columns;
  }

  /** Bytes of scratch memory for the gradient of a bias. */
  static long biasScratch(Quanta quanta, int features) {
    return (long) Float.BYTES * quanta.pieces(BIAS_PIECE).count() * features;
  }

  /**
   * The forward pass, with what the kernel adds.
   *
   * @param others further activations of the output's shape that the kernel reads or writes, the
   *     output last
   */
  void forward(
      String kernel, int rows, DeviceActivation x, Linear layer, DeviceActivation... others) {
    LongStream.Builder operands = LongStream.builder();
    operands.add(x.address()).add(weight(layer)).add(DeviceFloats.value(layer.bias()));
    for (DeviceActivation other : others) {
      operands.add(other.address());
    }
    products.forward(kernel, size(rows, x, others[0]), operands.build().toArray());
  }

  void backward(
      int rows,
      DeviceActivation outGradient,
      DeviceActivation x,
      Linear layer,
      DeviceActivation xGradient) {
    products.backward(
        "input_gradient" + full(outGradient),
        size(rows, outGradient, xGradient),
        outGradient.address(),
        weight(layer),
        xGradient.address());
    parameters(rows, outGradient, x, layer);
  }

  /** The backward pass of a map of x = gelu(wide), down to the gradient of wide. */
  void geluBackward(
      int rows,
      DeviceActivation outGradient,
      DeviceActivation x,
      DeviceActivation wide,
      Linear layer,
      DeviceActivation wideGradient) {
    if (outGradient.type() != DataType.FLOAT32) {
      throw new IllegalArgumentException("the gradient of the residual stream must be exact");
    }
    products.backward(
        "gelu_input_gradient",
        size(rows, outGradient, wideGradient),
        outGradient.address(),
        weight(layer),
        wide.address(),
        wideGradient.address());
    parameters(rows, outGradient, x, layer);
  }

  /** Adds the gradients of weight and bias. */
  private void parameters(
      int rows, DeviceActivation outGradient, DeviceActivation x, Linear layer) {
    Quanta quanta = Quanta.of(rows, x.length());
    int m = outGradient.features();
    int n = x.features();
    int atOnce = quantaAtOnce(quanta, m, n);
    long gradient = DeviceFloats.gradient(layer.weight());
    for (int first = 0; first < quanta.count(); first += atOnce) {
      Quanta some = quanta.part(first, atOnce);
      Quanta.Pieces pieces = some.pieces(piece(m, n));
      long partial = scratch.begin().take((long) Float.BYTES * pieces.count() * m * n);
      int start = quanta.start(first);
      products.weight(
          "weight_gradient" + full(outGradient),
          m,
          n,
          some,
          pieces,
          outGradient.address(start),
          x.address(start),
          partial);
      sums.add(m * n, pieces, partial, gradient);
    }
    if (layer.bias() != null) {
      bias(quanta, outGradient, DeviceFloats.gradient(layer.bias()));
    }
  }

  private void bias(Quanta quanta, DeviceActivation outGradient, long gradient) {
    int features = outGradient.features();
    Quanta.Pieces pieces = quanta.pieces(BIAS_PIECE);
    long partial = scratch.begin().take(biasScratch(quanta, features));
    launcher
        .kernel("column_sum" + outGradient.type().suffix())
        .grid(pieces.count())
        .ints(quanta.tokens(), features, quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(outGradient.address(), partial)
        .run();
    sums.add(features, pieces, partial, gradient);
  }

  /** The part of a kernel's name that says that it reads float32 where products read bfloat16. */
  private String full(DeviceActivation outGradient) {
    return outGradient.type() == type ? "" : "_full";
  }

  private long weight(Linear layer) {
    return ((DeviceFloats) layer.weight().value()).operand(type);
  }

  private static Products.Size size(int rows, DeviceActivation in, DeviceActivation out) {
    return new Products.Size(in.tokens(rows), out.features(), in.features());
  }

  /** Small weights have few tiles: more pieces give a large GPU enough to do. */
  private static int piece(int rows, int columns) {
    long numbers = (long) rows * columns;
    if (numbers <= 16384) {
      return 1024;
    }
    return numbers <= 65536 ? 2048 : 8192;
  }

  private static int quantaAtOnce(Quanta quanta, int rows, int columns) {
    int pieces = quanta.part(0, 1).pieces(piece(rows, columns)).count();
    long each = (long) Float.BYTES * pieces * rows * columns;
    return (int) Math.max(1, Math.min(quanta.count(), MOST_PARTIAL_BYTES / each));
  }
}
