package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.train.kernels.CounterRandom;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * The shares of all row kinds, as exact fractions of whole numbers.
 *
 * <p>Kinds stand in the order that breaks ties: plain rows by compartment, then translations by
 * source and destination. The translation ratio counts as the decimal it is written as (0.1 is one
 * tenth).
 */
final class KindMix {
  private final List<RowKind> kinds = new ArrayList<>();
  private final List<BigInteger> weights = new ArrayList<>();
  private BigInteger sum = BigInteger.ZERO;

  private KindMix() {}

  /**
   * The mix of a config. With compartment weights u (1 each, or 1…C), U their sum, P the sum of
   * u_i·u_j over pairs i&lt;j, and (plain : translation) = (C : t) in mode compartment, (1-t : t)
   * in mode absolute, a plain row of i weighs {@code plain·u_i/U} and a translation {@code
   * translation·u_i·u_j/(2P)}.
   */
  static KindMix of(BuiltinConfig.Experiment experiment) {
    BigDecimal ratio = new BigDecimal(Double.toString(experiment.translationRatio()));
    BigDecimal one =
        experiment.translationRatioMode().equals("absolute")
            ? BigDecimal.ONE.subtract(ratio)
            : BigDecimal.valueOf(experiment.nCompartments());
    int scale = Math.max(Math.max(ratio.scale(), one.scale()), 0);
    return weigh(
        compartmentWeights(experiment),
        one.setScale(scale).unscaledValue(),
        ratio.setScale(scale).unscaledValue());
  }

  /** Plain rows only, in the config's proportions. */
  static KindMix plainOnly(BuiltinConfig.Experiment experiment) {
    return weigh(compartmentWeights(experiment), BigInteger.ONE, BigInteger.ZERO);
  }

  /** Translations only, in the config's proportions; needs two compartments. */
  static KindMix translationsOnly(BuiltinConfig.Experiment experiment) {
    return weigh(compartmentWeights(experiment), BigInteger.ZERO, BigInteger.ONE);
  }

  /**
   * Deals out {@code total} rows by largest remainder; equal remainders go by the order of kinds.
   */
  Allocation allocate(long total) {
    long[] counts = new long[kinds.size()];
    BigInteger[] remainders = new BigInteger[kinds.size()];
    List<Integer> order = new ArrayList<>();
    long dealt = 0;
    for (int i = 0; i < counts.length; i++) {
      BigInteger[] quota =
          weights.get(i).multiply(BigInteger.valueOf(total)).divideAndRemainder(sum);
      counts[i] = quota[0].longValueExact();
      remainders[i] = quota[1];
      dealt += counts[i];
      order.add(i);
    }
    order.sort(Comparator.comparing((Integer i) -> remainders[i]).reversed());
    for (int i = 0; i < total - dealt; i++) {
      counts[order.get(i)]++;
    }
    return new Allocation(kinds, counts);
  }

  /** The kinds of rows that are exactly this mix over {@code rows} rows, in seeded order. */
  DealtRows dealt(long rows, CounterRandom random) {
    return new DealtRows(allocate(rows), AffinePermutation.of(random, rows));
  }

  /**
   * The kinds of rows that are drawn each by itself: 53 random bits choose among 2^53 rows dealt by
   * the mix.
   */
  LongFunction<RowKind> drawn(CounterRandom random) {
    Allocation allocation = allocate(1L << 53);
    return row -> allocation.kind(random.bits(row, 0) >>> 11);
  }

  private static long[] compartmentWeights(BuiltinConfig.Experiment experiment) {
    long[] weights = new long[experiment.nCompartments()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = experiment.compartmentScaling().equals("unequal") ? i + 1 : 1;
    }
    return weights;
  }

  private static KindMix weigh(long[] u, BigInteger plain, BigInteger translation) {
    long total = 0;
    long twicePairs = 0;
    for (long weight : u) {
      twicePairs += 2 * total * weight;
      total += weight;
    }
    BigInteger plainUnit = plain.multiply(BigInteger.valueOf(Math.max(twicePairs, 1)));
    BigInteger translationUnit = translation.multiply(BigInteger.valueOf(total));
    KindMix mix = new KindMix();
    for (int i = 0; i < u.length; i++) {
      mix.add(RowKind.plain(i), plainUnit.multiply(BigInteger.valueOf(u[i])));
    }
    for (int src = 0; src < u.length; src++) {
      for (int dst = 0; dst < u.length; dst++) {
        if (src != dst) {
          mix.add(
              new RowKind(src, dst), translationUnit.multiply(BigInteger.valueOf(u[src] * u[dst])));
        }
      }
    }
    return mix;
  }

  private void add(RowKind kind, BigInteger weight) {
    if (weight.signum() > 0) {
      kinds.add(kind);
      weights.add(weight);
      sum = sum.add(weight);
    }
  }

  /** Rows dealt out to kinds: the first count rows are of the first kind, and so on. */
  static final class Allocation {
    private final NavigableMap<Long, RowKind> byEnd = new TreeMap<>();

    private Allocation(List<RowKind> kinds, long[] counts) {
      long end = 0;
      for (int i = 0; i < counts.length; i++) {
        end += counts[i];
        byEnd.putIfAbsent(end, kinds.get(i)); // whoever has no row ends where another does
      }
    }

    /** Every kind that has rows, with the first of its places and the one after its last. */
    void forEach(Stretch stretch) {
      long from = 0;
      for (Map.Entry<Long, RowKind> entry : byEnd.entrySet()) {
        stretch.of(entry.getValue(), from, entry.getKey());
        from = entry.getKey();
      }
    }

    /** The kind of the row at {@code place}, 0…total-1. */
    RowKind kind(long place) {
      return Objects.requireNonNull(byEnd.higherEntry(place)).getValue();
    }
  }

  /** Takes the places of one kind. */
  interface Stretch {
    void of(RowKind kind, long from, long to);
  }
}
