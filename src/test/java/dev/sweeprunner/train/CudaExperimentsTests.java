package dev.sweeprunner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.testkit.FakeCuda;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.cuda.FreshFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each experiment, through whole sessions: a GPU's rows are the CPU's, and a resume shows no seam.
 */
class CudaExperimentsTests {
  private static final int STEPS = 12;

  private FakeCuda fake;
  private final TinyConfig config = new TinyConfig();

  @BeforeEach
  void load() throws IOException {
    fake = FakeCuda.load();
    fake.configure(Map.of());
    config.maxIters = STEPS;
    config.evalInterval = 6;
    config.accumulation = 2;
    config.learningRate = 3e-3;
  }

  @AfterEach
  void end_the_context() {
    var device = new CUdevice();
    JCudaDriver.cuDeviceGet(device, 0);
    JCudaDriver.cuDevicePrimaryCtxReset(device);
  }

  static Stream<Consumer<TinyConfig>> experiments() {
    return Stream.of(
        config -> config.dropout = 0.3,
        config -> {
          config.tokenTying = "top_k";
          config.tyingRatio = 0.4;
          config.sharedTokenEmbeddings = true;
        },
        config -> {
          config.nLayer = 2;
          config.dannLayers = "0, 1";
          config.dannHidden = 5;
          config.dannLambda = 0.7;
        });
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void a_gpu_does_what_the_cpu_does_and_a_resume_has_its_bits(Consumer<TinyConfig> experiment)
      throws Exception {
    experiment.accept(config);
    List<Row> cpu = new ArrayList<>();
    run(Trainers.trainer(), null, STEPS, cpu);
    LocalTraining gpu =
        new LocalTraining(
            new Devices(CudaBackEnd.find(0, new FreshFolder())),
            new SettableClock(),
            relative -> List.of(Path.of("/").resolve(relative)),
            notice -> {});

    List<Row> whole = new ArrayList<>();
    Snapshot undisturbed = run(gpu, null, STEPS, whole);
    List<Row> parts = new ArrayList<>();
    Snapshot middle = run(gpu, null, 5, parts);
    Snapshot resumed = run(gpu, middle, STEPS, parts);

    assertThat(Trainers.bits(resumed)).isEqualTo(Trainers.bits(undisturbed));
    assertThat(parts).extracting(Row::values).isEqualTo(whole.stream().map(Row::values).toList());
    assertThat(whole).hasSameSizeAs(cpu);
    for (int i = 0; i < cpu.size(); i++) {
      Map<String, Double> values = whole.get(i).values();
      cpu.get(i)
          .values()
          .forEach(
              (name, value) ->
                  assertThat(values.get(name)).as(name).isCloseTo(value, withinPercentage(0.01)));
    }
    assertThat(fake.violations()).isEmpty();
  }

  private Snapshot run(
      LocalTraining training, @Nullable Snapshot base, long until, List<Row> rows) {
    try (Training.Session session = training.start(config.build(), base)) {
      session.train(k -> k == until, Optional::empty, rows::add, k -> {});
      return session.snapshot();
    }
  }
}
