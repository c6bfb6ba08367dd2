package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.trainer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.checkpoint.SafetensorsFile;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.model.Gpt;
import dev.sweeprunner.train.model.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is exported can be imported, and what does not fit is named. */
class ExchangedStateTests {
  private static final int SHAPES = 40;

  @TempDir Path folder;

  private final TinyConfig config = new TinyConfig();

  private TinyConfig drawn(Random random) {
    TinyConfig tiny = new TinyConfig();
    tiny.vocabSize = 1 + random.nextInt(9);
    tiny.nLayer = 1 + random.nextInt(3);
    tiny.nHead = 1 << random.nextInt(3);
    tiny.nEmbd = tiny.nHead * 2 * (1 + random.nextInt(3));
    tiny.blockSize = 2 * (1 + random.nextInt(5));
    tiny.bias = random.nextBoolean();
    tiny.useRope = random.nextBoolean();
    tiny.compartments = 1 + random.nextInt(3);
    tiny.compartmentEmbeddings = random.nextBoolean();
    tiny.weightTying = random.nextBoolean();
    tiny.sharedTokenEmbeddings = !tiny.weightTying && random.nextBoolean();
    return tiny;
  }

  /** Any numbers, as a checkpoint of this config. */
  private static TrainingState state(BuiltinConfig config, long iter, Random random) {
    List<Tensor> weights = new ArrayList<>();
    List<Tensor> moments = new ArrayList<>();
    Map<String, List<Integer>> layout = Gpt.layout(Models.shape(config));
    layout.forEach((name, shape) -> weights.add(tensor(name, shape, random)));
    layout.forEach((name, shape) -> moments.add(tensor("exp_avg." + name, shape, random)));
    layout.forEach((name, shape) -> moments.add(tensor("exp_avg_sq." + name, shape, random)));
    return new TrainingState(
        iter,
        config.sha256(),
        1,
        new TrainingState.Position(iter * config.training().rowsPerIteration(), Map.of()),
        null,
        TrainingState.Numerics.imported(),
        new TrainingState.Tensors(weights, moments));
  }

  private static Tensor tensor(String name, List<Integer> shape, Random random) {
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(name, shape, values);
  }

  private int saved;

  private Path weights() {
    return folder.resolve("w" + saved);
  }

  private Path moments() {
    return folder.resolve("m" + saved);
  }

  private void export(TrainingState state) throws Exception {
    saved++;
    TrainingFormat format = new TrainingFormat(new LocalFiles(), Trace.OFF);
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint" + saved));
    String sha256 = format.write(checkpoint, state, 1, false).manifestSha256();
    Exported exported = Exported.of(format, checkpoint, sha256).orElseThrow();
    exported.save(new LocalFiles(), weights(), moments(), "token");
  }

  private TrainingState imported(BuiltinConfig into, @Nullable Path moments, long iter) {
    return trainer().imported(into, weights(), moments, iter);
  }

  @Test
  void export_import_export_gives_the_same_bytes_for_every_shape() throws Exception {
    long seed = 25;
    Random random = new Random(seed);
    for (int i = 0; i < SHAPES; i++) {
      BuiltinConfig any = drawn(random).build();
      export(state(any, i % 7, random));
      byte[] first = Files.readAllBytes(weights());
      byte[] firstMoments = Files.readAllBytes(moments());

      export(imported(any, moments(), -1));

      String which = "seed " + seed + ", shape " + i + ": " + Models.shape(any);
      assertThat(Files.readAllBytes(weights())).as(which).isEqualTo(first);
      assertThat(Files.readAllBytes(moments())).as(which).isEqualTo(firstMoments);
    }
  }

  @Test
  void a_tied_head_is_written_twice_as_nano_gpt_does_and_read_once() throws Exception {
    config.weightTying = true;
    export(state(config.build(), 3, new Random(1)));

    try (SafetensorsFile file = SafetensorsFile.open(weights())) {
      assertThat(file.tensor("lm_head.weight").values())
          .isEqualTo(file.tensor("transformer.wte.weight").values());
      assertThat(file.metadata()).containsEntry("iter", "3").containsEntry("format", "pt");
    }
    assertThat(imported(config.build(), null, -1).tensors().weights())
        .extracting(Tensor::name)
        .doesNotContain("lm_head.weight");
  }

