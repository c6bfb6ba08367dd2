package dev.sweeprunner.train.cpu;

/** What looks at one number at a time: GELU and the residual sum. */
class PointwiseKernel {
  static final float DENSITY = 0.3989422804014327f; // 1 / sqrt(2π)
  static final float STEEP = 1e30f;

  private final ThreadPool pool;

  PointwiseKernel(ThreadPool pool) {
    this.pool = pool;
  }

  final void add(int rows, HostActivation addend, HostActivation to) {
    pool.run(
        to.blocks(rows),
        work(rows, to, 2),
        (block, scratch) -> {
          for (int c = 0; c < to.features(); c++) {
            VectorLoops.add(to.block(block)[c], addend.block(block)[c], to.tokens(block, rows));
          }
        });
  }

  final void gelu(int rows, HostActivation x, HostActivation out) {
    long work = work(rows, x, 40);
    pool.run(
        x.blocks(rows),
        work,
        (block, scratch) -> {
          int tokens = x.tokens(block, rows);
          for (int c = 0; c < x.features(); c++) {
            float[] from = x.block(block)[c];
            float[] to = out.block(block)[c];
            int done = gelu(from, to, tokens, work);
            gelu(from, to, done, tokens);
          }
        });
  }

  final void geluBackward(
      int rows, HostActivation outGradient, HostActivation x, HostActivation xGradient) {
    long work = work(rows, x, 50);
    pool.run(
        x.blocks(rows),
        work,
        (block, scratch) -> {
          int tokens = x.tokens(block, rows);
          float[] bell = scratch.row(0, x.width());
          float[] slope = scratch.row(1, x.width());
          for (int c = 0; c < x.features(); c++) {
            float[] from = x.block(block)[c];
            float[] upper = outGradient.block(block)[c];
            float[] to = xGradient.block(block)[c];
            int done = geluBackward(upper, from, to, tokens, work);
            bell(from, bell, done, tokens);
            slope(from, bell, slope, done, tokens);
            VectorLoops.product(upper, slope, to, done, tokens);
          }
        });
  }

  /**
   * The numbers of a row from the first one on that another way than the plain loops is good for.
   *
   * @param work operations of the whole call
   * @return how many it has done
   */
  int gelu(float[] x, float[] out, int count, long work) {
    return 0;
  }

  /** The same of the gradient; {@code out} may be {@code upper}. */
  int geluBackward(float[] upper, float[] x, float[] out, int count, long work) {
    return 0;
  }

  private static long work(int rows, HostActivation tiles, int perNumber) {
    return (long) perNumber * rows * tiles.length() * tiles.features();
  }

  /** x · Φ(x) = max(x, 0) − |x|/2 · erfc(|x|/√2): no cancellation on the negative side. */
  private static void gelu(float[] x, float[] out, int from, int count) {
    for (int j = from; j < count; j++) {
      float v = x[j];
      float absolute = Math.abs(v);
      float tail = DeterministicMath.scaledTail(absolute) * DeterministicMath.exp(-0.5f * v * v);
      out[j] = Math.fma(-0.5f * absolute, tail, Math.max(v, 0f));
    }
  }

  /** e^(−x²/2). A loop of its own: with what follows it would be too long for C2 to vectorise. */
  private static void bell(float[] x, float[] bell, int from, int count) {
    for (int j = from; j < count; j++) {
      float v = x[j];
      bell[j] = DeterministicMath.exp(-0.5f * v * v);
    }
  }

  /** Φ(x) + x · φ(x), with Φ(x) = 1/2 + sign(x)/2 · (1 − erfc(|x|/√2)). */
  private static void slope(float[] x, float[] bell, float[] slope, int from, int count) {
    for (int j = from; j < count; j++) {
      float v = x[j];
      float tail = DeterministicMath.scaledTail(Math.abs(v)) * bell[j];
      float sign = Math.max(-1f, Math.min(1f, v * STEEP));
      float below = Math.fma(0.5f * sign, 1f - tail, 0.5f);
      slope[j] = Math.fma(v * DENSITY, bell[j], below);
    }
  }
}
