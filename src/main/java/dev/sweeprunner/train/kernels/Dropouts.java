package dev.sweeprunner.train.kernels;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Kernels.Attention;
import org.jspecify.annotations.Nullable;

/**
 * A back end's operations with dropout (Srivastava et al., 2014). Which numbers are dropped is a
 * function of the batch's {@link Draw}, the place in the model and the number's index ({@link
 * DropoutMask}), so a backward pass drops what its forward pass did, and nothing is kept.
 */
public interface Dropouts {
  /**
   * What a batch's masks hang on.
   *
   * @param bits random ones of the iteration
   * @param firstToken how many tokens of the iteration come before the batch
   */
  record Draw(long bits, long firstToken) {
    /** Of a batch that nothing is dropped of. */
    public static final Draw NONE = new Draw(0, 0);
  }

  /**
   * Dropout at one place of the model.
   *
   * @param tokens whose newest batch has the draw
   * @param place a number of its own for each place
   * @param share of the numbers that become zero, in [0, 1); the others are divided by 1 - share
   */
  record Dropout(Tokens tokens, int place, double share) {}

  /**
   * out = x with some numbers dropped, plus the addend; all in float32, out may be x. Index of
   * feature c of token n: n · features + c.
   */
  void drop(int rows, Activation x, Dropout dropout, @Nullable Activation addend, Activation out);

  /**
   * {@link Kernels#attention} with weights dropped after the softmax. Index of the weight that
   * token n's head h gives to position j of its row: (n · heads + h) · length + j.
   */
  void attention(int rows, Attention attention, Dropout dropout);

  /** The backward pass of {@link #attention}. */
  void attentionBackward(
      int rows,
      Activation outGradient,
      Attention attention,
      Dropout dropout,
      Activation qkvGradient);
}
