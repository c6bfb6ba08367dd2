package dev.sweeprunner.train;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.train.data.DataRefusal;
import dev.sweeprunner.train.data.RunData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this trainer does not train, each with its key, its value and the reason. An option that has
 * no effect here is let through only where the design calls it identity only.
 */
final class Refusal {
  private static final Set<String> DTYPES = Set.of("float32", "bfloat16", "auto");
  private static final long MOST_ROWS = 1L << 50;

  private final List<String> reasons = new ArrayList<>();

  private Refusal() {}

  /** The first reason against this config, or empty. */
  static Optional<String> of(BuiltinConfig config) {
    Refusal refusal = new Refusal();
    refusal.checkBasics(config);
    refusal.reasons.addAll(DataRefusal.of(config));
    refusal.checkModelTwins(config.model());
    refusal.checkModel(config);
    refusal.checkExperiment(config.experiment());
    refusal.checkDann(config.experiment(), config.model().nLayer());
    refusal.checkNumbers(config);
    if (refusal.reasons.isEmpty()) {
      refusal.checkSizes(config);
    }
    return refusal.reasons.stream().findFirst();
  }

  private void checkBasics(BuiltinConfig config) {
    String dtype = config.system().dtype();
    StartWeights.refusal(config).ifPresent(reasons::add);
    refuse(
        config.training().evalOnly(),
        "training.eval_only = true: this trainer has no evaluation without training");
    refuse(
        !DTYPES.contains(dtype),
        "system.dtype = \"%s\": this trainer knows float32, bfloat16 and auto".formatted(dtype));
  }

  private void checkModelTwins(BuiltinConfig.Model model) {
    refuseTwin(model.sharedTokenEmbeddings(), "shared_token_embeddings");
    refuseTwin(model.useCompartmentEmbeddings(), "use_compartment_embeddings");
    refuseTwin(model.copyCompartmentEmbeddings(), "copy_compartment_embeddings");
    refuseTwin(model.copyCompartmentLmHead(), "copy_compartment_lm_head");
    refuseTwin(model.copyCompartmentIdEmbeddings(), "copy_compartment_id_embeddings");
    refuseTwin(model.maxCompartments() != null, "max_compartments");
    refuseComputed(model.embeddingVocabSize(), "embedding_vocab_size");
    refuseComputed(model.baseVocabSize(), "base_vocab_size");
    refuseComputed(model.translationTokenId(), "translation_token_id");
  }

  private void refuseTwin(boolean set, String field) {
    refuse(set, "model." + field + " is set: the trainer reads experiment." + field + " instead");
  }

  private void refuseComputed(@Nullable Integer value, String field) {
    refuse(
        value != null,
        "model.%s = %s: the trainer computes it from model.vocab_size".formatted(field, value));
  }

  private void checkModel(BuiltinConfig config) {
    BuiltinConfig.Model model = config.model();
    Integer vocabulary = model.vocabSize();
    refuse(vocabulary == null, "model.vocab_size is not set, and there is nothing to take it from");
    if (vocabulary != null) {
      positive(vocabulary, "model.vocab_size");
    }
    fraction(model.dropout(), "model.dropout");
    positive(model.nLayer(), "model.n_layer");
    positive(model.nHead(), "model.n_head");
    positive(model.nEmbd(), "model.n_embd");
    boolean divides = model.nHead() > 0 && model.nEmbd() % model.nHead() == 0;
    refuse(
        !divides,
        "model.n_embd = %s is no multiple of n_head = %s".formatted(model.nEmbd(), model.nHead()));
    int headSize = model.nEmbd() / Math.max(model.nHead(), 1);
    refuse(
        divides && model.useRope() && headSize % 2 != 0,
        "model.use_rope = true needs an even head size, and n_embd / n_head = %s"
            .formatted(headSize));
    refuse(
        model.weightTying() && config.experiment().sharedTokenEmbeddings(),
        "experiment.shared_token_embeddings excludes model.weight_tying");
  }

