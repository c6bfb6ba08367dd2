package dev.sweeprunner.train.cuda;

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

  /**
   * Rotates queries and keys.
   *
   * @param cos address
   * @param sin address
   */
  void rotate(int rows, DeviceActivation qkv, int heads, long cos, long sin, boolean backward) {
    int n = qkv.tokens(rows);
    int size = headSize(qkv, heads);
    launcher
        .kernel("rotate" + qkv.format().suffix())
        .grid(Launcher.cover((long) n * heads * size, 256))
        .ints(n, qkv.length(), heads, size)
        .single(backward ? -1 : 1)
        .addresses(cos, sin, qkv.address())
        .run();
  }

  void forward(
      int rows,
      DeviceActivation qkv,
      int heads,
      DeviceActivation out,
      DeviceActivation statistics) {
    if (isFast(qkv, heads)) {
      launcher
          .kernel("attention_64x32_bf16")
          .block(128)
          .grid(rows, heads, 1)
          .shared(FAST_SHARED)
          .ints(heads)
          .addresses(qkv.address(), out.address(), statistics.address())
          .run();
    } else {
      general("attention", rows, qkv, heads)
          .addresses(qkv.address(), out.address(), statistics.address())
          .run();
    }
  }

  /** What the backward pass reads and writes. */
  record Flow(
      DeviceActivation outGradient,
      DeviceActivation qkv,
      DeviceActivation out,
      DeviceActivation statistics,
      DeviceActivation qkvGradient) {}

  void backward(int rows, Flow flow, int heads) {
    long outGradient = flow.outGradient.address();
    long qkv = flow.qkv.address();
    long out = flow.out.address();
    long statistics = flow.statistics.address();
    long qkvGradient = flow.qkvGradient.address();
    if (isFast(flow.qkv, heads)) {
      launcher
          .kernel("attention_backward_64x32_bf16")
          .block(128)
          .grid(rows, heads, 1)
          .shared(FAST_BACKWARD_SHARED)
          .ints(heads)
          .addresses(outGradient, qkv, out, statistics, qkvGradient)
          .run();
      return;
    }
    general("attention_backward_query", rows, flow.qkv, heads)
        .addresses(outGradient, qkv, out, statistics, qkvGradient)
        .run();
    general("attention_backward_key", rows, flow.qkv, heads)
        .addresses(outGradient, qkv, statistics, qkvGradient)
        .run();
  }

  private Launcher general(String name, int rows, DeviceActivation qkv, int heads) {
    int size = headSize(qkv, heads);
    if (size > LARGEST_HEAD) {
      throw new IllegalArgumentException(
          "attention heads may have at most " + LARGEST_HEAD + " features here, have: " + size);
    }
    return launcher
        .kernel(name + qkv.format().suffix())
        .grid(rows, heads, Launcher.cover(qkv.length(), QUERIES_PER_BLOCK))
        .ints(qkv.length(), heads, size);
  }

  private static boolean isFast(DeviceActivation qkv, int heads) {
    return qkv.format() == Format.BFLOAT16
        && qkv.length() == FAST_LENGTH
        && headSize(qkv, heads) == FAST_HEAD;
  }

  private static int headSize(DeviceActivation qkv, int heads) {
    return qkv.features() / 3 / heads;
  }
}
