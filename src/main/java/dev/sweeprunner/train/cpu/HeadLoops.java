package dev.sweeprunner.train.cpu;

import org.jspecify.annotations.Nullable;

/** The two passes of {@link HeadKernel}, where its time goes. */
interface HeadLoops {
  /** Vocabulary rows between two looks at the largest logit: part of the arithmetic. */
  int ROWS = 32;

  /** Called before the first passes of so many blocks, with their floating-point operations. */
  void begin(int blocks, long work);

  /**
   * All rows of the matrix for one block of tokens.
   *
   * @param x (features, tokens)
   * @param top set to the largest logit, by token
   * @param sum set to Σ exp(logit − top), by token
   * @param sums set to Σ exp(logit − top) · row, (features, tokens); null to leave them out
   */
  void first(
      int block,
      int tokens,
      float[][] x,
      HeadKernel.Matrix matrix,
      float[] top,
      float[] sum,
      float @Nullable [][] sums,
      ThreadScratch scratch);

  /**
   * Some rows of the matrix for all tokens, after the first passes with sums.
   *
   * @param targets negative where a token does not count
   * @param logSums the logarithm of the sum of exponentials, by token
   * @param sums set to Σ_n p(n, v) · x(n, c) over all tokens that count, (features, rows)
   */
  void second(
      int rows,
      HostActivation x,
      HeadKernel.Matrix matrix,
      int[] targets,
      float[] logSums,
      float[][] sums,
      ThreadScratch scratch);
}
