package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.bits;
import static dev.sweeprunner.train.Trainers.finish;
import static dev.sweeprunner.train.Trainers.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.Training.Pausing;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.data.ShardFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSessionTests {
  @TempDir Path folder;

  private final TinyConfig config = new TinyConfig();
  private final List<Row> rows = new ArrayList<>();
  private final List<Long> completed = new ArrayList<>();
  private final List<Long> asked = new ArrayList<>();

  @Test
  void each_step_has_one_row_and_the_last_evaluation_a_row_of_its_own() {
    try (Training.Session session = start()) {
      List<Row> all = finish(session).rows();

      assertThat(all).extracting(Row::step).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(all.get(0).values())
          .containsOnlyKeys("train/loss", "lr", "val/translation_loss", "val/plain_loss");
      assertThat(all.get(1).values()).containsOnlyKeys("train/loss", "lr");
      assertThat(all.get(6).values()).containsOnlyKeys("val/translation_loss", "val/plain_loss");
      assertThat(all.get(6).wall()).isEmpty();
      assertThat(all.get(1).wall()).isEqualTo(Map.of("time_ms", 1.0, "tokens_per_s", 32_000.0));
      assertThat(all.get(0).values().get("train/loss")).isCloseTo(Math.log(11), within(0.2));
    }
  }

  @Test
  void unlogged_steps_have_no_row_unless_they_are_evaluated() {
    config.maxIters = 10;
    config.logInterval = 5;
    config.evalInterval = 4;

    try (Training.Session session = start()) {
      session.train(k -> false, Optional::empty, rows::add, completed::add);

      assertThat(rows).extracting(Row::step).containsExactly(0L, 4L, 5L, 8L);
      assertThat(completed).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
      assertThat(rows.get(1).values()).containsKeys("train/loss", "lr", "val/plain_loss");
    }
  }

  @Test
  void pretokenized_runs_report_training_and_validation_loss() throws IOException {
    pretokenized();
    config.valBin = config.trainBin;

    try (Training.Session session = start()) {
      List<Row> all = finish(session).rows();

      assertThat(all.get(0).values().keySet())
          .containsExactly("train/loss", "lr", "eval/train_loss", "val/loss");
      assertThat(all.get(6).values().keySet()).containsExactly("eval/train_loss", "val/loss");
      double best =
          all.stream()
              .mapToDouble(row -> row.values().getOrDefault("val/loss", 99.0))
              .min()
              .orElseThrow();
      assertThat(((TrainingState) session.snapshot()).bestValidationLoss()).isEqualTo(best);
    }
  }

  @Test
  void without_a_validation_set_there_is_no_last_row() throws IOException {
    pretokenized();

    try (Training.Session session = start()) {
      assertThat(finish(session).rows()).extracting(Row::step).endsWith(4L, 5L);
    }
  }

  @Test
  void the_learning_rate_warms_up_and_stays() {
    config.warmupIters = 3;
    config.learningRate = 0.04;

    assertThat(IntStream.range(0, 5).mapToDouble(i -> LocalSession.learningRate(config.build(), i)))
        .containsExactly(0.01, 0.02, 0.03, 0.04, 0.04);
  }

  @Test
  void a_due_checkpoint_pauses_and_is_asked_for_once_per_boundary() {
    try (Training.Session session = start()) {
      assertThat(train(session, 3)).isEqualTo(Pausing.DUE);
      assertThat(session.iter()).isEqualTo(3);
      assertThat(train(session, 3)).isEqualTo(Pausing.COMPLETE);

      assertThat(asked).containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(completed).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void a_stop_between_slices_discards_the_iteration_without_a_trace() {
    config.accumulation = 3;
    config.batchSize = 1024; // 8,192 tokens: what the CPU takes at once
    config.evalInterval = 100;
    Map<String, List<Integer>> undisturbed;
    List<Row> undisturbedRows;
    try (Training.Session session = start()) {
      Trainers.Outcome outcome = finish(session);
      undisturbed = bits(outcome.last());
      undisturbedRows = outcome.reproducible();
    }

    try (Training.Session session = start()) {
      session.train(k -> k == 2, Optional::empty, rows::add, completed::add);
      Map<String, List<Integer>> before = bits(session.snapshot());
      AtomicInteger looks = new AtomicInteger();
      StopSignal stop = () -> Optional.of("TERM").filter(s -> looks.incrementAndGet() > 3);

      assertThat(session.train(k -> false, stop, rows::add, completed::add))
          .isEqualTo(Pausing.STOPPED);

      assertThat(looks.get()).as("seen before the third slice").isEqualTo(4);
      assertThat(session.iter()).isEqualTo(2);
      assertThat(bits(session.snapshot())).isEqualTo(before);
      assertThat(completed).containsExactly(0L, 1L);
      Trainers.Outcome rest = finish(session);
      rows.addAll(rest.rows());
      assertThat(bits(rest.last())).isEqualTo(undisturbed);
      assertThat(new Trainers.Outcome(rows, rest.last()).reproducible()).isEqualTo(undisturbedRows);
    }
  }

  @Test
  void a_stop_within_an_evaluation_leaves_the_best_loss_of_before() {
    try (Training.Session session = start()) {
      AtomicInteger looks = new AtomicInteger();
      StopSignal stop = () -> Optional.of("TERM").filter(s -> looks.incrementAndGet() > 5);

      Pausing pausing = session.train(k -> false, stop, rows::add, completed::add);

      assertThat(pausing).isEqualTo(Pausing.STOPPED);
      assertThat(session.iter()).isZero();
      assertThat(rows).isEmpty();
      assertThat(((TrainingState) session.snapshot()).bestValidationLoss()).isNull();
    }
  }

  @Test
  void one_large_batch_and_two_halves_give_nearly_the_same_update() {
    config.batchSize = 8;
    config.maxIters = 1;
    config.gradClip = 0;
    Row whole;
    try (Training.Session session = start()) {
      whole = finish(session).rows().get(0);
    }

    config.batchSize = 4;
    config.accumulation = 2;
    try (Training.Session session = start()) {
      Row halves = finish(session).rows().get(0);

      assertThat(halves.values().get("train/loss"))
          .isCloseTo(whole.values().get("train/loss"), within(1e-6));
    }
  }

  @Test
  void a_diverged_run_fails_and_names_the_iteration() {
    config.learningRate = 1e30;
    config.warmupIters = 0;
    config.gradClip = 0;
    config.evalInterval = 100;

    try (Training.Session session = start()) {
      session.train(k -> k == 1, Optional::empty, rows::add, completed::add);

      assertThatThrownBy(
              () -> session.train(k -> false, Optional::empty, rows::add, completed::add))
          .isInstanceOfSatisfying(
              TrainingFailure.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.NUMERIC))
          .hasMessageMatching("The (training loss|gradient norm) of iteration [1-5] is .*");
    }
  }

  @Test
  void threads_change_no_bit() {
    config.nLayer = 2;
    config.permute = true;
    Trainers.Outcome one;
    try (Training.Session session = trainer(1, new ArrayList<>()).start(config.build(), null)) {
      one = finish(session);
    }

    try (Training.Session session = trainer(3, new ArrayList<>()).start(config.build(), null)) {
      Trainers.Outcome three = finish(session);

      assertThat(bits(three.last())).isEqualTo(bits(one.last()));
      assertThat(three.reproducible()).isEqualTo(one.reproducible());
    }
  }

  @Test
  void bfloat16_is_trained_in_float32_and_said_once() {
    config.dtype = "bfloat16";
    List<String> notices = new ArrayList<>();
    LocalTraining training = trainer(1, notices);

    for (int i = 0; i < 2; i++) {
      try (Training.Session session = training.start(config.build(), null)) {
        TrainingState state = (TrainingState) session.snapshot();
        assertThat(state.numerics().dtype()).isEqualTo("float32");
      }
    }

    assertThat(notices)
        .containsExactly("system.dtype = \"bfloat16\": on the CPU this trains in float32.");
  }

  @Test
  void a_refused_config_is_never_started() {
    config.dropout = 1.5;

    assertThatThrownBy(this::start)
        .isInstanceOfSatisfying(
            TrainingFailure.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.CONFIG))
        .hasMessageContaining("model.dropout");
  }

  @Test
  void a_checkpoint_of_another_config_or_of_other_data_is_not_continued() throws IOException {
    pretokenized();
    TrainingState state;
    try (Training.Session session = start()) {
      session.train(k -> k == 3, Optional::empty, rows::add, completed::add);
      state = (TrainingState) session.snapshot();
    }

    ShardFiles.wide(folder.resolve("train.bin"), IntStream.range(0, 90).map(i -> i % 5).toArray());
    assertThatThrownBy(() -> trainer().start(config.build(), state))
        .isInstanceOfSatisfying(
            TrainingFailure.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.DATA))
        .hasMessageContaining("The training data changed since the checkpoint");
    config.seed = 65;
    assertThatThrownBy(() -> trainer().start(config.build(), state))
        .hasMessageContaining("config with SHA-256");
  }

  @Test
  void a_checkpoint_of_other_kernels_is_continued_and_said() {
    TrainingState state;
    try (Training.Session session = start()) {
      state = (TrainingState) session.snapshot();
    }
    TrainingState foreign =
        new TrainingState(
            state.iter(),
            state.configSha256(),
            state.seed(),
            state.position(),
            state.bestValidationLoss(),
            new TrainingState.Numerics("cpu-0", "cpu", "float32"),
            state.tensors());
    List<String> notices = new ArrayList<>();

    try (Training.Session session = trainer(1, notices).start(config.build(), foreign)) {
      assertThat(bits(session.snapshot())).isEqualTo(bits(state));
    }

    assertThat(notices).singleElement().asString().contains("kernels cpu-0");
  }

  @Test
  void the_size_of_a_checkpoint_is_known_before() {
    for (boolean bias : List.of(false, true)) {
      config.bias = bias;
      config.weightTying = bias;
      config.useRope = bias;
      config.compartmentEmbeddings = bias;
      try (Training.Session session = start()) {
        long floats =
            ((TrainingState) session.snapshot())
                .tensors().weights().stream().mapToLong(tensor -> tensor.values().length).sum();

        assertThat(Models.parameters(Models.shape(config.build()))).isEqualTo(floats);
        Training.Size size = trainer().size(config.build());
        assertThat(size.weights() - 4 * floats).isBetween(1L, 10_000L);
        assertThat(size.whole() - 12 * floats).isBetween(1L, 30_000L);
      }
    }
  }

  private void pretokenized() throws IOException {
    int[] tokens = IntStream.range(0, 101).map(i -> i * i % 5).toArray();
    config.source = "pretokenized";
    config.trainBin = ShardFiles.wide(folder.resolve("train.bin"), tokens).toString();
  }

  private Pausing train(Training.Session session, long due) {
    return session.train(
        k -> {
          asked.add(k);
          return k == due;
        },
        Optional::empty,
        rows::add,
        completed::add);
  }

  private Training.Session start() {
    return trainer().start(config.build(), null);
  }
}
