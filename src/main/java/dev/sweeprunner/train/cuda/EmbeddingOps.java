package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Kernels.Tables;

/** The input embedding. */
final class EmbeddingOps {
  private static final int COMPARTMENT_PIECE = 256;

  private final Launcher launcher;
  private final DeviceScratch scratch;
  private final Sums sums;

  EmbeddingOps(Launcher launcher, DeviceScratch scratch, Sums sums) {
    this.launcher = launcher;
    this.scratch = scratch;
    this.sums = sums;
  }

  /** Bytes of scratch memory for the tables. */
  static long scratch(Quanta quanta, int length, int features, int compartments) {
    long positions = (long) quanta.count() * length * features;
    long others = (long) quanta.pieces(COMPARTMENT_PIECE).count() * compartments * features;
    return Float.BYTES * Math.max(positions, others);
  }

  void forward(int rows, TokenBlock tokens, Tables tables, DeviceActivation out) {
    int n = out.tokens(rows);
    launcher
        .kernel("embed")
        .grid(Launcher.cover((long) n * out.features(), 256))
        .ints(n, out.length(), out.features())
        .addresses(
            tokens.ids(),
            tables.compartments() == null ? 0 : tokens.compartments(),
            DeviceFloats.value(tables.tokens()),
            DeviceFloats.value(tables.positions()),
            DeviceFloats.value(tables.compartments()),
            out.address())
        .run();
  }

  void backward(int rows, TokenBlock tokens, DeviceActivation outGradient, Tables tables) {
    Quanta quanta = Quanta.of(rows, outGradient.length());
    int features = outGradient.features();
    launcher
        .kernel("segment_gradient")
        .grid(tables.tokens().value().length() / features)
        .shared(8 * features * Float.BYTES)
        .ints(features, quanta.quantum())
        .addresses(
            tokens.idOrder(),
            tokens.idStarts(),
            outGradient.address(),
            DeviceFloats.gradient(tables.tokens()))
        .run();
    if (tables.positions() != null) {
      positions(quanta, outGradient, DeviceFloats.gradient(tables.positions()));
    }
    if (tables.compartments() != null) {
      int count = tables.compartments().value().length() / features;
      compartments(
          quanta,
          count,
          tokens.compartments(),
          outGradient,
          DeviceFloats.gradient(tables.compartments()));
    }
  }

  private void positions(Quanta quanta, DeviceActivation outGradient, long gradient) {
    int numbers = outGradient.length() * outGradient.features();
    long partial = scratch.begin().take((long) Float.BYTES * quanta.count() * numbers);
    launcher
        .kernel("position_gradient")
        .grid(Launcher.cover(numbers, 256), quanta.count(), 1)
        .ints(quanta.tokens(), outGradient.length(), outGradient.features(), quanta.quantum())
        .addresses(outGradient.address(), partial)
        .run();
    sums.add(numbers, quanta.pieces(quanta.quantum()), partial, gradient);
  }

  private void compartments(
      Quanta quanta, int count, long rowsOfTable, DeviceActivation outGradient, long gradient) {
    Quanta.Pieces pieces = quanta.pieces(COMPARTMENT_PIECE);
    int numbers = count * outGradient.features();
    long partial = scratch.begin().take((long) Float.BYTES * pieces.count() * numbers);
    launcher
        .kernel("compartment_gradient")
        .grid(pieces.count())
        .ints(quanta.tokens(), outGradient.features(), count)
        .ints(quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(rowsOfTable, outGradient.address(), partial)
        .run();
    sums.add(numbers, pieces, partial, gradient);
  }
}
