package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head in bfloat16, flash attention over the vocabulary: no logit is ever written to memory.
 * One pass gives losses and input gradients, a second one the matrix gradient per quantum; a third
 * adds those, with the targets' part, in order.
 */
final class FusedHead implements Head {
  /** There is a kernel per number of features. */
  private static final Set<Integer> FEATURES = Set.of(16, 32, 64, 128, 256);

  private static final int TILE = 128;

  private final Launcher launcher;
  private final DeviceScratch scratch;
  private final Sums sums;

  FusedHead(Launcher launcher, DeviceScratch scratch, Sums sums) {
    this.launcher = launcher;
    this.scratch = scratch;
    this.sums = sums;
  }

  /** Whether there are kernels for this many features. */
  static boolean takes(int features) {
    return FEATURES.contains(features);
  }

  static long scratch(Quanta quanta, int vocabulary, int features) {
    long perToken = Arena.aligned((long) Float.BYTES * quanta.tokens());
    return 2 * perToken + Arena.aligned(partialBytes(quanta, vocabulary, features));
  }

  @Override
  public void run(
      int rows,
      DeviceActivation x,
      DeviceFloats weight,
      TokenBlock tokens,
      @Nullable HeadGradient gradient,
      DeviceTotal loss) {
    Quanta quanta = Quanta.of(rows, x.length());
    int vocabulary = weight.length() / x.features();
    DeviceScratch.Part part = scratch.begin();
    long losses = part.take((long) Float.BYTES * quanta.tokens());
    if (gradient == null) {
      overTokens("head_loss", quanta, x.features())
          .ints(quanta.tokens(), vocabulary)
          .addresses(x.address(), operand(weight), tokens.targets(), losses)
          .run();
    } else {
      long logSums = part.take((long) Float.BYTES * quanta.tokens());
      overTokens("head_first", quanta, x.features())
          .ints(quanta.tokens(), vocabulary)
          .single(gradient.scale())
          .addresses(x.address(), operand(weight), tokens.targets(), losses, logSums)
          .addresses(exact(gradient))
          .run();
      long partial = part.take(partialBytes(quanta, vocabulary, x.features()));
      weightGradient(quanta, x, operand(weight), logSums, partial, vocabulary);
      addGradient(quanta, x, tokens, partial, gradient);
    }
    sums.addLosses(quanta, losses, loss);
  }

  private void weightGradient(
      Quanta quanta, DeviceActivation x, long weight, long logSums, long partial, int vocabulary) {
    int tile = tileRows(x.features());
    launcher
        .kernel("head_second_c" + x.features())
        .grid(Launcher.cover(vocabulary, TILE), quanta.count(), 1)
        .shared(2 * (tile * (x.features() + 8) * Short.BYTES + tile * Float.BYTES))
        .ints(quanta.tokens(), vocabulary, quanta.quantum())
        .addresses(x.address(), weight, logSums, partial)
        .run();
  }

  private void addGradient(
      Quanta quanta, DeviceActivation x, TokenBlock tokens, long partial, HeadGradient gradient) {
    DeviceFloats weight = (DeviceFloats) gradient.weight();
    int vocabulary = weight.length() / x.features();
    launcher
        .kernel("head_gradient_bf16")
        .grid(vocabulary)
        .shared(8 * x.features() * Float.BYTES)
        .ints(x.features(), vocabulary, quanta.quantum(), quanta.count())
        .single(gradient.scale())
        .addresses(tokens.targetOrder(), tokens.targetStarts(), x.address(), partial)
        .addresses(weight.address())
        .run();
  }

  private Launcher overTokens(String name, Quanta quanta, int features) {
    return launcher
        .kernel(name + "_c" + features)
        .grid(Launcher.cover(quanta.tokens(), TILE))
        .shared(2 * tileRows(features) * (features + 8) * Short.BYTES);
  }

  private static long exact(HeadGradient gradient) {
    DeviceActivation input = (DeviceActivation) gradient.input();
    if (input.type() != DataType.FLOAT32) {
      throw new IllegalArgumentException("the head's input gradient must be exact");
    }
    return input.address();
  }

  private static long operand(DeviceFloats weight) {
    return weight.operand(DataType.BFLOAT16);
  }

  private static int tileRows(int features) {
    return features <= 128 ? 64 : 32;
  }

  private static long partialBytes(Quanta quanta, int vocabulary, int features) {
    return (long) Float.BYTES * quanta.count() * vocabulary * features;
  }
}
