package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.train.kernels.CounterRandom;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The composite vocabulary: what id a base token has in a compartment. The translation token is the
 * last id.
 *
 * <p>Offset mode: token x in compartment c is {@code x + c·V}; size {@code V·C + 1}. Permutation
 * mode: each compartment has its own seeded permutation of the V ids; size {@code V + 1}. There the
 * inputs may stay unpermuted while the targets are permuted.
 *
 * <p>With U tokens untied and the others tied: in offset mode a tied token is x everywhere, and
 * compartments behind the first have their untied ones, in order, at {@code V + (c − 1)·U}; size
 * {@code V + (C − 1)·U + 1}. In permutation mode a tied token is x everywhere, and each compartment
 * permutes the others among themselves. Immutable.
 */
final class Vocabulary {
  private final int base;
  private final int size;

  /** By compartment and token; null where an offset says it. */
  private final int @Nullable [][] permutations;

  private final boolean permuteInputs;

  /** Those of which each compartment behind the first has ids of its own, one after the other. */
  private final List<Integer> untied;

  private Vocabulary(int base, int size, int @Nullable [][] permutations, boolean permuteInputs) {
    this(base, size, permutations, permuteInputs, List.of());
  }

  private Vocabulary(
      int base,
      int size,
      int @Nullable [][] permutations,
      boolean permuteInputs,
      List<Integer> untied) {
    this.base = base;
    this.size = size;
    this.permutations = permutations;
    this.permuteInputs = permuteInputs;
    this.untied = untied;
  }

  static Vocabulary of(int base, BuiltinConfig.Experiment experiment) {
    return of(base, experiment, null);
  }

  /** The vocabulary with these tokens tied. */
  static Vocabulary of(int base, BuiltinConfig.Experiment experiment, @Nullable Tying tying) {
    return tying == null ? untied(base, experiment) : tied(base, experiment, tying.untied());
  }

  private static Vocabulary tied(
      int base, BuiltinConfig.Experiment experiment, List<Integer> untied) {
    boolean permuted = experiment.permuteTokensPerCompartment();
    int own = permuted ? 0 : untied.size();
    CounterRandom random = CounterRandom.of(experiment.assignmentSeed(), "data.permutation");
    int[][] ids = new int[experiment.nCompartments()][base];
    for (int c = 0; c < ids.length; c++) {
      Arrays.setAll(ids[c], token -> token);
      int[] shuffled = permuted ? shuffled(random, c, untied.size()) : new int[0];
      for (int i = 0; i < untied.size() && (permuted || c > 0); i++) {
        int id = permuted ? untied.get(shuffled[i]) : base + (c - 1) * own + i;
        ids[c][untied.get(i)] = id;
      }
    }
    return new Vocabulary(
        base,
        base + (ids.length - 1) * own + 1,
        ids,
        !permuted || experiment.permuteInputTokensPerCompartment(),
        permuted ? List.of() : untied);
  }

  private static Vocabulary untied(int base, BuiltinConfig.Experiment experiment) {
    int size = (int) size(base, experiment);
    if (!experiment.permuteTokensPerCompartment()) {
      return new Vocabulary(base, size, null, false);
    }
    CounterRandom random = CounterRandom.of(experiment.assignmentSeed(), "data.permutation");
    int[][] permutations = new int[experiment.nCompartments()][];
    for (int c = 0; c < permutations.length; c++) {
      permutations[c] = shuffled(random, c, base);
    }
    return new Vocabulary(base, size, permutations, experiment.permuteInputTokensPerCompartment());
  }

  /** How many ids there are where none is tied, which is the most there can be. */
  static long size(long base, BuiltinConfig.Experiment experiment) {
    return (experiment.permuteTokensPerCompartment() ? base : base * experiment.nCompartments())
        + 1;
  }

  int size() {
    return size;
  }

  /** Base tokens of the ids behind the first compartment's; empty where an offset says it. */
  List<Integer> untied() {
    return untied;
  }

  int translationToken() {
    return size - 1;
  }

  /** The id of a base token as an input. */
  int input(int token, int compartment) {
    return permutations != null && !permuteInputs ? token : output(token, compartment);
  }

  /** The id of a base token as a target. */
  int output(int token, int compartment) {
    return permutations == null ? token + compartment * base : permutations[compartment][token];
  }

  /** Fisher and Yates' shuffle, from the top down. */
  private static int[] shuffled(CounterRandom random, int compartment, int size) {
    int[] ids = new int[size];
    for (int i = 0; i < size; i++) {
      ids[i] = i;
    }
    for (int i = size - 1; i > 0; i--) {
      int other = random.bounded(compartment, i, i + 1);
      int kept = ids[i];
      ids[i] = ids[other];
      ids[other] = kept;
    }
    return ids;
  }
}
