package dev.sweeprunner.train;

import dev.sweeprunner.config.RunConfig;
import java.util.HexFormat;
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
  public double dannLambda;
  public boolean copyEmbeddings;

  /** The config as set so far. */
  public RunConfig build() {
    RunConfig.Data data = new RunConfig.Data(source, trainBin, valBin, seed, null, null);
    RunConfig.Training training =
        new RunConfig.Training(
            maxIters,
            accumulation,
            batchSize,
            evalInterval,
            logInterval,
            evalIters,
            evalOnly,
            seed,
            true);
    RunConfig.Logging logging =
        new RunConfig.Logging(false, "owt", "gpt2", null, null, "out", "out", false);
    return new RunConfig(
        new RunConfig.Job(null),
        data,
        model(),
        new RunConfig.Init(initFrom),
        new RunConfig.Optimizer(learningRate, weightDecay, 0.9, 0.999, gradClip),
        new RunConfig.Lr(warmupIters),
        training,
        new RunConfig.Distributed("nccl"),
        new RunConfig.SystemSection("cuda", dtype, true),
        logging,
        experiment(),
        "{}",
        HexFormat.of().toHexDigits(seed));
  }

  private RunConfig.Model model() {
    return new RunConfig.Model(
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

  private RunConfig.Experiment experiment() {
    return new RunConfig.Experiment(
        compartments,
        scaling,
        ratio,
        ratioMode,
        seed,
        compartments,
        sharedTokenEmbeddings,
        compartmentEmbeddings,
        copyEmbeddings,
        false,
        false,
        permute,
        permuteInputs,
        translationMode,
        4,
        dannLambda,
        "",
        0,
        tokenTying,
        0,
        1);
  }
}
