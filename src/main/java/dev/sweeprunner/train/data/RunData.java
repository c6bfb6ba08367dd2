package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.kernels.CounterRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All rows of one run: those it trains on and those of its evaluations. Belongs to one thread.
 *
 * <p>Training row r is row {@code r mod effective batch} of iteration {@code r / effective batch}.
 * Pretokenized data: the kinds of all rows of the run are dealt out exactly and shuffled. An
 * evaluation reports {@code eval/train_loss} on rows that start anywhere in the training stream,
 * drawn anew by each evaluation's iteration, and {@code val/loss} on the first rows of the
 * validation stream, the same each time; the kinds of both are dealt by the run's mix. Without a
 * validation set there is no evaluation.
 *
 * <p>Uniform data: kinds and tokens are drawn. An evaluation reports {@code val/translation_loss}
 * on translation rows (where there are two compartments) and {@code val/plain_loss} on plain rows,
 * both over the targets of positions T/2…T-2, from streams of their own that no training row uses,
 * the same each time.
 */
public final class RunData {
  private static final String TRAIN = "train";

  private final RowSource training;
  private final @Nullable TokenStream stream;
  private final int length;
  private final List<Evaluation> evaluations;

  private RunData(
      RowSource training, @Nullable TokenStream stream, int length, List<Evaluation> evaluations) {
    this.training = training;
    this.stream = stream;
    this.length = length;
    this.evaluations = List.copyOf(evaluations);
  }

  /**
   * The data files of this config that this node lacks, as a sentence, or empty.
   *
   * @param places a relative pattern to the absolute ones it may mean, in order
   */
  public static Optional<String> missing(
      BuiltinConfig config, Function<String, List<Path>> places) {
    if (uniform(config)) {
      return Optional.empty();
    }
    return missing("data.train_bin", config.data().trainBin(), places)
        .or(() -> validation(config).flatMap(bins -> missing("data.val_bin", bins, places)));
  }

  /**
   * Opens the data of a config that has a vocabulary size and no option refused by the trainer.
   *
   * @throws TrainingFailure of class DATA if a shard is damaged, INFRA if one cannot be read
   */
  public static RunData open(BuiltinConfig config, Function<String, List<Path>> places) {
    return uniform(config) ? uniformData(config) : pretokenized(config, places);
  }

  /** The size of the composite vocabulary, the translation token included. */
  public static long vocabularySize(BuiltinConfig config) {
    return Vocabulary.size(baseVocabulary(config), config.experiment());
  }

  /** Fills the batch with the training rows from {@code firstRow} on. */
  public void training(long firstRow, Batch batch) {
    training.fill(0, firstRow, batch);
  }

  /** Token offset of this training row in each stream of files; empty for uniform data. */
  public Map<String, Long> offsets(long row) {
    return stream == null ? Map.of() : Map.of(TRAIN, stream.offset(row, length));
  }

  /** What an evaluation reports, in order; empty if there is nothing to evaluate on. */
  public List<Evaluation> evaluations() {
    return evaluations;
  }

  private static RunData uniformData(BuiltinConfig config) {
    BuiltinConfig.Experiment experiment = config.experiment();
    int base = baseVocabulary(config);
    int length = config.model().blockSize();
    Vocabulary vocabulary = Vocabulary.of(base, experiment);
    List<Evaluation> evaluations = new ArrayList<>();
    if (experiment.nCompartments() > 1) {
      RowSource rows =
          drawn(config, KindMix.translationsOnly(experiment), "translation", vocabulary);
      evaluations.add(new Evaluation("val/translation_loss", true, rows, length / 2));
    }
    RowSource plain = drawn(config, KindMix.plainOnly(experiment), "plain", vocabulary);
    evaluations.add(new Evaluation("val/plain_loss", evaluations.isEmpty(), plain, length / 2));
    RowSource training = drawn(config, KindMix.of(experiment), TRAIN, vocabulary);
    return new RunData(training, null, length, evaluations);
  }

