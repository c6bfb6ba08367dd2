package dev.sweeprunner.train.kernels;

/** A device of this process that can train. May be asked from any thread. */
public interface BackEnd {
  /** The device for people, for example {@code cpu, 2 threads}. */
  String device();

  /** What would make this device faster, a sentence for people; empty where nothing would. */
  default String advice() {
    return "";
  }

  /**
   * Opens the device for one model.
   *
   * @param wish what the model would like; a back end may do otherwise and says so in the kernels'
   *     {@link Kernels.Traits}
   * @throws DeviceFailure if the device cannot be used
   */
  Kernels open(Wish wish);

  /**
   * What a model would like.
   *
   * @param bfloat16 matrix products in bfloat16 with sums in float32; else float32
   * @param embd features per token
   * @param tokensAtOnce the most tokens per call: fewer need less memory
   */
  record Wish(boolean bfloat16, int embd, int tokensAtOnce) {
    /** More than this at once is no faster on any device. */
    public static final int MOST_TOKENS = 1 << 17;

    /** Fewer than this at once are not worth a try. */
    public static final int FEWEST_TOKENS = 1 << 13;

    /** Whether half the tokens at once are still enough. */
    public boolean canBeHalved() {
      return tokensAtOnce / 2 >= FEWEST_TOKENS;
    }

    /** Half the tokens at once. */
    public Wish halved() {
      return new Wish(bfloat16, embd, tokensAtOnce / 2);
    }
  }
}
