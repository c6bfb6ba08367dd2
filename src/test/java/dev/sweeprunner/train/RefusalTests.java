package dev.sweeprunner.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalTests {
  @Test
  void what_is_built_is_trained() {
    assertThat(refusal(config -> {})).isEmpty();
    assertThat(refusal(config -> config.dtype = "bfloat16")).isEmpty();
    assertThat(refusal(config -> config.dtype = "auto")).isEmpty();
    assertThat(refusal(config -> config.useRope = true)).isEmpty();
    assertThat(refusal(config -> config.dropout = 0.2)).isEmpty();
    assertThat(refusal(tied(config -> {}))).isEmpty();
    assertThat(refusal(dann(" 0 "))).isEmpty();
    assertThat(refusal(config -> config.permute = true)).isEmpty();
    assertThat(refusal(config -> config.copyEmbeddings = true)).isEmpty();
    assertThat(refusal(config -> config.copyHead = true)).isEmpty();
    assertThat(refusal(config -> config.copyIds = true)).isEmpty();
    assertThat(
            refusal(
                config -> {
                  config.blockSize = 7;
                  config.compartments = 1;
                  config.ratio = 0;
                }))
        .isEmpty();
  }

  @Test
  void streams_and_layouts_that_fit_are_trained() {
    assertThat(refusal(c -> c.translationMode = "interleaved")).isEmpty();
    assertThat(
            refusal(
                c -> {
                  c.translationMode = "interleaved";
                  c.chunkSize = 1;
                  c.blockSize = 3;
                }))
        .isEmpty();
    assertThat(streamed(c -> {})).isEmpty();
    assertThat(streamed(c -> c.trainBin = "a.bin")).isEmpty();
    assertThat(streamed(c -> c.compartmentValBins = List.of("c.bin", "synthetic:frequency")))
        .isEmpty();
    assertThat(
            streamed(
                c -> {
                  c.compartmentTrainBins = List.of("synthetic:uniform", "synthetic:uniform");
                  c.compartmentValBins = List.of("c.bin", "synthetic:uniform");
                }))
        .isEmpty();
    assertThat(
            streamed(
                c -> {
                  c.trainBin = "a.bin";
                  c.compartmentTrainBins = null;
                  c.compartmentValBins = List.of("synthetic:frequency", "c.bin");
                }))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("what_is_not_built")
  void what_is_not_built_is_refused_with_its_reason(Consumer<TinyConfig> change, String reason) {
    assertThat(refusal(change)).startsWith(reason);
  }

  static Stream<Arguments> what_is_not_built() {
    return Stream.of(
        refused(c -> c.translationMode = "mixed", "experiment.translation_mode = \"mixed\":"),
        refused(
            c -> {
              c.translationMode = "interleaved";
              c.source = "pretokenized";
              c.trainBin = "a.bin";
            },
            "experiment.translation_mode = \"interleaved\": only data.source = \"uniform\""),
        interleaved(0, "experiment.translation_chunk_size = 0: it must be at least 1"),
        interleaved(7, "experiment.translation_chunk_size = 7: in a row of model.block_size = 8"),
        streams(c -> c.source = "uniform", "data.compartment_train_bins or val_bins is given"),
        streams(
            c -> c.compartmentTrainBins = List.of("a.bin", " "),
            "data.compartment_train_bins[1] is empty"),
        streams(
            c -> c.compartmentValBins = List.of("synthetic:zipf", "b.bin"),
            "data.compartment_val_bins[0] = \"synthetic:zipf\": this trainer makes"),
        streams(
            c -> c.compartmentTrainBins = List.of("synthetic:frequency", "synthetic:uniform"),
            "\"synthetic:frequency\" draws tokens as often as files have them"),
        streams(
            c -> {
              c.compartmentTrainBins = List.of("synthetic:uniform", "synthetic:uniform");
              c.compartmentValBins = List.of("b.bin", "synthetic:frequency");
            },
            "\"synthetic:frequency\" draws tokens as often as files have them"),
        refused(c -> c.tokenTying = "mid_k", "experiment.token_tying_mode = \"mid_k\":"),
        refused(tied(c -> c.tyingRatio = 1.5), "experiment.token_tying_ratio = 1.5: it must be"),
        refused(tied(c -> c.tyingShards = 0), "experiment.token_tying_freq_shards = 0: it must"),
        refused(
            c -> c.dannLambda = 0.1, "experiment.dann_lambda = 0.1, and experiment.dann_layers"),
        refused(
            dann("1"), "experiment.dann_layers = \"1\": it must be numbers of blocks, from 0 to 0"),
        refused(dann("0,,0"), "experiment.dann_layers = \"0,,0\": it must"),
        refused(dann("0,x"), "experiment.dann_layers = \"0,x\": it must"),
        refused(dann("0").andThen(c -> c.dannLambda = -1), "experiment.dann_lambda = -1.0: it"),
        refused(dann("0").andThen(c -> c.dannHidden = -1), "experiment.dann_disc_hidden = -1: it"),
        refused(
            dann("0")
                .andThen(
                    c -> {
                      c.compartments = 1;
                      c.ratio = 0;
                    }),
            "experiment.dann_layers = \"0\", and there is one compartment"),
        refused(c -> c.dropout = 1, "model.dropout = 1.0: it must be at least 0 and below 1"),
        refused(c -> c.dropout = -0.1, "model.dropout = -0.1:"),
        refused(c -> c.initFrom = "gpt3", "init.init_from = \"gpt3\": this trainer knows scratch"),
        refused(c -> c.initFrom = "gpt2", "init.init_from = \"gpt2\" has model.n_layer"),
        refused(c -> c.evalOnly = true, "training.eval_only = true:"),
        refused(c -> c.dtype = "float16", "system.dtype = \"float16\":"),
        refused(
            c -> c.modelCompartmentEmbeddings = true,
            "model.use_compartment_embeddings is set: the trainer reads"
                + " experiment.use_compartment_embeddings instead"),
        refused(c -> c.source = "pretokenized", "data.train_bin is empty"),
        refused(c -> c.trainBin = "synthetic:uniform", "data.train_bin or val_bin ="),
        refused(c -> c.valBin = "synthetic:frequency", "data.train_bin or val_bin ="),
        refused(c -> c.vocabSize = null, "model.vocab_size is not set"),
        refused(c -> c.vocabSize = 0, "model.vocab_size = 0:"),
        refused(c -> c.nHead = 3, "model.n_embd = 8 is no multiple of n_head = 3"),
        refused(c -> c.nHead = 0, "model.n_head = 0:"),
        refused(
            c -> {
              c.nHead = 8;
              c.useRope = true;
            },
            "model.use_rope = true needs an even head size"),
        refused(
            c -> {
              c.weightTying = true;
              c.sharedTokenEmbeddings = true;
            },
            "experiment.shared_token_embeddings excludes"),
        refused(c -> c.blockSize = 7, "model.block_size = 7: translation rows"),
        refused(c -> c.blockSize = 2, "model.block_size = 2: translation rows"),
        refused(c -> c.blockSize = 1, "model.block_size = 1: a row needs"),
        refused(c -> c.batchSize = 0, "training.batch_size = 0:"),
        refused(c -> c.accumulation = 0, "training.gradient_accumulation_steps = 0:"),
        refused(c -> c.evalInterval = 0, "training.eval_interval = 0:"),
        refused(c -> c.maxIters = -1, "training.max_iters = -1:"),
        refused(c -> c.maxIters = 1L << 50, "training: "),
        refused(c -> c.vocabSize = 2_000_000_000, "model.vocab_size × n_compartments"),
        refused(c -> c.vocabSize = 500_000_000, "the model's optimizer state of"));
  }

  private static Arguments interleaved(int chunk, String reason) {
    return refused(
        c -> {
          c.translationMode = "interleaved";
          c.chunkSize = chunk;
        },
        reason);
  }

  private static Arguments streams(Consumer<TinyConfig> change, String reason) {
    return refused(c -> withStreams(c, change), reason);
  }

  private static String streamed(Consumer<TinyConfig> change) {
    return refusal(c -> withStreams(c, change));
  }

  private static void withStreams(TinyConfig config, Consumer<TinyConfig> change) {
    config.source = "pretokenized";
    config.compartmentTrainBins = List.of("a.bin", "synthetic:frequency");
    change.accept(config);
  }

  private static Consumer<TinyConfig> dann(String layers) {
    return c -> c.dannLayers = layers;
  }

  private static Consumer<TinyConfig> tied(Consumer<TinyConfig> change) {
    return change.andThen(c -> c.tokenTying = "bottom_k");
  }

  private static Arguments refused(Consumer<TinyConfig> change, String reason) {
    return Arguments.of(change, reason);
  }

  private static String refusal(Consumer<TinyConfig> change) {
    TinyConfig config = new TinyConfig();
    change.accept(config);
    return Trainers.trainer().refusal(config.build()).orElse("");
  }
}
