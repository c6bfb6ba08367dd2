package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Linear;

/** Linear maps, with what is fused to them. */
final class LinearOps {
  private static final int BIAS_PIECE = 256;

  /** Partial sums of more than this are made for some quanta at a time; the bits stay the same. */
  private static final long MOST_PARTIAL_BYTES = 64L << 20;

  private final Launcher launcher;
  private final Products products;
  private final Format format;
  private final Scratch scratch;
  private final OrderedSums sums;

  /**
   * @param format that products read
   */
  LinearOps(Launcher launcher, Format format, Scratch scratch) {
    this.launcher = launcher;
    this.products = new Products(launcher, format);
    this.format = format;
    this.scratch = scratch;
    this.sums = new OrderedSums(launcher);
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

  void forward(int rows, DeviceActivation x, Linear layer, DeviceActivation out) {
    products.forward(
        "linear", size(rows, x, out), x.address(), weight(layer), bias(layer), out.address());
  }

  void add(
      int rows, DeviceActivation x, Linear layer, DeviceActivation addend, DeviceActivation out) {
    products.forward(
        "linear_add",
        size(rows, x, out),
        x.address(),
        weight(layer),
        bias(layer),
        addend.address(),
        out.address());
  }

  void gelu(
      int rows, DeviceActivation x, Linear layer, DeviceActivation wide, DeviceActivation out) {
    products.forward(
        "linear_gelu",
        size(rows, x, out),
        x.address(),
        weight(layer),
        bias(layer),
        wide.address(),
        out.address());
  }

  void backward(
      int rows,
      DeviceActivation outGradient,
      DeviceActivation x,
      Linear layer,
      DeviceActivation xGradient,
      Linear gradients) {
    products.backward(
        "input_gradient" + full(outGradient),
        size(rows, outGradient, xGradient),
        outGradient.address(),
        weight(layer),
        xGradient.address());
    parameters(rows, outGradient, x, gradients);
  }

  /** The backward pass of a map of gelu(wide), down to the gradient of wide. */
  void geluBackward(
      int rows,
      DeviceActivation outGradient,
      DeviceActivation wide,
      Linear layer,
      DeviceActivation wideGradient) {
    if (outGradient.format() != Format.FLOAT32) {
      throw new IllegalArgumentException("the gradient of the residual stream must be exact");
    }
    products.backward(
        "gelu_input_gradient",
        size(rows, outGradient, wideGradient),
        outGradient.address(),
        weight(layer),
        wide.address(),
        wideGradient.address());
  }

  /** Adds the gradients of weight and bias. */
  void parameters(int rows, DeviceActivation outGradient, DeviceActivation x, Linear gradients) {
    Quanta quanta = Quanta.of(rows, x.length());
    int m = outGradient.features();
    int n = x.features();
    int atOnce = quantaAtOnce(quanta, m, n);
    long gradient = ((DeviceFloats) gradients.weight()).address();
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
    if (gradients.bias() != null) {
      bias(quanta, outGradient, ((DeviceFloats) gradients.bias()).address());
    }
  }

  private void bias(Quanta quanta, DeviceActivation outGradient, long gradient) {
    int features = outGradient.features();
    Quanta.Pieces pieces = quanta.pieces(BIAS_PIECE);
    long partial = scratch.begin().take(biasScratch(quanta, features));
    launcher
        .kernel("column_sum" + outGradient.format().suffix())
        .grid(pieces.count())
        .ints(quanta.tokens(), features, quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(outGradient.address(), partial)
        .run();
    sums.add(features, pieces, partial, gradient);
  }

  /** The part of a kernel's name that says that it reads float32 where products read bfloat16. */
  private String full(DeviceActivation outGradient) {
    return outGradient.format() == format ? "" : "_full";
  }

  private long weight(Linear layer) {
    return ((DeviceFloats) layer.weight()).operand(format);
  }

  private static long bias(Linear layer) {
    return layer.bias() == null ? 0 : ((DeviceFloats) layer.bias()).address();
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
    long each =
        (long) Float.BYTES
            * quanta.part(0, 1).pieces(piece(rows, columns)).count()
            * rows
            * columns;
    return (int) Math.max(1, Math.min(quanta.count(), MOST_PARTIAL_BYTES / each));
  }
}
