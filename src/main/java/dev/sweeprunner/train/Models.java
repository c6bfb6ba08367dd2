package dev.sweeprunner.train;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.train.data.RunData;
import dev.sweeprunner.train.model.Adversary;
import dev.sweeprunner.train.model.Copies;
import dev.sweeprunner.train.model.ModelShape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a config to the model it means. */
final class Models {
  private Models() {}

  /**
   * The shape of a config's model; the config is not refused. Where tokens are tied it is the
   * largest that there can be, since the data decide.
   */
  static ModelShape shape(BuiltinConfig config) {
    BuiltinConfig.Model model = config.model();
    BuiltinConfig.Experiment experiment = config.experiment();
    return new ModelShape(
        model.nLayer(),
        model.nHead(),
        model.nEmbd(),
        model.blockSize(),
        Math.toIntExact(RunData.vocabularySize(config)),
        Objects.requireNonNull(model.vocabSize()),
        experiment.useCompartmentEmbeddings() ? experiment.nCompartments() : 0,
        model.bias(),
        model.weightTying(),
        experiment.sharedTokenEmbeddings(),
        model.useRope(),
        model.ropeBase(),
        model.dropout(),
        List.of(),
        adversary(experiment, model.nEmbd()));
  }

  private static @Nullable Adversary adversary(BuiltinConfig.Experiment experiment, int embd) {
    return !dann(experiment)
        ? null
        : new Adversary(
            dannLayers(experiment).orElseThrow(),
            experiment.dannDiscHidden() > 0 ? experiment.dannDiscHidden() : embd,
            experiment.nCompartments(),
            experiment.dannLambda());
  }

  /** Whether there are discriminators: nothing looks where nothing would be turned. */
  static boolean dann(BuiltinConfig.Experiment experiment) {
    return experiment.dannLambda() > 0 && !experiment.dannLayers().isBlank();
  }

  /** The blocks that {@code dann_layers} names, ascending; empty if it is no list of numbers. */
  static Optional<List<Integer>> dannLayers(BuiltinConfig.Experiment experiment) {
    String list = experiment.dannLayers().strip();
    return list.matches("\\d{1,6}(\\s*,\\s*\\d{1,6})*")
        ? Optional.of(
            Arrays.stream(list.split("\\s*,\\s*"))
                .map(Integer::valueOf)
                .distinct()
                .sorted()
                .toList())
        : Optional.empty();
  }

  /** The same with the vocabulary that these data have, which is smaller where tokens are tied. */
  static ModelShape shape(BuiltinConfig config, RunData data) {
    return shape(config).sharing(data.vocabularySize(), data.untied());
  }

  /**
   * Which compartments a config's model starts as copies of the first. Where compartments have no
   * rows of their own (permutations of one vocabulary, one embedding for all), they are alike
   * already.
   */
  static Copies copies(BuiltinConfig config) {
    BuiltinConfig.Experiment experiment = config.experiment();
    boolean own = !experiment.permuteTokensPerCompartment();
    boolean head = own && experiment.copyCompartmentLmHead();
    boolean tied = config.model().weightTying();
    return new Copies(
        Objects.requireNonNull(config.model().vocabSize()),
        experiment.nCompartments(),
        own
            && !experiment.sharedTokenEmbeddings()
            && (experiment.copyCompartmentEmbeddings() || (tied && head)),
        head,
        experiment.copyCompartmentIdEmbeddings());
  }

  /** Numbers that are trained, without allocating them. */
  static long parameters(ModelShape shape) {
    long c = shape.embd();
    long norm = shape.bias() ? 2 * c : c;
    long block = 12 * c * c + 2 * norm + (shape.bias() ? 9 * c : 0);
    long tables = (long) shape.inputRows() + shape.compartments();
    if (!shape.rope()) {
      tables += shape.blockSize();
    }
    if (!shape.tied()) {
      tables += shape.vocabulary();
    }
    Adversary adversary = shape.adversary();
    long telling = adversary == null ? 0 : adversary.parameters(shape.embd());
    return tables * c + shape.layers() * block + norm + telling;
  }
}
