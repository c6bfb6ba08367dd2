package dev.sweeprunner.train.cpu;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two passes of {@link HeadKernel}, where its time goes. A group of spans goes through the
 * first pass, then through the second, before the next group comes.
 */
interface HeadLoops {
  /** Vocabulary rows of a look: part of the arithmetic. */
  int ROWS = 32;

  /** Looks of a pass. */
  static int looks(int vocabulary) {
    return (vocabulary + ROWS - 1) / ROWS;
  }

  /**
   * What a look's exponentials may add up to. Where they are more, the top was too low: it becomes
   * the look's largest logit, what was summed up so far is scaled, and the look is taken again.
   */
  float MOST = 1024;

  /**
   * Tokens of a span.
   *
   * @param width tokens of a block
   * @param blocks how many of them a call has
   */
  int spanOf(int width, int blocks, int vocabulary);

  /** Spans of a group, at least 1. */
  int spansAtOnce(int span, int vocabulary);

  /** From one row of the sums to the next: at least the features. */
  int strideOf(int features);

  /** Called before the first passes of a group with so many spans. */
  void begin(int spans);

  /**
   * All rows of the matrix for one span.
   *
   * @param x (features, tokens of the block)
   * @param top set to a logit that is the largest or not much below it, by token of the span
   * @param sum set to Σ exp(logit − top), by token of the span
   * @param sums set to Σ exp(logit − top) · row, as x; null to leave them out, and the second pass
   */
  void first(
      Span span,
      float[][] x,
      HeadKernel.Matrix matrix,
      float[] top,
      float[] sum,
      float @Nullable [][] sums,
      ThreadScratch scratch);

  /**
   * Some rows of the matrix for a group, after its first passes.
   *
   * @param shares by token, one over the sum of exponentials; 0 where it does not count
   * @param sums to which Σ_n p(n, v) · x(n, c) of the tokens that count is added: (vocabulary,
   *     features), by {@link #strideOf}
   */
  void second(
      List<Span> group,
      HostActivation x,
      HeadKernel.Matrix matrix,
      float[] shares,
      float[] sums,
      ThreadScratch scratch);

  /**
   * Some tokens of one block, side by side.
   *
   * @param number its place in the group
   * @param from the first one's place in the block
   * @param firstToken the first one's number in the order of all tokens
   */
  record Span(int number, int block, int from, int count, int firstToken) {
    /** All tokens that count, in order, in groups. */
    static List<List<Span>> groups(int rows, HostActivation x, int tokens, int most) {
      List<List<Span>> groups = new ArrayList<>();
      List<Span> group = new ArrayList<>();
      for (int block = 0; block < x.blocks(rows); block++) {
        int end = x.tokens(block, rows);
        for (int from = 0; from < end; from += tokens) {
          if (group.isEmpty() || group.size() == most) {
            group = new ArrayList<>();
            groups.add(group);
          }
          int count = Math.min(tokens, end - from);
          group.add(new Span(group.size(), block, from, count, x.firstToken(block) + from));
        }
      }
      return groups;
    }
  }
}
