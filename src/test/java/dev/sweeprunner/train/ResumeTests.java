package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.bits;
import static dev.sweeprunner.train.Trainers.finish;
import static dev.sweeprunner.train.Trainers.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.checkpoint.DiskCheckpoints;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Checkpoints.Staged;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.cpu.VectorApi;
import dev.sweeprunner.train.data.ShardFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run resumed from any boundary, through a checkpoint on disk, has no seam. */
class ResumeTests {
  private static final RunKey KEY = new RunKey("project", "group", "0123abcd", 64);

  @TempDir Path root;

  private final TinyConfig config = new TinyConfig();

  @Test
  void uniform_data_resume_at_every_iteration() throws Exception {
    config.accumulation = 2;
    config.compartmentEmbeddings = true;

    assertNoSeam();
  }

  @Test
  void pretokenized_data_resume_at_every_iteration() throws Exception {
    int[] tokens = IntStream.range(0, 1013).map(i -> i * i % 5).toArray();
    config.source = "pretokenized";
    config.trainBin = ShardFiles.narrow(root.resolve("train.bin"), tokens).toString();
    config.valBin = config.trainBin;
    config.permute = true;
    config.useRope = true;
    config.bias = true;
    config.weightTying = true;
    config.ratioMode = "compartment";

    assertNoSeam();
  }

  @Test
  void tied_tokens_of_files_resume_at_every_iteration() throws Exception {
    int[] tokens = IntStream.range(0, 1013).map(i -> i * i % 5).toArray();
    config.source = "pretokenized";
    config.trainBin = ShardFiles.narrow(root.resolve("train.bin"), tokens).toString();
    config.tokenTying = "bottom_k";
    config.tyingRatio = 0.4;
    config.maxIters = 4;

    assertNoSeam();
  }

  @Test
  void discriminators_resume_at_every_iteration() throws Exception {
    config.dannLayers = "0";
    config.dannLambda = 0.5;
    config.dannHidden = 3;
    config.dropout = 0.1;
    config.maxIters = 4;

    assertNoSeam();
  }

  @Test
  void copies_are_made_once_and_resume_at_every_iteration() throws Exception {
    config.compartmentEmbeddings = true;
    config.copyEmbeddings = true;
    config.copyHead = true;
    config.copyIds = true;
    config.maxIters = 3;

    assertNoSeam();
  }

  @Test
  void interleaved_rows_resume_at_every_iteration() throws Exception {
    config.translationMode = "interleaved";
    config.chunkSize = 2;
    config.maxIters = 4;

    assertNoSeam();
  }

  @Test
  void streams_of_compartments_resume_at_every_iteration() throws Exception {
    int[] tokens = IntStream.range(0, 149).map(i -> i * i % 5).toArray();
    String bin = ShardFiles.narrow(root.resolve("train.bin"), tokens).toString();
    config.source = "pretokenized";
    config.compartments = 3;
    config.compartmentTrainBins = List.of(bin, "synthetic:uniform", "synthetic:frequency");
    config.compartmentValBins = List.of("synthetic:frequency", bin, bin);
    config.accumulation = 2;
    config.maxIters = 5;

    assertNoSeam();
  }

  @Test
  void dropout_resumes_at_every_iteration() throws Exception {
    config.dropout = 0.3;
    config.accumulation = 2;

    assertNoSeam();
  }

  @Test
  void a_run_interrupted_at_each_of_its_iterations_in_turn_has_no_seam() throws Exception {
    Trainers.Outcome whole = whole();
    List<Row> rows = new ArrayList<>();
    Snapshot base = null;

    for (int epoch = 1; base == null || base.iter() < config.maxIters; epoch++) {
      try (Training.Session session = trainer().start(config.build(), base)) {
        session.train(k -> true, Optional::empty, rows::add, k -> {});
        base = throughDisk(epoch, session.snapshot());
      }
    }
    try (Training.Session session = trainer().start(config.build(), base)) {
      Trainers.Outcome last = finish(session);
      rows.addAll(last.rows());

      assertThat(new Trainers.Outcome(rows, last.last()).reproducible())
          .isEqualTo(whole.reproducible());
      assertThat(bits(last.last())).isEqualTo(bits(whole.last()));
    }
  }

