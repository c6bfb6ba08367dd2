package dev.sweeprunner.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.testkit.FakeCuda;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit for a GPU machine, packed and run here, on a driver that needs no GPU. */
class GpuKitIT {
  private static final Path GPU = Path.of("bench", "gpu").toAbsolutePath();
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final long MOST_BYTES = 64L << 20;
  private static final long PATIENCE_S = 300;

  @TempDir static Path shared;

  private static FakeCuda fake;
  private static Path kit;

  @BeforeAll
  static void pack() throws Exception {
    assumeTrue(
        Files.isExecutable(JDK.resolve("bin/jlink")),
        "NO GPU KIT: " + JDK + " has no jlink, so bench/gpu is not tested");
    assumeTrue(onPath("python3"), "NO GPU KIT: no python3 on the PATH, so bench/gpu is not tested");
    fake = FakeCuda.in(shared.resolve("driver"));
    kit = shared.resolve("gpu-kit");

    Ended packed =
        command(
            GPU.resolve("pack").toString(),
            "--dir",
            kit.toString(),
            "--class-path",
            System.getProperty("java.class.path"));

    assertThat(packed.code()).as(packed.said()).isZero();
  }

  @Test
  void a_run_on_the_fake_driver_holds_and_ends_in_the_table() throws Exception {
    fake.configure(Map.of("cores", "2"));

    Ended run = run();

    assertThat(run.code()).as(run.said()).isZero();
    assertThat(run.said())
        .contains("ok: fixtures in cuda bfloat16", "ok: fixtures in cuda float32")
        .contains("ok: equal bits, n_embd 16, bfloat16: in 2 slices")
        .contains("ok: equal bits, n_embd 16, bfloat16: SIGKILL and resume")
        .contains("ok: tiny models launch every kernel")
        .contains("A FAKE DRIVER, THESE TIMES MEAN NOTHING")
        .containsPattern("(?m)^\\| 32 \\| 3 \\| ours \\| [0-9.]+ \\([0-9.]+ to [0-9.]+\\) \\|")
        .containsPattern("(?m)^\\| 32 \\| 3 \\| ours, with reading the data \\|")
        .containsPattern("(?m)^\\| 64 \\| 3 \\| ours \\|")
        .containsPattern("All (of it|that was checked) holds\\.");
    assertThat(shared.resolve("out/gpu.txt")).content().contains("| 64 | 3 | ours |");
    assertThat(shared.resolve("out/gpu.jsonl")).content().contains("\"who\": \"trainer\"");
    assertThat(shared.resolve("out/fixtures.tsv")).content().contains("; allowed ");
  }

  @Test
  void a_gpu_that_breaks_is_noticed() throws Exception {
    fake.configure(Map.of("cores", "2", "fail_at", "sync:5=700"));

    Ended run = run("--only", "checks");

    assertThat(run.code()).as(run.said()).isOne();
    assertThat(run.said()).contains("FAILED: fixtures in cuda bfloat16", "FAILED: equal bits");
  }

  @Test
  void without_a_gpu_there_is_nothing_to_test() throws Exception {
    fake.configure(Map.of("devices", "0"));

    Ended run = run();

    assertThat(run.code()).as(run.said()).isEqualTo(2);
    assertThat(run.said()).contains("NOTHING TO TEST: The NVIDIA driver shows this process no GPU");
  }

  @Test
  void the_kit_is_small_enough_to_be_carried() throws IOException {
    try (Stream<Path> files = Files.walk(kit)) {
      long bytes =
          files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();

      assertThat(bytes).isBetween(MOST_BYTES / 8, MOST_BYTES);
    }
  }

  private static Ended run(String... more) throws Exception {
    List<String> words =
        List.of(
            kit.resolve("run").toString(),
            "--fake",
            fake.folder().toString(),
            "--out",
            shared.resolve("out").toString());
    return command(Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private static Ended command(String... words) throws Exception {
    Path said = Files.createTempFile(shared, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("JAVA_HOME", JDK.toString());
    builder.environment().remove("OUT");
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(words[0] + " did not end:\n" + Files.readString(said));
    }
    return new Ended(process.exitValue(), Files.readString(said, UTF_8));
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private record Ended(int code, String said) {}
}
