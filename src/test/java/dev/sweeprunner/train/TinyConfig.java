package dev.sweeprunner.train;

import dev.sweeprunner.config.BuiltinConfig;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A config for tests: uniform data, tiny, everything else off; fields are set as needed. */
public final class TinyConfig {
  public String source = "uniform";
  public String trainBin = "";
  public @Nullable String valBin;
  public @Nullable Integer vocabSize = 5;
  public int nLayer = 1;
  public int nHead = 2;
  public int nEmbd = 8;
  public int blockSize = 8;
  public double dropout;
  public boolean bias;
  public boolean weightTying;
  public boolean useRope;
  public boolean modelCompartmentEmbeddings;
  public String initFrom = "scratch";
  public double learningRate = 0.01;
  public double gradClip = 1;
  public double weightDecay = 0.1;
  public long warmupIters = 3;
  public long maxIters = 6;
  public int accumulation = 1;
  public int batchSize = 4;
  public long evalInterval = 2;
  public long logInterval = 1;
  public int evalIters = 2;
  public boolean evalOnly;
  public long seed = 64;
  public String dtype = "float32";
  public int compartments = 2;
  public String scaling = "equal";
  public double ratio = 0.5;
  public String ratioMode = "absolute";
  public boolean sharedTokenEmbeddings;
  public boolean compartmentEmbeddings;
  public boolean permute;
  public boolean permuteInputs = true;
  public String translationMode = "standard";
  public String tokenTying = "none";
  public double tyingRatio;
  public int tyingShards = 1;
  public double dannLambda;
  public String dannLayers = "";
  public int dannHidden;
  public int chunkSize = 4;
  public @Nullable List<String> compartmentTrainBins;
  public @Nullable List<String> compartmentValBins;
  public boolean copyEmbeddings;
  public boolean copyHead;
  public boolean copyIds;

  /** The config as set so far. */
  public BuiltinConfig build() {
    BuiltinConfig.Data data =
        new BuiltinConfig.Data(
            source, trainBin, valBin, seed, compartmentTrainBins, compartmentValBins);
    BuiltinConfig.Training training =
        new BuiltinConfig.Training(
            maxIters,
            accumulation,
            batchSize,
            evalInterval,
            logInterval,
            evalIters,
            evalOnly,
            seed,
            true);
    BuiltinConfig.Logging logging =
        new BuiltinConfig.Logging(false, "owt", "gpt2", null, null, "out", "out", false);
    return new BuiltinConfig(
        new BuiltinConfig.Job(null),
        data,
        model(),
        new BuiltinConfig.Init(initFrom),
        new BuiltinConfig.Optimizer(learningRate, weightDecay, 0.9, 0.999, gradClip),
        new BuiltinConfig.Lr(warmupIters),
        training,
        new BuiltinConfig.Distributed("nccl"),
        new BuiltinConfig.SystemSection("cuda", dtype, true),
        logging,
        experiment(),
        "{}",
        HexFormat.of().toHexDigits(seed));
  }

  private BuiltinConfig.Model model() {
    return new BuiltinConfig.Model(
        nLayer,
        nHead,
        nEmbd,
        blockSize,
        dropout,
        bias,
        weightTying,
        null,
        null,
        false,
        modelCompartmentEmbeddings,
        null,
        null,
        null,
        false,
        false,
        false,
        vocabSize,
        useRope,
        10000);
  }

  private BuiltinConfig.Experiment experiment() {
    return new BuiltinConfig.Experiment(
        compartments,
        scaling,
        ratio,
        ratioMode,
        seed,
        compartments,
        sharedTokenEmbeddings,
        compartmentEmbeddings,
        copyEmbeddings,
        copyHead,
        copyIds,
        permute,
        permuteInputs,
        translationMode,
        chunkSize,
        dannLambda,
        dannLayers,
        dannHidden,
        tokenTying,
        tyingRatio,
        tyingShards);
  }
}
