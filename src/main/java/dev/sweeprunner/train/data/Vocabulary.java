package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.train.kernels.CounterRandom;
import org.jspecify.annotations.Nullable;

/**
 * The composite vocabulary: what id a base token has in a compartment. The translation token is the
 * last id.
 *
 * <p>Offset mode: token x in compartment c is {@code x + c·V}; size {@code V·C + 1}. Permutation
 * mode: each compartment has its own seeded permutation of the V ids; size {@code V + 1}. There the
 * inputs may stay unpermuted while the targets are permuted. Immutable.
 */
final class Vocabulary {
  private final int base;
  private final int size;
  private final int @Nullable [][] permutations;
  private final boolean permuteInputs;

  private Vocabulary(int base, int size, int @Nullable [][] permutations, boolean permuteInputs) {
    this.base = base;
    this.size = size;
    this.permutations = permutations;
    this.permuteInputs = permuteInputs;
  }

  static Vocabulary of(int base, BuiltinConfig.Experiment experiment) {
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

  /** How many ids there are. */
  static long size(long base, BuiltinConfig.Experiment experiment) {
    return (experiment.permuteTokensPerCompartment() ? base : base * experiment.nCompartments())
        + 1;
  }

  int size() {
    return size;
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
