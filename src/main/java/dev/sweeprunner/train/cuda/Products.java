package dev.sweeprunner.train.cuda;

/** The matrix products that linear maps and the float32 head are made of, on bare addresses. */
final class Products {
  /** Of a tile of the gradients of weights, over both sides. */
  private static final int WEIGHT_SIDE = 64;

  /** Of a tile of four warps' products, over both sides, and their steps' inner dimension. */
  private static final int WARPGROUP_SIDE = 128;

  private static final int WARPGROUP_STEP = 64;

  /** Three steps of both operands. */
  private static final int WARPGROUP_SHARED = 3 * 2 * WARPGROUP_SIDE * WARPGROUP_STEP * Short.BYTES;

  private static final String WARPGROUP = "_hopper";

  private final Launcher launcher;
  private final Tiles tiles;
  private final String suffix;
  private final boolean warpgroups;

  /**
   * @param type that the products read
   * @param warpgroups whether there are kernels of four warps' products
   */
  Products(Launcher launcher, DataType type, boolean warpgroups) {
    this.launcher = launcher;
    this.tiles = Tiles.of(type);
    this.suffix = type.suffix();
    this.warpgroups = warpgroups && type == DataType.BFLOAT16;
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
    Launcher kernel =
        byWarpgroups(size.n, size.k)
            ? launcher
                .kernel(name + suffix + WARPGROUP)
                .grid(
                    Launcher.cover(size.n, WARPGROUP_SIDE), Launcher.cover(size.m, WARPGROUP_SIDE))
                .shared(WARPGROUP_SHARED)
            : launcher
                .kernel(name + suffix)
                .grid(Launcher.cover(size.m, tiles.rows()), Launcher.cover(size.n, tiles.columns()))
                .shared(shared);
    kernel.ints(size.m, size.n, size.k).addresses(operands).run();
  }

  /** {@code name}: per piece, partial (m, n) = aᵀ (m, tokens) · b (tokens, n). */
  void weight(String name, int m, int n, Quanta quanta, Quanta.Pieces pieces, long... operands) {
    boolean grouped = byWarpgroups(m, n);
    int side = grouped ? WARPGROUP_SIDE : WEIGHT_SIDE;
    launcher
        .kernel(name + suffix + (grouped ? WARPGROUP : ""))
        .grid(Launcher.cover(m, side), Launcher.cover(n, side), pieces.count())
        .shared(grouped ? WARPGROUP_SHARED : tiles.weight())
        .ints(m, n, quanta.tokens())
        .ints(quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(operands)
        .run();
  }

  private boolean byWarpgroups(int some, int others) {
    return warpgroups && some % WARPGROUP_STEP == 0 && others % WARPGROUP_STEP == 0;
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
