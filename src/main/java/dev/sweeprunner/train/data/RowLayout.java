package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import java.util.Arrays;

/**
 * Which base token of a row stands at which position, and in which of its kind's two compartments.
 * Immutable.
 */
final class RowLayout {
  private static final int TRANSLATION_TOKEN = -1;

  private final int[] tokens;
  private final boolean[] destination;
  private final int count;

  private RowLayout(int[] tokens, boolean[] destination) {
    this.tokens = tokens;
    this.destination = destination;
    this.count = Arrays.stream(tokens).max().orElse(TRANSLATION_TOKEN) + 1;
  }

  /** T tokens of the source. */
  static RowLayout plain(int length) {
    int[] tokens = new int[length];
    Arrays.setAll(tokens, position -> position);
    return new RowLayout(tokens, new boolean[length]);
  }

  /** How this config's translations are laid out. */
  static RowLayout translation(BuiltinConfig config) {
    int length = config.model().blockSize();
    return config.experiment().translationMode().equals("interleaved")
        ? interleaved(length, config.experiment().translationChunkSize())
        : standard(length);
  }

  /**
   * {@code [TRANS] src [TRANS] dst}: the first T/2 - 1 tokens of each compartment, each TRANS of
   * the half it opens; T is even.
   */
  static RowLayout standard(int length) {
    int half = length / 2;
    int[] tokens = new int[length];
    Arrays.setAll(
        tokens, position -> position % half == 0 ? TRANSLATION_TOKEN : position % half - 1);
    boolean[] destination = new boolean[length];
    Arrays.fill(destination, half, length, true);
    return new RowLayout(tokens, destination);
  }

  /**
   * {@code [TRANS] src dst src dst ...} in chunks of {@code chunk} tokens, each of src followed by
   * the same tokens of dst. A last pair that does not fit whole has its source first, then as much
   * of its destination as is left. TRANS is of the source.
   */
  static RowLayout interleaved(int length, int chunk) {
    int[] tokens = new int[length];
    boolean[] destination = new boolean[length];
    tokens[0] = TRANSLATION_TOKEN;
    for (int position = 1; position < length; position++) {
      int pair = (position - 1) / (2 * chunk);
      int within = (position - 1) % (2 * chunk);
      tokens[position] = pair * chunk + within % chunk;
      destination[position] = within >= chunk;
    }
    return new RowLayout(tokens, destination);
  }

  int length() {
    return tokens.length;
  }

  /** How many base tokens it takes of a compartment. */
  int count() {
    return count;
  }

  /** Whether the translation token stands here. */
  boolean opens(int position) {
    return tokens[position] == TRANSLATION_TOKEN;
  }

  /** Which base token stands here; not where {@link #opens}. */
  int token(int position) {
    return tokens[position];
  }

  /** Whether this position is the destination's. */
  boolean isDestination(int position) {
    return destination[position];
  }

  /** The positions from {@code first} on. */
  boolean[] from(int first) {
    boolean[] later = new boolean[tokens.length];
    Arrays.fill(later, first, later.length, true);
    return later;
  }

  /** The positions whose target is a token of the destination: one that a source has told. */
  boolean[] told() {
    boolean[] told = new boolean[tokens.length];
    for (int position = 0; position + 1 < told.length; position++) {
      told[position] = destination[position + 1] && !opens(position + 1);
    }
    return told;
  }
}
