package dev.sweeprunner.train.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Linear maps in the Vector API, with the bits of {@link PlainLinearKernel}. */
final class SimdLinearKernel extends PlainLinearKernel {
  private static final int INPUT = 8;
  private static final int RESULT = 9;
  private static final int FACTORS = 10;

  /** Numbers of a matrix that stay in the first-level cache. */
  private static final int CACHED = 4096;

  /** Rows of the weight gradient that one task owns, and their place in its scratch memory. */
  private static final int ROWS = 32;

  /** Keeps rows of a power of two from sharing one set of a cache. */
  private static final int APART = 16;

  /** The narrower side of a weight gradient, turned: (block, (panel, token, lane)). */
  private float[][] turned = new float[0][0];

  private final long worth;

  /**
   * @param worth operations of a call from which the Vector API pays
   */
  SimdLinearKernel(ThreadPool pool, long worth) {
    super(pool);
    this.worth = worth;
  }

  @Override
  void multiply(
      int rows,
      HostActivation x,
      float[] w,
      int rowStep,
      int step,
      float @Nullable [] start,
      HostActivation out) {
    long work = 2L * rows * x.length() * x.features() * out.features();
    if (work < worth) {
      super.multiply(rows, x, w, rowStep, step, start, out);
      return;
    }
    pool.run(
        x.blocks(rows),
        work,
        (block, scratch) -> {
          int in = x.features();
          int tokens = x.tokens(block, rows);
          float[] panels = scratch.row(INPUT, SimdTiles.panels(x.width()) * SimdTiles.PANEL * in);
          for (int j = 0; j < tokens; j += SimdTiles.PANEL) {
            SimdTiles.pack(x.block(block), in, j, tokens, panels, j * in);
          }
          int some = Math.max(8, CACHED / in);
          float[] tile = scratch.row(RESULT, some * SimdTiles.PANEL);
          for (int o = 0; o < out.features(); o += some) {
            int count = Math.min(some, out.features() - o);
            for (int j = 0; j < tokens; j += SimdTiles.PANEL) {
              int at = o * rowStep;
              if (start == null) {
                SimdTiles.setProducts(w, at, rowStep, step, count, panels, j * in, in, tile, 0);
              } else {
                fill(tile, start, o, count);
                SimdTiles.addProducts(w, at, rowStep, step, count, panels, j * in, in, tile, 0);
              }
              SimdTiles.unpack(tile, 0, count, out.block(block), o, j, tokens);
            }
          }
        });
  }

  private static void fill(float[] tile, float[] start, int from, int count) {
    for (int o = 0; o < count; o++) {
      Arrays.fill(tile, o * SimdTiles.PANEL, (o + 1) * SimdTiles.PANEL, start[from + o]);
    }
  }

  /** The narrower side is turned to have its features side by side; the other gives the factors. */
  @Override
  void backwardWeight(int rows, HostActivation outGradient, HostActivation x, float[] gradient) {
    long work = 2L * rows * x.length() * x.features() * outGradient.features();
    if (work < worth) {
      super.backwardWeight(rows, outGradient, x, gradient);
      return;
    }
    boolean wideOut = outGradient.features() > x.features();
    HostActivation wide = wideOut ? outGradient : x;
    HostActivation narrow = wideOut ? x : outGradient;
    turn(rows, narrow);
    pool.run(
        (wide.features() + ROWS - 1) / ROWS,
        work,
        (task, scratch) -> {
          int first = task * ROWS;
          int count = Math.min(ROWS, wide.features() - first);
          float[] sums = weightRows(rows, wide, first, count, narrow, scratch);
          int in = x.features();
          for (int r = 0; r < count; r++) {
            for (int lane = 0; lane < narrow.features(); lane++) {
              int panel = lane / SimdTiles.PANEL;
              int at = (panel * ROWS + r) * SimdTiles.PANEL + lane % SimdTiles.PANEL;
              gradient[wideOut ? (first + r) * in + lane : lane * in + first + r] += sums[at];
            }
          }
        });
  }

  /** Σ over all tokens of wide[first + r] · narrow[lane]: (panel, r, lane). */
  private float[] weightRows(
      int rows,
      HostActivation wide,
      int first,
      int count,
      HostActivation narrow,
      ThreadScratch scratch) {
    int panels = SimdTiles.panels(narrow.features());
    int stride = wide.width() + APART;
    float[] sums = scratch.row(RESULT, panels * ROWS * SimdTiles.PANEL);
    float[] factors = scratch.row(FACTORS, ROWS * stride);
    Arrays.fill(sums, 0, panels * ROWS * SimdTiles.PANEL, 0f);
    for (int block = 0; block < wide.blocks(rows); block++) {
      int tokens = wide.tokens(block, rows);
      for (int r = 0; r < count; r++) {
        System.arraycopy(wide.block(block)[first + r], 0, factors, r * stride, tokens);
      }
      for (int panel = 0; panel < panels; panel++) {
        SimdTiles.addProducts(
            factors,
            0,
            stride,
            1,
            count,
            turned[block],
            panel * narrow.width() * SimdTiles.PANEL,
            tokens,
            sums,
            panel * ROWS * SimdTiles.PANEL);
      }
    }
    return sums;
  }

  private void turn(int rows, HostActivation narrow) {
    int blocks = narrow.blocks(rows);
    int size = SimdTiles.panels(narrow.features()) * SimdTiles.PANEL * narrow.width();
    if (turned.length < blocks || turned[0].length < size) {
      int held = turned.length == 0 ? 0 : turned[0].length;
      turned = new float[Math.max(blocks, turned.length)][Math.max(size, held)];
    }
    pool.run(
        blocks,
        8L * rows * narrow.length() * narrow.features(),
        (block, scratch) -> {
          for (int f = 0; f < narrow.features(); f++) {
            int panel = f / SimdTiles.PANEL * narrow.width() * SimdTiles.PANEL;
            SimdTiles.turn(
                narrow.block(block)[f],
                0,
                narrow.tokens(block, rows),
                turned[block],
                panel + f % SimdTiles.PANEL);
          }
        });
  }
}
