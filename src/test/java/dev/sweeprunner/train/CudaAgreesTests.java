package dev.sweeprunner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.testkit.FakeCuda;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.cuda.FreshFolder;
import dev.sweeprunner.train.data.ShardFiles;
import dev.sweeprunner.train.kernels.BackEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred steps on a GPU are those on the CPU, but for roundings. */
class CudaAgreesTests {
  private static final int STEPS = 100;
  private static final double PERCENT = 0.01;
  private static FakeCuda fake;

  @TempDir Path folder;
  private final TinyConfig config = new TinyConfig();

  @BeforeAll
  static void load() throws IOException {
    fake = FakeCuda.load();
  }

  @BeforeEach
  void configure() throws IOException {
    fake.configure(Map.of());
    config.maxIters = STEPS;
    config.warmupIters = 20;
    config.evalInterval = 30;
    config.logInterval = 7;
    config.learningRate = 3e-3;
  }

  /** As the end of the process would: other tests of this JVM have a context of their own. */
  @AfterEach
  void end_the_context() {
    var device = new CUdevice();
    JCudaDriver.cuDeviceGet(device, 0);
    JCudaDriver.cuDevicePrimaryCtxReset(device);
  }

  @Test
  void on_uniform_data() throws Exception {
    config.accumulation = 2;
    config.compartmentEmbeddings = true;

    assertAgreement();
  }

  @Test
  void on_pretokenized_data() throws Exception {
    int[] tokens = IntStream.range(0, 4013).map(i -> i * i % 5).toArray();
    config.source = "pretokenized";
    config.trainBin = ShardFiles.narrow(folder.resolve("train.bin"), tokens).toString();
    config.valBin = config.trainBin;
    config.permute = true;
    config.useRope = true;
    config.bias = true;
    config.weightTying = true;
    config.nLayer = 2;
    config.ratioMode = "compartment";

    assertAgreement();
  }

  @Test
  void on_interleaved_rows_of_compartments_that_start_alike() throws Exception {
    config.translationMode = "interleaved";
    config.chunkSize = 2;
    config.compartmentEmbeddings = true;
    config.copyEmbeddings = true;
    config.copyHead = true;
    config.copyIds = true;

    assertAgreement();
  }

  @Test
  void on_a_stream_for_each_compartment() throws Exception {
    int[] tokens = IntStream.range(0, 4013).map(i -> i * i % 5).toArray();
    String file = ShardFiles.narrow(folder.resolve("train.bin"), tokens).toString();
    config.source = "pretokenized";
    config.compartments = 3;
    config.compartmentTrainBins = List.of(file, "synthetic:uniform", "synthetic:frequency");
    config.compartmentValBins = config.compartmentTrainBins;

    assertAgreement();
  }

  private void assertAgreement() throws Exception {
    Life cpu = live(Trainers.trainer());
    Life gpu = live(trainer(CudaBackEnd.find(0, new FreshFolder())));

    assertThat(gpu.state.numerics().dtype()).isEqualTo("float32");
    assertThat(gpu.state.numerics().kernels()).startsWith("cuda-");
    assertThat(gpu.positions).hasSize(STEPS / 10).isEqualTo(cpu.positions);
    assertThat(gpu.rows).extracting(Row::step).isEqualTo(steps(cpu));
    assertThat(steps(cpu)).contains(0L, 7L, 30L, 98L, (long) STEPS);
    for (int i = 0; i < gpu.rows.size(); i++) {
      Map<String, Double> values = gpu.rows.get(i).values();
      Map<String, Double> expected = cpu.rows.get(i).values();
      long step = gpu.rows.get(i).step();
      assertThat(values.keySet()).as("step %d", step).isEqualTo(expected.keySet());
      values.forEach(
          (name, value) -> assertClose(step, name, value, expected.getOrDefault(name, Double.NaN)));
    }
    assertThat(gpu.state.bestValidationLoss())
        .isCloseTo(cpu.state.bestValidationLoss(), withinPercentage(PERCENT));
    assertThat(fake.violations()).isEmpty();
  }

  private static void assertClose(long step, String name, double value, double expected) {
    if (name.equals("lr")) {
      assertThat(value).as("lr of step %d", step).isEqualTo(expected);
    } else {
      assertThat(value)
          .as("%s of step %d", name, step)
          .isCloseTo(expected, withinPercentage(PERCENT));
    }
  }

  private static List<Long> steps(Life life) {
    return life.rows.stream().map(Row::step).toList();
  }

  /** All steps, with a look at where the data stand at every tenth. */
  private Life live(LocalTraining training) {
    List<Row> rows = new ArrayList<>();
    List<TrainingState.Position> positions = new ArrayList<>();
    try (Training.Session session = training.start(config.build(), null)) {
      while (session.iter() < STEPS) {
        session.train(k -> k % 10 == 0, Optional::empty, rows::add, k -> {});
        positions.add(((TrainingState) session.snapshot()).position());
      }
      session.evaluateLast(rows::add);
      return new Life(rows, positions, (TrainingState) session.snapshot());
    }
  }

  private static LocalTraining trainer(BackEnd device) {
    return new LocalTraining(
        new Devices(device),
        new SettableClock(),
        relative -> List.of(Path.of("/").resolve(relative)),
        notice -> {});
  }

  /** What a run gave, and where its data stood on the way. */
  private record Life(
      List<Row> rows, List<TrainingState.Position> positions, TrainingState state) {}
}
