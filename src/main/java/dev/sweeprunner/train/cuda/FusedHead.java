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

  /** And another one, of four warps' products, for these. */
  private static final Set<Integer> WARPGROUP_FEATURES = Set.of(64, 128, 256);

  private static final int TILE = 128;

  /** Of the warpgroups' kernels: tiles of the ring, and their rows. */
  private static final int RING = 5;

  private static final int RING_ROWS = 64;

  private final Launcher launcher;
  private final DeviceScratch scratch;
  private final Sums sums;
  private final boolean warpgroups;

  /**
   * @param warpgroups whether there are kernels of four warps' products
   */
  FusedHead(Launcher launcher, DeviceScratch scratch, Sums sums, boolean warpgroups) {
    this.launcher = launcher;
    this.scratch = scratch;
    this.sums = sums;
    this.warpgroups = warpgroups;
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
      launcher
          .kernel("head_loss_c" + x.features())
          .grid(Launcher.cover(quanta.tokens(), TILE))
          .shared(2 * tileBytes(x.features()))
          .ints(quanta.tokens(), vocabulary)
          .addresses(x.address(), operand(weight), tokens.targets(), losses)
          .run();
    } else {
      long logSums = part.take((long) Float.BYTES * quanta.tokens());
      pass("head_first", x.features(), 2 * tileBytes(x.features()))
          .grid(Launcher.cover(quanta.tokens(), TILE))
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
    int line = tileRows(x.features()) * Float.BYTES;
    pass("head_second", x.features(), 2 * (tileBytes(x.features()) + line))
        .grid(Launcher.cover(vocabulary, TILE), quanta.count(), 1)
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

  /** One of the two passes of training. */
  private Launcher pass(String name, int features, int shared) {
    return warpgroups && WARPGROUP_FEATURES.contains(features)
        ? launcher.kernel(name + "_hopper_c" + features).shared(warpgroupShared(features))
        : launcher.kernel(name + "_c" + features).shared(shared);
  }

  /** A block's own rows, the ring, and a line of numbers for each of its tiles. */
  private static int warpgroupShared(int features) {
    int rows = TILE + RING * RING_ROWS;
    return rows * features * Short.BYTES + RING * RING_ROWS * Float.BYTES;
  }

  private static int tileBytes(int features) {
    return tileRows(features) * (features + 8) * Short.BYTES;
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
