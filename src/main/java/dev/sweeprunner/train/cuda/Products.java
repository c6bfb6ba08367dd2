package dev.sweeprunner.train.cuda;

/** The matrix products that linear maps and the float32 head are made of, on bare addresses. */
final class Products {
  private final Launcher launcher;
  private final Tiles tiles;
  private final String suffix;

  /**
   * @param format that the products read
   */
  Products(Launcher launcher, Format format) {
    this.launcher = launcher;
    this.tiles = Tiles.of(format);
    this.suffix = format.suffix();
  }

  /** Sizes of a product: out (m, n) = sums of k terms. */
  record Size(int m, int n, int k) {}

  /** {@code name}: out (m, n) = a (m, k) · weightᵀ, and what else the kernel does and writes. */
  void forward(String name, Size size, long... operands) {
    launcher
        .kernel(name + suffix)
        .grid(Launcher.cover(size.m, tiles.rows()), Launcher.cover(size.n, tiles.columns()), 1)
        .shared(tiles.forward())
        .ints(size.m, size.n, size.k)
        .addresses(operands)
        .run();
  }

  /** {@code name}: out (m, n) = a (m, k) · weight (k, n). */
  void backward(String name, Size size, long... operands) {
    launcher
        .kernel(name + suffix)
        .grid(Launcher.cover(size.m, tiles.rows()), Launcher.cover(size.n, tiles.columns()), 1)
        .shared(tiles.backward())
        .ints(size.m, size.n, size.k)
        .addresses(operands)
        .run();
  }

  /** {@code name}: per piece, partial (m, n) = aᵀ (m, tokens) · b (tokens, n). */
  void weight(String name, int m, int n, Quanta quanta, Quanta.Pieces pieces, long... operands) {
    launcher
        .kernel(name + suffix)
        .grid(
            Launcher.cover(m, Tiles.WEIGHT_SIDE),
            Launcher.cover(n, Tiles.WEIGHT_SIDE),
            pieces.count())
        .shared(tiles.weight())
        .ints(m, n, quanta.tokens())
        .ints(quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(operands)
        .run();
  }
}
