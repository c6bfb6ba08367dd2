package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.train.kernels.CounterRandom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All rows of one run: those it trains on and those of its evaluations. Belongs to one thread.
 *
 * <p>Training row r is row {@code r mod effective batch} of iteration {@code r / effective batch}.
 * Pretokenized data: the kinds of all rows of the run are dealt out exactly and shuffled. An
 * evaluation reports {@code eval/train_loss} on rows that start anywhere in the training stream,
 * drawn anew by each evaluation's iteration, and {@code val/loss} on the first rows of the
 * validation stream, the same each time; the kinds of both are dealt by the run's mix. Where each
 * compartment has a validation stream of its own there is {@code val/compartment_C_loss} besides,
 * on plain rows from the beginning of that stream. Without a validation set there is no evaluation.
 *
 * <p>Uniform data: kinds and tokens are drawn. An evaluation reports {@code val/translation_loss}
 * on translation rows (where there are two compartments) and {@code val/plain_loss} on plain rows,
 * from streams of their own that no training row uses, the same each time: of a translation the
 * targets that are tokens of its destination, of a plain row those of positions T/2…T-2.
 */
public final class RunData {
  private static final String TRAIN = "train";

  private final RowSource training;
  private final LongFunction<Map<String, Long>> offsets;
  private final List<Evaluation> evaluations;
  private final RowBuilder builder;

  private RunData(
      RowBuilder builder,
      RowSource training,
      LongFunction<Map<String, Long>> offsets,
      List<Evaluation> evaluations) {
    this.builder = builder;
    this.training = training;
    this.offsets = offsets;
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
    TokenFiles files = new TokenFiles(places, baseVocabulary(config));
    return Stream.concat(
            Stream.of(SplitBins.training(config)), SplitBins.validation(config).stream())
        .flatMap(bins -> bins.patterns().entrySet().stream())
        .flatMap(entry -> files.missing(entry.getKey(), entry.getValue()).stream())
        .findFirst();
  }

  /**
   * Opens the data of a config that has a vocabulary size and no option refused by the trainer.
   *
   * @throws dev.sweeprunner.run.TrainingFailure of class DATA if a shard is damaged, INFRA if one
   *     cannot be read
   */
  public static RunData open(BuiltinConfig config, Function<String, List<Path>> places) {
    return open(config, places, new TokenCounts());
  }

  /** The same, with counts that other configs may have made. */
  public static RunData open(
      BuiltinConfig config, Function<String, List<Path>> places, TokenCounts counts) {
    TokenFiles files = new TokenFiles(places, baseVocabulary(config), counts);
    @Nullable Tying tying = tying(config, files);
    return uniform(config) ? uniformData(config, tying) : pretokenized(config, files, tying);
  }

  /**
   * The size of the composite vocabulary, the translation token included; where tokens are tied,
   * the most that it can be.
   */
  public static long vocabularySize(BuiltinConfig config) {
    return Vocabulary.size(baseVocabulary(config), config.experiment());
  }

  /** The size of the composite vocabulary, the translation token included. */
  public int vocabularySize() {
    return builder.vocabulary().size();
  }

  /**
   * The base tokens whose ids follow each other behind the first compartment's, in each other
   * compartment, ascending; empty where an id is a base token and an offset.
   */
  public List<Integer> untied() {
    return builder.vocabulary().untied();
  }

  /** Fills the batch with the training rows from {@code firstRow} on. */
  public void training(long firstRow, Batch batch) {
    training.fill(0, firstRow, batch);
  }

  /**
   * Token offset of the next row that is read of each stream of files, from this training row on;
   * empty where there are no files. Where tokens of files are tied, {@code tying} is a number that
   * hangs on which.
   */
  public Map<String, Long> offsets(long row) {
    return offsets.apply(row);
  }

  /** What an evaluation reports, in order; empty if there is nothing to evaluate on. */
  public List<Evaluation> evaluations() {
    return evaluations;
  }