  private void checkExperiment(BuiltinConfig.Experiment experiment) {
    boolean tying = !experiment.tokenTyingMode().equals("none");
    refuse(
        tying && !List.of("top_k", "bottom_k").contains(experiment.tokenTyingMode()),
        "experiment.token_tying_mode = \"%s\": this trainer knows none, top_k and bottom_k"
            .formatted(experiment.tokenTyingMode()));
    refuse(
        tying && !(experiment.tokenTyingRatio() >= 0 && experiment.tokenTyingRatio() <= 1),
        "experiment.token_tying_ratio = %s: it must be from 0 to 1"
            .formatted(experiment.tokenTyingRatio()));
    refuse(
        tying && experiment.tokenTyingFreqShards() < 1,
        "experiment.token_tying_freq_shards = %s: it must be at least 1"
            .formatted(experiment.tokenTyingFreqShards()));
    positive(experiment.nCompartments(), "experiment.n_compartments");
    refuse(
        experiment.translationRatio() > 0 && experiment.nCompartments() < 2,
        "experiment.translation_ratio > 0 needs two compartments");
  }

  private void checkDann(BuiltinConfig.Experiment experiment, int blocks) {
    String layers = "experiment.dann_layers = \"" + experiment.dannLayers() + "\"";
    String lambda = "experiment.dann_lambda = " + experiment.dannLambda();
    if (experiment.dannLayers().isBlank()) {
      refuse(
          experiment.dannLambda() != 0,
          lambda + ", and experiment.dann_layers names no block: nothing would use it");
      return;
    }
    Optional<List<Integer>> named = Models.dannLayers(experiment);
    refuse(
        named.isEmpty() || named.get().stream().anyMatch(layer -> layer >= blocks),
        layers + ": it must be numbers of blocks, from 0 to " + (blocks - 1) + ", with commas");
    refuse(
        !(experiment.dannLambda() >= 0 && experiment.dannLambda() < Double.POSITIVE_INFINITY),
        lambda + ": it must not be negative");
    notNegative(experiment.dannDiscHidden(), "experiment.dann_disc_hidden");
    refuse(
        experiment.nCompartments() < 2,
        layers + ", and there is one compartment: there is nothing to tell");
  }

  private void checkNumbers(BuiltinConfig config) {
    BuiltinConfig.Training training = config.training();
    positive(training.batchSize(), "training.batch_size");
    positive(training.gradientAccumulationSteps(), "training.gradient_accumulation_steps");
    positive(training.evalInterval(), "training.eval_interval");
    positive(training.logInterval(), "training.log_interval");
    positive(training.evalIters(), "training.eval_iters");
    notNegative(training.maxIters(), "training.max_iters");
    notNegative(config.lr().warmupIters(), "lr.warmup_iters");
    BuiltinConfig.Optimizer optimizer = config.optimizer();
    fraction(optimizer.beta1(), "optimizer.beta1");
    fraction(optimizer.beta2(), "optimizer.beta2");
    refuse(
        optimizer.gradClip() < 0,
        "optimizer.grad_clip = %s: it must not be negative".formatted(optimizer.gradClip()));
  }

  private void checkSizes(BuiltinConfig config) {
    BuiltinConfig.Training training = config.training();
    double rows = (double) training.maxIters() * training.rowsPerIteration();
    refuse(rows > MOST_ROWS, "training: " + rows + " rows are more than this trainer can number");
    long tokens = (long) training.batchSize() * config.model().blockSize();
    refuse(
        tokens > Integer.MAX_VALUE,
        "training.batch_size × model.block_size = %s: more than an array can hold"
            .formatted(tokens));
    refuse(
        RunData.vocabularySize(config) > Integer.MAX_VALUE,
        "model.vocab_size × n_compartments is more than an id can hold");
    if (reasons.isEmpty()) {
      long optimizer = 2 * Float.BYTES * Models.parameters(Models.shape(config));
      refuse(
          optimizer > Integer.MAX_VALUE - (1 << 20),
          "the model's optimizer state of %s bytes does not fit into one checkpoint file of 2 GiB"
              .formatted(optimizer));
    }
  }

  private void positive(long value, String key) {
    refuse(value < 1, key + " = " + value + ": it must be at least 1");
  }

  private void notNegative(long value, String key) {
    refuse(value < 0, key + " = " + value + ": it must not be negative");
  }

  private void fraction(double value, String key) {
    refuse(!(value >= 0 && value < 1), key + " = " + value + ": it must be at least 0 and below 1");
  }

  private void refuse(boolean condition, String reason) {
    if (condition) {
      reasons.add(reason);
    }
  }
}
