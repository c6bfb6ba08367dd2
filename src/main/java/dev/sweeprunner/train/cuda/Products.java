package dev.sweeprunner.train.cuda;

/** The matrix products that linear maps and the float32 head are made of, on bare addresses. */
final class Products {
  /** Of a tile of the gradients of weights, over both sides. */
  private static final int WEIGHT_SIDE = 64;

  private final Launcher launcher;
  private final Tiles tiles;
  private final String suffix;

  /**
   * @param type that the products read
   */
  Products(Launcher launcher, DataType type) {
    this.launcher = launcher;
    this.tiles = Tiles.of(type);
    this.suffix = type.suffix();
  }

  /** Sizes of a product: out (m, n) = sums of k terms. */
  record Size(int m, int n, int k) {}

  /** {@code name}: out (m, n) = a (m, k) · weightᵀ, and what else the kernel does and writes. */
  void forward(String name, Size size, long... operands) {
    run(name, size, tiles.forward(), operands);
  }

  /** {@code name}: out (m, n) = a (m, k) · weight (k, n). */
  void backward(String name, Size size, long... operands) {
    run(name, size, tiles.backward(), operands);
  }

  private void run(String name, Size size, int shared, long... operands) {
    launcher
        .kernel(name + suffix)
        .grid(Launcher.cover(size.m, tiles.rows()), Launcher.cover(size.n, tiles.columns()), 1)
        .shared(shared)
        .ints(size.m, size.n, size.k)
        .addresses(operands)
        .run();
  }

  /** {@code name}: per piece, partial (m, n) = aᵀ (m, tokens) · b (tokens, n). */
  void weight(String name, int m, int n, Quanta quanta, Quanta.Pieces pieces, long... operands) {
    launcher
        .kernel(name + suffix)
        .grid(Launcher.cover(m, WEIGHT_SIDE), Launcher.cover(n, WEIGHT_SIDE), pieces.count())
        .shared(tiles.weight())
        .ints(m, n, quanta.tokens())
        .ints(quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(operands)
        .run();
  }

  /**
   * How the kernels of the matrix products cut their outputs, and how much shared memory they need.
   *
   * @param rows of a tile, over tokens
   * @param columns of a tile
   * @param forward bytes of shared memory for {@code a · weightᵀ}
   * @param backward bytes for {@code a · weight}
   * @param weight bytes for {@code aᵀ · b}
   */
  private record Tiles(int rows, int columns, int forward, int backward, int weight) {
    private static final int FLOAT32_BYTES = 2 * 16 * 68 * Float.BYTES;

    static Tiles of(DataType products) {
      return products == DataType.BFLOAT16
          ? new Tiles(
              128,
              64,
              2 * (128 * 40 + 64 * 40) * Short.BYTES,
              2 * (128 * 40 + 32 * 72) * Short.BYTES,
              2 * 2 * 32 * 72 * Short.BYTES)
          : new Tiles(64, 64, FLOAT32_BYTES, FLOAT32_BYTES, FLOAT32_BYTES);
    }
  }
}
