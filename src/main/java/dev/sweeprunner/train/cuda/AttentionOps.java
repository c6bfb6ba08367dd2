package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Kernels.Attention;
import dev.sweeprunner.train.kernels.Kernels.Rotation;

/** Causal attention and rotary position embedding. */
final class AttentionOps {
  /** What a warp of the general kernels holds in its registers. */
  static final int LARGEST_HEAD = 256;

  private static final int QUERIES_PER_BLOCK = 8;

  private static final int FAST_LENGTH = 64;
  private static final int FAST_HEAD = 32;
  private static final int FAST_SHARED = 3 * 64 * 40 * Short.BYTES;
  private static final int FAST_BACKWARD_SHARED =
      4 * 64 * 40 * Short.BYTES + 2 * 64 * 72 * Short.BYTES;

  private final Launcher launcher;

  AttentionOps(Launcher launcher) {
    this.launcher = launcher;
  }

  void rotate(int rows, DeviceActivation qkv, int heads, Rotation rotation, boolean backward) {
    int n = qkv.tokens(rows);
    int size = headSize(qkv, heads);
    launcher
        .kernel("rotate" + qkv.type().suffix())
        .grid(Launcher.cover((long) n * heads * size, 256))
        .ints(n, qkv.length(), heads, size)
        .single(backward ? -1 : 1)
        .addresses(DeviceFloats.address(rotation.cos()), DeviceFloats.address(rotation.sin()))
        .addresses(qkv.address())
        .run();
  }

  void forward(int rows, Attention flow) {
    DeviceActivation qkv = (DeviceActivation) flow.qkv();
    (isFast(qkv, flow.heads())
            ? fast("attention", rows, flow.heads(), FAST_SHARED)
            : general("attention", rows, qkv, flow.heads()))
        .addresses(qkv.address(), address(flow.out()), address(flow.statistics()))
        .run();
  }

  void backward(int rows, DeviceActivation upper, Attention flow, DeviceActivation qkvGradient) {
    long outGradient = upper.address();
    DeviceActivation qkv = (DeviceActivation) flow.qkv();
    long out = address(flow.out());
    long statistics = address(flow.statistics());
    long gradient = qkvGradient.address();
    if (isFast(qkv, flow.heads())) {
      fast("attention_backward", rows, flow.heads(), FAST_BACKWARD_SHARED)
          .addresses(outGradient, qkv.address(), out, statistics, gradient)
          .run();
      return;
    }
    general("attention_backward_query", rows, qkv, flow.heads())
        .addresses(outGradient, qkv.address(), out, statistics, gradient)
        .run();
    general("attention_backward_key", rows, qkv, flow.heads())
        .addresses(outGradient, qkv.address(), statistics, gradient)
        .run();
  }

  private Launcher fast(String name, int rows, int heads, int shared) {
    return launcher
        .kernel(name + "_64x32_bf16")
        .block(128)
        .grid(rows, heads, 1)
        .shared(shared)
        .ints(heads);
  }

  private Launcher general(String name, int rows, DeviceActivation qkv, int heads) {
    return general(launcher, name, rows, qkv, heads);
  }

  /** Begins a launch of one of the kernels that take any length and head size. */
  static Launcher general(
      Launcher launcher, String name, int rows, DeviceActivation qkv, int heads) {
    int size = headSize(qkv, heads);
    if (size > LARGEST_HEAD) {
      throw new IllegalArgumentException(
          "attention heads may have at most " + LARGEST_HEAD + " features here, have: " + size);
    }
    return launcher
        .kernel(name + qkv.type().suffix())
        .grid(rows, heads, Launcher.cover(qkv.length(), QUERIES_PER_BLOCK))
        .ints(qkv.length(), heads, size);
  }

  private static boolean isFast(DeviceActivation qkv, int heads) {
    return qkv.type() == DataType.BFLOAT16
        && qkv.length() == FAST_LENGTH
        && headSize(qkv, heads) == FAST_HEAD;
  }

  private static int headSize(DeviceActivation qkv, int heads) {
    return qkv.features() / 3 / heads;
  }

  private static long address(Activation activation) {
    return ((DeviceActivation) activation).address();
  }
}
