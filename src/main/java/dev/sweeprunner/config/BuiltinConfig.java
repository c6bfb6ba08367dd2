package dev.sweeprunner.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a run of the built-in trainer, after presets and seed mirroring,
 * typed; a record per section.
 *
 * <p>Immutable. Fields are named after the identity schema (version 1). Numbers are converted here;
 * the form they were given in lives on in {@link #canonicalJson}.
 *
 * @param canonicalJson the identity: canonical JSON of the config as given (ASCII)
 * @param sha256 lower-case hex SHA-256 of {@code canonicalJson}
 */
public record BuiltinConfig(
    Job job,
    Data data,
    Model model,
    Init init,
    Optimizer optimizer,
    Lr lr,
    Training training,
    Distributed distributed,
    SystemSection system,
    Logging logging,
    Experiment experiment,
    String canonicalJson,
    String sha256)
    implements RunConfig {
  static final String WORK_UNIT = "tokens";

  @Override
  public String workUnit() {
    return WORK_UNIT;
  }

  /** Tokens that one update trains on. */
  @Override
  public long workPerIteration() {
    return training.rowsPerIteration() * model.blockSize();
  }

  @Override
  public long maxIters() {
    return training.maxIters();
  }

  @Override
  public long evalInterval() {
    return training.evalInterval();
  }

  @Override
  public long logInterval() {
    return training.logInterval();
  }

  /** {@code [job]}. */
  public record Job(@Nullable String configFile) {}

  /** {@code [data]}. {@code source} is {@code pretokenized} or {@code uniform}. */
  public record Data(
      String source,
      String trainBin,
      @Nullable String valBin,
      long uniformSeed,
      @Nullable List<String> compartmentTrainBins,
      @Nullable List<String> compartmentValBins) {}

  /** {@code [model]}; sizes in elements. */
  public record Model(
      int nLayer,
      int nHead,
      int nEmbd,
      int blockSize,
      double dropout,
      boolean bias,
      boolean weightTying,
      @Nullable String sizeTier,
      @Nullable Integer embeddingVocabSize,
      boolean sharedTokenEmbeddings,
      boolean useCompartmentEmbeddings,
      @Nullable Integer baseVocabSize,
      @Nullable Integer maxCompartments,
      @Nullable Integer translationTokenId,
      boolean copyCompartmentEmbeddings,
      boolean copyCompartmentLmHead,
      boolean copyCompartmentIdEmbeddings,
      @Nullable Integer vocabSize,
      boolean useRope,
      double ropeBase) {}

  /** {@code [init]}. */
  public record Init(String initFrom) {}

  /** {@code [optimizer]}. */
  public record Optimizer(
      double learningRate, double weightDecay, double beta1, double beta2, double gradClip) {}

  /** {@code [lr]}. */
  public record Lr(long warmupIters) {}

  /** {@code [training]}; iterations are optimizer updates. */
  public record Training(
      long maxIters,
      int gradientAccumulationSteps,
      int batchSize,
      long evalInterval,
      long logInterval,
      int evalIters,
      boolean evalOnly,
      long seed,
      boolean alwaysSaveCheckpoint) {
    /** Sequences that one update trains on. */
    public long rowsPerIteration() {
      return (long) batchSize * gradientAccumulationSteps;
    }
  }

  /** {@code [distributed]}: identity only. */
  public record Distributed(String backend) {}

  /** {@code [system]}: {@code device} and {@code compile} are identity only. */
  public record SystemSection(String device, String dtype, boolean compile) {}

  /** {@code [experiment]}. */
  public record Experiment(
      int nCompartments,
      String compartmentScaling,
      double translationRatio,
      String translationRatioMode,
      long assignmentSeed,
      @Nullable Integer maxCompartments,
      boolean sharedTokenEmbeddings,
      boolean useCompartmentEmbeddings,
      boolean copyCompartmentEmbeddings,
      boolean copyCompartmentLmHead,
      boolean copyCompartmentIdEmbeddings,
      boolean permuteTokensPerCompartment,
      boolean permuteInputTokensPerCompartment,
      String translationMode,
      int translationChunkSize,
      double dannLambda,
      String dannLayers,
      int dannDiscHidden,
      String tokenTyingMode,
      double tokenTyingRatio,
      int tokenTyingFreqShards) {}
}