  private static RunData uniformData(BuiltinConfig config, @Nullable Tying tying) {
    BuiltinConfig.Experiment experiment = config.experiment();
    RowBuilder builder = builder(config, tying);
    List<Evaluation> evaluations = new ArrayList<>();
    if (experiment.nCompartments() > 1) {
      RowSource rows = drawn(config, KindMix.translationsOnly(experiment), "translation", builder);
      evaluations.add(
          new Evaluation("val/translation_loss", true, rows, RowLayout.translation(config).told()));
    }
    RowSource plain = drawn(config, KindMix.plainOnly(experiment), "plain", builder);
    boolean[] secondHalf = RowLayout.plain(builder.length()).from(builder.length() / 2);
    evaluations.add(new Evaluation("val/plain_loss", evaluations.isEmpty(), plain, secondHalf));
    RowSource training = drawn(config, KindMix.of(experiment), TRAIN, builder);
    return new RunData(builder, training, row -> Map.of(), evaluations);
  }

  private static RowSource drawn(
      BuiltinConfig config, KindMix mix, String name, RowBuilder builder) {
    CounterRandom kinds =
        CounterRandom.of(config.experiment().assignmentSeed(), "data.kinds." + name);
    CounterRandom tokens = CounterRandom.of(config.data().uniformSeed(), "data.tokens." + name);
    return new RowSource(
        mix.drawn(kinds), Spans.ofAll(RowTokens.uniform(baseVocabulary(config), tokens)), builder);
  }

  private static RunData pretokenized(
      BuiltinConfig config, TokenFiles files, @Nullable Tying tying) {
    RowBuilder builder = builder(config, tying);
    SplitStreams train = SplitStreams.open(SplitBins.training(config), config, files);
    List<Evaluation> evaluations = new ArrayList<>();
    SplitBins.validation(config)
        .map(bins -> SplitStreams.open(bins, config, files))
        .ifPresent(val -> evaluations.addAll(evaluations(config, train, val, builder)));
    DealtRows rows = dealt(config, trainingRows(config), TRAIN);
    return new RunData(
        builder,
        new RowSource(rows, train.inOrder(rows), builder),
        row -> withTying(train.offsets(rows, row), tying),
        evaluations);
  }

  private static List<Evaluation> evaluations(
      BuiltinConfig config, SplitStreams train, SplitStreams val, RowBuilder builder) {
    BuiltinConfig.Training training = config.training();
    DealtRows rows =
        dealt(config, (long) training.evalIters() * training.batchSize(), "evaluation");
    boolean[] all = RowLayout.plain(builder.length()).from(0);
    List<Evaluation> evaluations = new ArrayList<>();
    Spans anywhere = train.anywhere(rows, config.experiment().assignmentSeed());
    evaluations.add(
        new Evaluation("eval/train_loss", false, new RowSource(rows, anywhere, builder), all));
    evaluations.add(
        new Evaluation("val/loss", true, new RowSource(rows, val.inOrder(rows), builder), all));
    val.each()
        .forEach(
            (compartment, spans) ->
                evaluations.add(
                    new Evaluation(
                        "val/compartment_" + compartment + "_loss",
                        false,
                        new RowSource(row -> RowKind.plain(compartment), spans, builder),
                        all)));
    return evaluations;
  }

  private static RowBuilder builder(BuiltinConfig config, @Nullable Tying tying) {
    return new RowBuilder(
        Vocabulary.of(baseVocabulary(config), config.experiment(), tying),
        RowLayout.translation(config));
  }

  /** Uniform tokens are equally frequent, all of them. */
  private static @Nullable Tying tying(BuiltinConfig config, TokenFiles files) {
    BuiltinConfig.Experiment experiment = config.experiment();
    if (!Tying.wanted(experiment)) {
      return null;
    }
    long[] equal = new long[files.vocabulary()];
    Arrays.fill(equal, 1);
    return Tying.of(
        experiment,
        uniform(config)
            ? equal
            : files.frequencies(config.data().trainBin(), experiment.tokenTyingFreqShards()));
  }

  private static Map<String, Long> withTying(Map<String, Long> offsets, @Nullable Tying tying) {
    if (tying == null) {
      return offsets;
    }
    Map<String, Long> both = new LinkedHashMap<>(offsets);
    both.put("tying", tying.fingerprint());
    return both;
  }

  private static DealtRows dealt(BuiltinConfig config, long rows, String name) {
    CounterRandom random =
        CounterRandom.of(config.experiment().assignmentSeed(), "data.order." + name);
    return KindMix.of(config.experiment()).dealt(rows, random);
  }

  private static long trainingRows(BuiltinConfig config) {
    BuiltinConfig.Training training = config.training();
    return Math.max(1, training.maxIters() * training.rowsPerIteration());
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
