package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Which base tokens have one id in all compartments. {@code top_k} ties the most frequent ones,
 * {@code bottom_k} the rarest, until those that stay untied hold at most {@code token_tying_ratio}
 * of all counted tokens; 0 ties all, 1 none. Of two tokens that are equally frequent the lower one
 * is tied first. Immutable.
 */
final class Tying {
  private final List<Integer> untied;

  private Tying(List<Integer> untied) {
    this.untied = untied;
  }

  /** Whether a config ties tokens at all. */
  static boolean wanted(BuiltinConfig.Experiment experiment) {
    return !experiment.tokenTyingMode().equals("none");
  }

  /**
   * The tying of a config.
   *
   * @param counts of each token of the vocabulary
   */
  static Tying of(BuiltinConfig.Experiment experiment, long[] counts) {
    Comparator<Integer> rarest = Comparator.comparing(token -> counts[token]);
    boolean top = experiment.tokenTyingMode().equals("top_k");
    List<Integer> order =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted((top ? rarest.reversed() : rarest).thenComparing(token -> token))
            .toList();
    int tied = tied(order, counts, experiment.tokenTyingRatio());
    return new Tying(order.subList(tied, order.size()).stream().sorted().toList());
  }

  /** How many of the tokens in this order are tied. */
  private static int tied(List<Integer> order, long[] counts, double ratio) {
    if (ratio <= 0 || ratio >= 1) {
      return ratio <= 0 ? order.size() : 0;
    }
    long untied = Arrays.stream(counts).sum();
    // The ratio counts as the decimal that it is written as, like every other share.
    BigDecimal most = new BigDecimal(Double.toString(ratio)).multiply(BigDecimal.valueOf(untied));
    int tied = 0;
    while (BigDecimal.valueOf(untied).compareTo(most) > 0) {
      untied -= counts[order.get(tied)];
      tied++;
    }
    return tied;
  }

  /** The tokens that each compartment has an id of its own for, ascending. */
  List<Integer> untied() {
    return untied;
  }

  /** A number that other tied tokens have most likely not. */
  long fingerprint() {
    CRC32 crc = new CRC32();
    for (int token : untied) {
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        crc.update(token >>> shift);
      }
    }
    return crc.getValue();
  }
}
