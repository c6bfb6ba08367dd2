package dev.sweeprunner.train.cpu;

/** What looks at one number at a time: GELU and the residual sum. */
final class PointwiseKernel {
  private static final float DENSITY = 0.3989422804014327f; // 1 / sqrt(2π)
  private static final float STEEP = 1e30f;

  private final ThreadPool pool;

  PointwiseKernel(ThreadPool pool) {
    this.pool = pool;
  }

  void add(int rows, Tiles addend, Tiles to) {
    pool.run(
        to.blocks(rows),
        work(rows, to, 2),
        (block, scratch) -> {
          for (int c = 0; c < to.features(); c++) {
            Rows.add(to.block(block)[c], addend.block(block)[c], to.tokens(block, rows));
          }
        });
  }

  void gelu(int rows, Tiles x, Tiles out) {
    pool.run(
        x.blocks(rows),
        work(rows, x, 40),
        (block, scratch) -> {
          for (int c = 0; c < x.features(); c++) {
            gelu(x.block(block)[c], out.block(block)[c], x.tokens(block, rows));
          }
        });
  }

  void geluBackward(int rows, Tiles outGradient, Tiles x, Tiles xGradient) {
    pool.run(
        x.blocks(rows),
        work(rows, x, 50),
        (block, scratch) -> {
          for (int c = 0; c < x.features(); c++) {
            geluBackward(
                outGradient.block(block)[c],
                x.block(block)[c],
                xGradient.block(block)[c],
                x.tokens(block, rows));
          }
        });
  }

  private static long work(int rows, Tiles tiles, int perNumber) {
    return (long) perNumber * rows * tiles.length() * tiles.features();
  }

  /** x · Φ(x) = max(x, 0) − |x|/2 · erfc(|x|/√2): no cancellation on the negative side. */
  private static void gelu(float[] x, float[] out, int count) {
    for (int j = 0; j < count; j++) {
      float v = x[j];
      float absolute = Math.abs(v);
      float tail = Exact.scaledTail(absolute) * Exact.exp(-0.5f * v * v);
      out[j] = Math.fma(-0.5f * absolute, tail, Math.max(v, 0f));
    }
  }

  /** Φ(x) + x · φ(x), with Φ(x) = 1/2 + sign(x)/2 · (1 − erfc(|x|/√2)). */
  private static void geluBackward(float[] upper, float[] x, float[] out, int count) {
    for (int j = 0; j < count; j++) {
      float v = x[j];
      float bell = Exact.exp(-0.5f * v * v);
      float tail = Exact.scaledTail(Math.abs(v)) * bell;
      float sign = Math.max(-1f, Math.min(1f, v * STEEP));
      float below = Math.fma(0.5f * sign, 1f - tail, 0.5f);
      out[j] = upper[j] * Math.fma(v * DENSITY, bell, below);
    }
  }
}