  @Test
  void a_checkpoint_of_a_program_has_no_weights_that_are_known() throws Exception {
    String manifest = "{\"v\":1,\"iter\":3,\"epoch\":1,\"permanent\":false,\"mode\":\"shared\"}";
    Files.writeString(folder.resolve("manifest.json"), manifest);
    TrainingFormat format = new TrainingFormat(new LocalFiles(), Trace.OFF);

    assertThat(Exported.of(format, folder, Sha256.of(manifest.getBytes(UTF_8)))).isEmpty();
    assertThatThrownBy(() -> Exported.of(format, folder, "0".repeat(64)))
        .hasMessageContaining("manifest.json has SHA-256 ");
  }

  /** How many rows a matrix has then depends on the data. */
  @Test
  void so_does_one_with_tied_tokens_and_discriminators() throws Exception {
    config.tokenTying = "top_k";
    config.tyingRatio = 0.4;
    config.dannLayers = "0";
    config.dannHidden = 3;

    a_run_that_goes_on_from_its_own_export_goes_on_as_it_would_have();
  }

  @Test
  void a_run_that_goes_on_from_its_own_export_goes_on_as_it_would_have() throws Exception {
    BuiltinConfig own = config.build();
    Training.Session straight = trainer().start(own, null);
    straight.train(k -> k == 4, Optional::empty, row -> {}, k -> {});
    export((TrainingState) straight.snapshot());
    List<String> notices = new ArrayList<>();

    Training.Session again = Trainers.trainer(1, notices).start(own, imported(own, moments(), -1));

    assertThat(again.iter()).isEqualTo(4);
    assertThat(Trainers.bits(Trainers.finish(again).last()))
        .isEqualTo(Trainers.bits(Trainers.finish(straight).last()));
    assertThat(notices)
        .containsExactly("The checkpoint was imported: another program has trained it so far.");
  }

  @Test
  void everything_that_does_not_fit_is_named() throws Exception {
    TinyConfig other = new TinyConfig();
    other.nEmbd = 16;
    other.bias = true;
    other.useRope = true;
    export(state(other.build(), 1, new Random(1)));

    assertThatThrownBy(() -> imported(config.build(), null, -1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("transformer.wte.weight is [11, 16], not [11, 8]")
        .hasMessageContaining("transformer.wpe.weight is missing")
        .hasMessageContaining("transformer.h.0.ln_1.bias is no parameter of it");
    assertThatThrownBy(() -> imported(other.build(), weights(), -1))
        .hasMessageContaining("exp_avg.transformer.wte.weight is missing");
    assertThatThrownBy(() -> imported(other.build(), moments(), 7))
        .hasMessageContaining("--iter 7: the run ends at iteration 6");
  }

  @Test
  void a_head_that_differs_and_numbers_that_are_none_are_refused() throws Exception {
    export(state(config.build(), 1, new Random(1)));
    TinyConfig tied = new TinyConfig();
    tied.weightTying = true;

    assertThatThrownBy(() -> imported(tied.build(), null, -1))
        .hasMessageContaining("lm_head.weight differs from transformer.wte.weight");

    TrainingState broken = state(config.build(), 1, new Random(1));
    broken.tensors().weights().get(2).values()[3] = Float.NaN;
    export(broken);
    assertThatThrownBy(() -> imported(config.build(), null, -1)).hasMessageContaining("holds NaN");
  }

  @Test
  void weights_that_know_other_tokens_are_refused() throws Exception {
    config.permute = true;
    export(state(config.build(), 1, new Random(1)));
    TinyConfig other = new TinyConfig();
    other.permute = true;
    other.seed = 65;

    assertThat(imported(config.build(), null, -1).iter()).isEqualTo(1);
    assertThatThrownBy(() -> imported(other.build(), null, -1))
        .hasMessageContaining("this run permutes its tokens");
  }

  @Test
  void without_moments_they_are_zero_and_a_file_without_a_number_begins_at_none() throws Exception {
    export(state(config.build(), 2, new Random(1)));

    TrainingState read = imported(config.build(), null, 0);

    assertThat(read.iter()).isZero();
    assertThat(read.tensors().optimizer())
        .allSatisfy(tensor -> assertThat(tensor.values()).containsOnly(0f));
  }
}
