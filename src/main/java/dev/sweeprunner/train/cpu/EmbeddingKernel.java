package dev.sweeprunner.train.cpu;

import org.jspecify.annotations.Nullable;

/** Table lookups and their gradients. */
final class EmbeddingKernel {
  /** Features that one task owns, in all rows of the tables. */
  private static final int COLUMNS = 16;

  private final ThreadPool pool;

  EmbeddingKernel(ThreadPool pool) {
    this.pool = pool;
  }

  /**
   * Overwrites, or adds to, all tokens' vectors: row {@code ids[token]} of the table, or that of
   * its position where ids is null.
   */
  void forward(int rows, int @Nullable [] ids, float[] table, HostActivation out, boolean add) {
    int features = out.features();
    pool.run(
        out.blocks(rows),
        work(rows, out),
        (block, scratch) -> {
          int first = out.firstToken(block);
          int tokens = out.tokens(block, rows);
          for (int c = 0; c < features; c++) {
            float[] to = out.block(block)[c];
            for (int j = 0; j < tokens; j++) {
              int row = ids == null ? j % out.length() : ids[first + j];
              float value = table[row * features + c];
              to[j] = add ? to[j] + value : value;
            }
          }
        });
  }

  /**
   * Adds each token's gradient to row {@code ids[token]} of the table's, or to that of its position
   * where ids is null. A task owns some columns of all rows and goes through the tokens in order.
   */
  void backward(int rows, int @Nullable [] ids, HostActivation outGradient, float[] gradient) {
    int features = outGradient.features();
    pool.run(
        (features + COLUMNS - 1) / COLUMNS,
        work(rows, outGradient),
        (task, scratch) -> {
          int end = Math.min(features, (task + 1) * COLUMNS);
          for (int block = 0; block < outGradient.blocks(rows); block++) {
            float[][] from = outGradient.block(block);
            int first = outGradient.firstToken(block);
            int tokens = outGradient.tokens(block, rows);
            for (int j = 0; j < tokens; j++) {
              int row = ids == null ? j % outGradient.length() : ids[first + j];
              for (int c = task * COLUMNS; c < end; c++) {
                gradient[row * features + c] += from[c][j];
              }
            }
          }
        });
  }

  private static long work(int rows, HostActivation tiles) {
    return 8L * rows * tiles.length() * tiles.features();
  }
}