  @Test
  void plain_loops_and_vectors_with_other_threads_go_on_from_one_another() throws Exception {
    config.blockSize = 64;
    config.compartmentEmbeddings = true;
    Trainers.Outcome whole = whole();

    assertThat(bits(resumed(new CpuBackEnd(1), VectorApi.backEnd(2))))
        .isEqualTo(bits(whole.last()));
    assertThat(bits(resumed(VectorApi.backEnd(1), new CpuBackEnd(2))))
        .isEqualTo(bits(whole.last()));
  }

  @Test
  void a_run_of_other_kernels_goes_on_and_says_so() {
    List<String> notices = new ArrayList<>();
    TrainingState now;
    try (Training.Session session = trainer().start(config.build(), null)) {
      session.train(k -> k == 3, Optional::empty, row -> {}, k -> {});
      now = (TrainingState) session.snapshot();
    }
    TrainingState before =
        new TrainingState(
            now.iter(),
            now.configSha256(),
            now.seed(),
            now.position(),
            now.bestValidationLoss(),
            new TrainingState.Numerics("cpu-1", "cpu", "float32"),
            now.tensors());

    try (Training.Session session = trainer(1, notices).start(config.build(), before)) {
      TrainingState last = (TrainingState) finish(session).last();

      assertThat(last.iter()).isEqualTo(config.maxIters);
      assertThat(last.numerics().kernels()).isEqualTo(now.numerics().kernels());
    }
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("computed by kernels cpu-1 on cpu in float32, these are cpu-2 on cpu in float32")
        .contains("the run goes on");
  }

  /**
   * The end of a run that changes its kernels in the middle; nobody is told, for nothing changes.
   */
  private Snapshot resumed(CpuBackEnd first, CpuBackEnd then) throws Exception {
    List<String> notices = new ArrayList<>();
    Snapshot base;
    try (Training.Session session = trainer(first, notices).start(config.build(), null)) {
      session.train(k -> k == 3, Optional::empty, row -> {}, k -> {});
      base = throughDisk(2, session.snapshot());
    }
    try (Training.Session session = trainer(then, notices).start(config.build(), base)) {
      Snapshot last = finish(session).last();
      assertThat(notices).isEmpty();
      return last;
    }
  }

  private void assertNoSeam() throws Exception {
    Trainers.Outcome whole = whole();
    Staged expected = stage(1, whole.last());
    for (long stop = 0; stop <= config.maxIters; stop++) {
      long boundary = stop;
      List<Row> rows = new ArrayList<>();
      Snapshot base;
      try (Training.Session session = trainer().start(config.build(), null)) {
        if (boundary > 0) {
          session.train(k -> k == boundary, Optional::empty, rows::add, k -> {});
        }
        base = throughDisk(2, session.snapshot());
      }

      try (Training.Session session = trainer().start(config.build(), base)) {
        assertThat(session.iter()).isEqualTo(boundary);
        Trainers.Outcome rest = finish(session);
        rows.addAll(rest.rows());

        assertThat(new Trainers.Outcome(rows, rest.last()).reproducible())
            .as("rows after a resume at %d", boundary)
            .isEqualTo(whole.reproducible());
        assertThat(bits(rest.last())).as("bits after %d", boundary).isEqualTo(bits(whole.last()));
        assertThat(stage(1, rest.last())).as("checkpoint after %d", boundary).isEqualTo(expected);
      }
    }
  }

  private Trainers.Outcome whole() {
    try (Training.Session session = trainer().start(config.build(), null)) {
      return finish(session);
    }
  }

  private Staged stage(int epoch, Snapshot snapshot) throws Exception {
    return checkpoints().stage(KEY, epoch, snapshot, false);
  }

  private Snapshot throughDisk(int epoch, Snapshot snapshot) throws Exception {
    Staged staged = stage(epoch, snapshot);
    checkpoints().settle(staged);
    return checkpoints()
        .load(
            KEY,
            new PublishedCheckpoint(
                staged.iter(),
                epoch,
                staged.name(),
                staged.manifestSha256(),
                false,
                0,
                "part",
                "00",
                0));
  }

  private DiskCheckpoints checkpoints() {
    FileSystem files = new LocalFiles();
    return new DiskCheckpoints(
        files, new Layout(root), new TrainingFormat(files, Trace.OFF), Trace.OFF);
  }
}
