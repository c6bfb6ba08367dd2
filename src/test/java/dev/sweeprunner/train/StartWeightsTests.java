package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.checkpoint.SafetensorsFile;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.model.Copies;
import dev.sweeprunner.train.model.Gpt;
import dev.sweeprunner.train.model.ModelShape;
import dev.sweeprunner.train.model.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StartWeightsTests {
  /** As Hugging Face stores a GPT-2; {@code make_fixtures.py} wrote it. */
  private static final Path FILE =
      Path.of("src/test/resources/dev/sweeprunner/train/start/gpt2.safetensors").toAbsolutePath();

  @TempDir private Path folder;
  private final TinyConfig config = new TinyConfig();

  StartWeightsTests() {
    config.initFrom = FILE.toString();
    config.vocabSize = 48;
    config.nLayer = 2;
    config.nEmbd = 16;
    config.bias = true;
    config.weightTying = true;
    config.maxIters = 2;
  }

  @Test
  void the_model_has_the_loss_that_pytorch_has_with_these_weights() throws Exception {
    ModelShape shape = new ModelShape(2, 2, 16, 8, 48, 48, 0, true, true, false, false, 1);
    try (StartWeights start =
            StartWeights.open(config.build(), shape, relative -> List.of(Path.of(relative)));
        SafetensorsFile file = SafetensorsFile.open(FILE);
        Kernels kernels = new CpuBackEnd(1).open(new BackEnd.Wish(false, 16, 8192));
        Gpt model = new Gpt(kernels, shape, 3)) {
      model.initialise(1, start, Copies.NONE);
      start.requireAllTaken();
      String settings = String.valueOf(file.metadata().get("settings"));
      Fields expected = Fields.of(settings.getBytes(StandardCharsets.UTF_8));
      int[] targets = ids(expected, "targets");

      double sum = model.loss(3, ids(expected, "inputs"), targets, new int[0]);

      double loss = sum / Arrays.stream(targets).filter(t -> t >= 0).count();
      double truth = Objects.requireNonNull(expected.decimalOrNull("loss"));
      assertThat(loss).isCloseTo(truth, within(1e-6 * truth));
    }
  }

  @Test
  void every_compartment_begins_with_each_tokens_row_and_the_translation_token_with_the_seeds() {
    Map<String, float[]> fromFile = first();
    config.initFrom = "scratch";
    Map<String, float[]> fromSeed = first();

    float[] table = fromFile.getOrDefault("transformer.wte.weight", new float[0]);
    float[] seeds = fromSeed.getOrDefault("transformer.wte.weight", new float[0]);
    assertThat(table).hasSize(97 * 16);
    assertThat(Arrays.copyOfRange(table, 48 * 16, 96 * 16))
        .isEqualTo(Arrays.copyOf(table, 48 * 16));
    assertThat(Arrays.copyOfRange(table, 96 * 16, 97 * 16))
        .isEqualTo(Arrays.copyOfRange(seeds, 96 * 16, 97 * 16));
    assertThat(Arrays.copyOf(table, 16)).isNotEqualTo(Arrays.copyOf(seeds, 16));
  }

  @Test
  void an_untied_head_begins_as_the_table_of_tokens() {
    config.weightTying = false;
    Map<String, float[]> weights = first();

    float[] head = weights.getOrDefault("lm_head.weight", new float[0]);
    float[] table = weights.getOrDefault("transformer.wte.weight", new float[0]);
    assertThat(Arrays.copyOf(head, 96 * 16)).isEqualTo(Arrays.copyOf(table, 96 * 16));
  }

  @Test
  void a_shorter_model_takes_the_first_positions() {
    float[] whole = first().getOrDefault("transformer.wpe.weight", new float[0]);
    config.blockSize = 4;

    assertThat(first().get("transformer.wpe.weight")).isEqualTo(Arrays.copyOf(whole, 4 * 16));
  }

  @Test
  void a_resumed_run_does_not_look_for_the_file() throws Exception {
    Path copy = folder.resolve("moved.safetensors");
    Files.copy(FILE, copy);
    config.initFrom = copy.toString();
    TrainingState base;
    try (Training.Session session = trainer().start(config.build(), null)) {
      session.train(k -> k == 1, Optional::empty, row -> {}, k -> {});
      base = (TrainingState) session.snapshot();
    }
    Files.delete(copy);

    try (Training.Session session = trainer().start(config.build(), base)) {
      assertThat(session.iter()).isEqualTo(1);
    }
    assertThatThrownBy(() -> trainer().start(config.build(), null))
        .hasMessageContaining("there is no file " + copy);
    assertThat(trainer().missing(config.build()).orElse("")).contains("there is no file " + copy);
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        unfit(
            c -> c.nLayer = 1,
            "holds h.1.attn.c_attn.bias, which this config's model has no place"),
        unfit(c -> c.nLayer = 3, "has no transformer.h.2.ln_1.weight"),
        unfit(c -> c.bias = false, "holds h.0.attn.c_attn.bias, which"),
        unfit(
            c -> c.nEmbd = 8,
            "wte.weight of shape [48, 16], and this config's model wants [97, 8]"),
        unfit(c -> c.vocabSize = 47, "wte.weight of shape [48, 16]"),
        unfit(c -> c.blockSize = 16, "wpe.weight of shape [8, 16], and"),
        unfit(c -> c.useRope = true, "holds wpe.weight, which"),
        unfit(
            c -> {
              c.permute = true;
              c.vocabSize = 48;
            },
            "by token, and experiment.permute_tokens_per_compartment = true"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void what_does_not_fit_is_told_with_its_name(Consumer<TinyConfig> change, String message) {
    change.accept(config);

    assertThatThrownBy(this::first)
        .isInstanceOf(TrainingFailure.class)
        .hasMessageContaining(FILE.toString())
        .hasMessageContaining(message);
  }

  @Test
  void a_damaged_file_is_told_of() throws Exception {
    Path broken = folder.resolve("broken.safetensors");
    Files.write(broken, Arrays.copyOf(Files.readAllBytes(FILE), 5000));
    config.initFrom = broken.toString();

    assertThatThrownBy(this::first).hasMessageContaining(broken + " ends inside");
  }

  @Test
  void gpt2_by_name_wants_gpt2s_sizes_and_a_file_of_this_node() {
    config.initFrom = "gpt2";
    config.nLayer = 12;
    config.nHead = 12;
    config.nEmbd = 768;
    config.vocabSize = 50_257;

    assertThat(trainer().refusal(config.build())).isEmpty();
    assertThat(trainer().missing(config.build()).orElse(""))
        .contains("no file gpt2/model.safetensors");
    config.nHead = 8;
    assertThat(trainer().refusal(config.build()).orElse(""))
        .isEqualTo(
            "init.init_from = \"gpt2\" has model.n_layer, n_head and n_embd = [12, 12, 768], and"
                + " the config has 12, 8 and 768");
  }

  private Map<String, float[]> first() {
    try (Training.Session session = trainer().start(config.build(), null)) {
      return ((TrainingState) session.snapshot())
          .tensors().weights().stream().collect(Collectors.toMap(Tensor::name, Tensor::values));
    }
  }

  private static Arguments unfit(Consumer<TinyConfig> change, String message) {
    return Arguments.of(change, message);
  }

  private static int[] ids(Fields settings, String name) {
    return settings.texts(name).stream().mapToInt(Integer::parseInt).toArray();
  }
}
