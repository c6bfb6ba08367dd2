package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.sweeprunner.testkit.FakeCuda;
import dev.sweeprunner.testkit.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GPUs that are not there, too old, full or lost: one sentence each, and no run suffers. */
class CudaTroubleIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SEEDS = "training.seed: {values: [1, 2, 3]}";
  private static final long ITERATIONS = 21;

  /** What a fake GPU keeps for its context, so that the model's share can be told from it. */
  private static final long CONTEXT_MIB = 300;

  /** In the iteration after the checkpoint at 14. */
  private static final Map<String, String> LOST = Map.of("fail_at", "launch:700=700");

  private static final Map<String, String> FULL = Map.of("used_mib", "4096");

  @TempDir static Path calm;
  private static Map<String, List<String>> undisturbed = Map.of();

  @TempDir Path folder;
  private FakeCuda fake;
  private Toy toy;

  @BeforeAll
  static void train_undisturbed() throws IOException {
    FakeCuda driver = FakeCuda.in(calm.resolve("fake"));
    Toy toy = Toy.of(calm, ITERATIONS, SEEDS);
    var ended =
        JarProcess.run(
            calm,
            Map.of("LD_LIBRARY_PATH", driver.folder().toString()),
            toy.worker("root", "calm", "--device", "cuda"));
    assertThat(ended.code()).as(ended.err()).isZero();
    undisturbed = Results.of(calm.resolve("root"), toy.last());
    assertThat(undisturbed).hasSize(3);
  }

  @BeforeEach
  void put_the_driver_into_a_folder() throws IOException {
    fake = FakeCuda.in(folder.resolve("fake"));
    toy = Toy.of(folder, ITERATIONS, SEEDS);
  }

  static Stream<Trouble> troubles() {
    return Stream.of(
        new Trouble("cuda", Map.of("driver", "11040"), "too old", "CUDA 11.4", "CUDA 11.8"),
        new Trouble("cuda", Map.of("init", "803"), "does not start", "(803)", "reboot"),
        new Trouble("cuda", Map.of("init", "100"), "no GPU", "(100)", "CUDA_VISIBLE_DEVICES"),
        new Trouble("cuda", Map.of("init", "999"), "does not start", "(999)", "nvidia-smi"),
        new Trouble("cuda", Map.of("devices", "0"), "no GPU", "CUDA_VISIBLE_DEVICES", "--gres"),
        new Trouble("cuda:3", Map.of(), "no cuda:3", "one GPU, cuda:0"),
        new Trouble("cuda", Map.of("cc", "7.5"), "cuda:0 Fake H100", "7.5", "8.0"));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void a_gpu_that_cannot_be_used_is_told_in_one_line_before_any_claim(Trouble trouble)
      throws IOException {
    fake.configure(trouble.settings);

    var ended = run(toy.worker("root", "w", "--device", trouble.device));

    assertRefused(ended, trouble.device);
    assertThat(ended.err()).contains(trouble.told);
  }

  @Test
  void a_missing_driver_is_told_in_one_line_before_any_claim() {
    withoutDriver();

    var ended = JarProcess.run(folder, toy.worker("root", "w", "--device", "cuda"));

    assertRefused(ended, "cuda");
    assertThat(ended.err()).contains("There is no NVIDIA driver: libcuda.so.1");
  }

  @Test
  void without_a_driver_auto_trains_on_the_cpu_and_says_why() {
    withoutDriver();

    var ended = JarProcess.run(folder, toy.worker("root", "w", "--device", "auto"));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out().lines())
        .filteredOn(line -> line.startsWith("Worker w on cpu, 1 thread"))
        .singleElement()
        .asString()
        .contains("libcuda.so.1");
    assertThat(devices()).containsOnly("cpu");
  }

  @Test
  void a_lost_gpu_ends_the_worker_and_another_goes_on_to_the_same_bits() throws IOException {
    fake.configure(LOST);
    var lost = run(toy.worker("root", "first", "--device", "cuda"));

    assertLost(lost);
    assertThat(fake.violations()).isEmpty();

    fake.configure(Map.of());
    assertTrainsTheRest();
  }

  @Test
  void auto_does_not_go_on_with_a_run_on_the_cpu_when_its_gpu_is_lost() throws IOException {
    fake.configure(LOST);

    var lost = run(toy.worker("root", "first", "--device", "auto"));

    assertLost(lost);
    assertThat(devices()).containsOnly("Fake H100");
  }

  @Test
  void a_full_gpu_gives_the_runs_back_and_another_goes_on_to_the_same_bits() throws IOException {
    run(toy.worker("root", "dead", "--device", "cuda", "--test.crash-at", "publish.published#2"));
    fake.configure(FULL);

    var full = run(toy.worker("root", "first", "--device", "cuda"));

    assertThat(full.code()).as(full.err()).isEqualTo(4);
    assertOneSentence(full, "are free");
    assertThat(full.out()).contains("failed: INFRA").contains("cuda:0 Fake H100");
    assertThat(states()).containsOnly("failed");
    assertThat(Status.of(folder, "toy.yaml", "root"))
        .filteredOn(point -> point.path("checkpoint_iter").asInt(-1) == 14)
        .singleElement()
        .satisfies(point -> assertThat(explain(point)).contains("the last failure (INFRA)"));

    fake.configure(Map.of());
    assertTrainsTheRest();
  }

  @Test
  void with_a_full_gpu_auto_trains_on_the_cpu_and_says_so() throws IOException {
    fake.configure(FULL);

    var ended = run(toy.worker("root", "w", "--device", "auto"));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat((ended.out() + ended.err()).lines())
        .filteredOn(line -> line.contains("are free"))
        .singleElement()
        .asString()
        .startsWith("Warning: --device auto: this worker trains on the CPU. ")
        .contains("cuda:0 Fake H100");
    assertThat(devices()).containsOnly("cpu");
    assertThat(device("root")).isEqualTo("cpu, 1 thread");
    assertThat(fake.log()).as("its context").last().asString().startsWith("release ");
  }

  @Test
  void a_model_that_is_too_large_for_the_gpu_is_a_lack_of_memory() throws IOException {
    fake.configure(Map.of("memory_mib", "300", "used_mib", "300"));

    var ended = run(toy.worker("root", "w", "--device", "cuda", "--exit-when-idle"));

    assertThat(ended.code()).as(ended.err()).isEqualTo(3);
    assertThat((ended.out() + ended.err())).contains("failed: OOM").doesNotContain("\tat ");
    assertThat(ended.out().lines().filter(line -> line.contains("failed: OOM")))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("The model needs", "cuda:0 Fake H100"));
  }

  @Test
  void with_little_memory_it_trains_fewer_tokens_at_once_to_the_same_bits() throws IOException {
    Toy large =
        Toy.of(
            folder,
            1,
            "training.seed: 1\ntraining.gradient_accumulation_steps: 86"); // 16,512 tokens
    var whole = run(large.worker("whole", "w", "--device", "cuda"));
    long needed = allocated();
    long mib = CONTEXT_MIB + ((needed * 3 / 4) >> 20);
    fake.configure(
        Map.of("memory_mib", Long.toString(mib), "used_mib", Long.toString(CONTEXT_MIB)));

    var little = run(large.worker("little", "w", "--device", "cuda"));

    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(little.code()).as(little.err()).isZero();
    assertThat((little.out() + little.err()).lines())
        .filteredOn(line -> line.contains("tokens at once"))
        .singleElement()
        .asString()
        .contains("cuda:0 Fake H100", "8256");
    assertThat(allocated()).isLessThan(needed * 3 / 4);
    assertThat(Results.of(folder.resolve("little"), large.last()))
        .hasSize(1)
        .isEqualTo(Results.of(folder.resolve("whole"), large.last()));
    assertThat(fake.violations()).isEmpty();
  }

  @Test
  void two_workers_share_a_gpu() throws IOException {
    Events first = new Events(folder.resolve("first.events"));
    Events second = new Events(folder.resolve("second.events"));
    List<String> words = toy.worker("root", "first", "--device", "cuda");
    words.addAll(List.of("--test.events", file(first), "--test.crash-at", "publish.published"));
    words.addAll(List.of("--test.crash-how", "stop"));
    try (JarProcess one = JarProcess.start(folder, environment(), words)) {
      first.await(one, event -> event.is("crash-point"));
      List<String> others = toy.worker("root", "second", "--device", "cuda");
      others.addAll(List.of("--test.events", file(second)));
      try (JarProcess other = JarProcess.start(folder, environment(), others)) {
        second.await(other, event -> event.is("iteration"));
        one.signal("CONT");

        assertThat(one.await(Duration.ofMinutes(2)).code()).isZero();
        assertThat(other.await(Duration.ofMinutes(2)).code()).isZero();
      }
    }

    assertAsUndisturbed();
  }

  @Test
  void cuda_visible_devices_says_which_gpu_it_is() throws IOException {
    fake.configure(Map.of("devices", "2"));
    Map<String, String> environment = new LinkedHashMap<>(environment());
    environment.put("CUDA_VISIBLE_DEVICES", "1");

    var ended = JarProcess.run(folder, environment, toy.worker("root", "w", "--device", "cuda:0"));
    var second = JarProcess.run(folder, environment, toy.worker("none", "w", "--device", "cuda:1"));
    fake.configure(Map.of("devices", "1"));
    var none = JarProcess.run(folder, environment, toy.worker("none", "w", "--device", "cuda"));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(device("root")).isEqualTo("cuda:0 Fake H100 1, 4 GiB");
    assertAsUndisturbed();
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.err()).contains("no cuda:1", "CUDA_VISIBLE_DEVICES");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("shows this process no GPU", "CUDA_VISIBLE_DEVICES");
  }

  private void assertRefused(JarProcess.Ended ended, String device) {
    assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(2);
    assertThat(ended.err().strip().lines()).hasSize(1);
    assertThat(ended.err())
        .startsWith("Error: --device " + device + ": ")
        .contains("--device cpu")
        .doesNotContain("..");
    assertThat(folder.resolve("root/out/e2e")).doesNotExist();
  }

  /** Exit 4 at once; the run is free again at its newest checkpoint, and no other was touched. */
  private void assertLost(JarProcess.Ended lost) {
    assertThat(lost.code()).as(lost.err()).isEqualTo(4);
    assertOneSentence(lost, "the device that trains is lost");
    assertThat(lost.out())
        .contains("failed: INFRA: In iteration 15 on Fake H100: ")
        .contains("CUDA_ERROR_ILLEGAL_ADDRESS (700)", "dmesg, Xid");
    assertThat(states()).containsExactlyInAnyOrder("failed", "unclaimed", "unclaimed");
    assertThat(Status.of(folder, "toy.yaml", "root"))
        .filteredOn(point -> point.path("state").asString().equals("failed"))
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.path("checkpoint_iter").asInt()).isEqualTo(14);
              assertThat(point.path("reason").asString()).contains("(700)");
              assertThat(explain(point)).contains("the last failure (INFRA)");
            });
  }

  /** The last words: one line on the error output, and no stack trace anywhere. */
  private static void assertOneSentence(JarProcess.Ended ended, String reason) {
    assertThat(ended.out() + ended.err()).doesNotContain("\tat ", "Exception");
    assertThat(ended.err().strip().lines())
        .as(ended.err())
        .singleElement()
        .asString()
        .contains("given up", reason)
        .doesNotContain("..");
  }

  /** Another worker goes on at the newest checkpoint, and nothing shows that there were two. */
  private void assertTrainsTheRest() throws IOException {
    Events events = new Events(folder.resolve("events"));
    List<String> words = toy.worker("root", "second", "--device", "cuda", "--backoff.base", "50ms");
    words.addAll(List.of("--test.events", file(events)));
    var heir = run(words);

    assertThat(heir.code()).as(heir.err()).isZero();
    assertThat(events.all()).anyMatch(event -> event.is("resume") && event.iter() == 14);
    assertAsUndisturbed();
  }

  private void assertAsUndisturbed() throws IOException {
    assertThat(Results.of(folder.resolve("root"), toy.last())).isEqualTo(undisturbed);
    assertThat(Results.litter(folder.resolve("root"))).isEmpty();
    assertThat(fake.violations()).isEmpty();
  }

  private List<String> states() {
    return Status.of(folder, "toy.yaml", "root").stream()
        .map(point -> point.path("state").asString())
        .toList();
  }

  private String explain(JsonNode point) {
    List<String> words = new ArrayList<>(List.of("explain", "--sweep", "toy.yaml"));
    words.addAll(List.of("--storage", "root", point.path("run_id").asString()));
    return JarProcess.run(folder, words).out();
  }

  /** What the checkpoints say they were computed on. */
  private List<String> devices() {
    try (Stream<Path> all = Files.walk(folder.resolve("root"))) {
      return all.filter(path -> path.endsWith("manifest.json"))
          .map(path -> JSON.readTree(path.toFile()).path("device").asString())
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What the worker's file says it trains on. */
  private String device(String root) {
    Path file = folder.resolve(root).resolve("out/.workers/w.json");
    return JSON.readTree(file.toFile()).required("owner").required("device").asString();
  }

  /** Bytes of the model's one allocation. */
  private long allocated() throws IOException {
    return fake.log().stream()
        .filter(line -> line.startsWith("alloc "))
        .mapToLong(line -> Long.parseLong(line.substring("alloc ".length())))
        .max()
        .orElseThrow();
  }

  private JarProcess.Ended run(List<String> words) {
    return JarProcess.run(folder, environment(), words);
  }

  private Map<String, String> environment() {
    return Map.of("LD_LIBRARY_PATH", fake.folder().toString());
  }

  private static String file(Events events) {
    return events.file().toString();
  }

  private static void withoutDriver() {
    boolean found =
        Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib", "/usr/local/cuda")
            .anyMatch(place -> Files.exists(Path.of(place, "libcuda.so.1")));
    if (found || Files.exists(Path.of("/dev/nvidiactl"))) {
      abort("this machine has an NVIDIA driver: nothing shows what happens without one");
    }
  }

  /** A driver's settings, and what the refusal of a device must hold. */
  private record Trouble(String device, Map<String, String> settings, List<String> told) {
    Trouble(String device, Map<String, String> settings, String... told) {
      this(device, settings, List.of(told));
    }

    @Override
    public String toString() {
      return device + " with " + settings;
    }
  }
}