  private static RowSource drawn(
      BuiltinConfig config, KindMix mix, String name, Vocabulary vocabulary) {
    CounterRandom kinds =
        CounterRandom.of(config.experiment().assignmentSeed(), "data.kinds." + name);
    CounterRandom tokens = CounterRandom.of(config.data().uniformSeed(), "data.tokens." + name);
    return new RowSource(
        mix.drawn(kinds),
        RowTokens.uniform(baseVocabulary(config), tokens),
        vocabulary,
        config.model().blockSize());
  }

  private static RunData pretokenized(BuiltinConfig config, Function<String, List<Path>> places) {
    BuiltinConfig.Training training = config.training();
    int base = baseVocabulary(config);
    int length = config.model().blockSize();
    long seed = config.experiment().assignmentSeed();
    Vocabulary vocabulary = Vocabulary.of(base, config.experiment());
    TokenStream train = open(config.data().trainBin(), places, base);
    List<Evaluation> evaluations = new ArrayList<>();
    Optional<String> bins = validation(config);
    if (bins.isPresent()) {
      long rows = (long) training.evalIters() * training.batchSize();
      LongFunction<RowKind> kinds = dealt(config, rows, "evaluation");
      RowTokens anywhere =
          RowTokens.anywhere(train, CounterRandom.of(seed, "data.offsets.evaluation"));
      evaluations.add(
          new Evaluation(
              "eval/train_loss", false, new RowSource(kinds, anywhere, vocabulary, length), 0));
      RowTokens inOrder = RowTokens.inOrder(open(bins.get(), places, base), length);
      evaluations.add(
          new Evaluation("val/loss", true, new RowSource(kinds, inOrder, vocabulary, length), 0));
    }
    LongFunction<RowKind> kinds = dealt(config, trainingRows(config), TRAIN);
    RowSource rows = new RowSource(kinds, RowTokens.inOrder(train, length), vocabulary, length);
    return new RunData(rows, train, length, evaluations);
  }

  private static LongFunction<RowKind> dealt(BuiltinConfig config, long rows, String name) {
    CounterRandom random =
        CounterRandom.of(config.experiment().assignmentSeed(), "data.order." + name);
    return KindMix.of(config.experiment()).dealt(rows, random);
  }

  private static TokenStream open(
      String pattern, Function<String, List<Path>> places, int vocabulary) {
    try {
      List<Path> files = FilePattern.find(pattern, places);
      if (files.isEmpty()) {
        throw new TrainingFailure(FailureClass.INFRA, "No file matches " + pattern + ".");
      }
      return new TokenStream(files, vocabulary);
    } catch (IOException e) {
      throw new TrainingFailure(
          FailureClass.INFRA, pattern + " cannot be listed: " + Why.of(e) + ".", e);
    }
  }

  private static Optional<String> missing(
      String key, String pattern, Function<String, List<Path>> places) {
    try {
      return FilePattern.find(pattern, places).isEmpty()
          ? Optional.of(key + ": no file matches " + pattern + "; tried " + places.apply(pattern))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(key + ": " + pattern + " cannot be listed: " + Why.of(e));
    }
  }

  private static long trainingRows(BuiltinConfig config) {
    BuiltinConfig.Training training = config.training();
    return Math.max(1, training.maxIters() * training.rowsPerIteration());
  }

  private static Optional<String> validation(BuiltinConfig config) {
    return Optional.ofNullable(config.data().valBin()).filter(bins -> !bins.isBlank());
  }

  private static boolean uniform(BuiltinConfig config) {
    return config.data().source().equals("uniform");
  }

  private static int baseVocabulary(BuiltinConfig config) {
    Integer size = config.model().vocabSize();
    if (size == null) {
      throw new IllegalArgumentException("model.vocab_size is not set");
    }
    return size;
  }
}
