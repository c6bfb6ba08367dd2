package dev.sweeprunner.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.FakeCuda;
import dev.sweeprunner.testkit.Results;
import dev.sweeprunner.train.data.ShardFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The life of a sweep on a GPU, before a driver that runs our kernels on the CPU; and which kernels
 * a first iteration launches.
 *
 * <p>{@code -Dgolden.update=true} writes the lists of launches anew instead of comparing them.
 */
class CudaLifeIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path GOLDEN = Path.of("src/test/resources/dev/sweeprunner/cuda");
  private static final String BPE_TOML = "config/sweep-base-bpe16384-absolute.toml";
  private static final String BPE_SWEEP = "sweeps/bpe16384-n3-n5.yaml";
  private static final String QUICKSTART_TOML = "config/quickstart.toml";
  private static final String QUICKSTART_SWEEP = "sweeps/quickstart.yaml";

  @TempDir Path folder;
  private FakeCuda fake;

  @BeforeEach
  void put_the_driver_into_a_folder() throws IOException {
    fake = FakeCuda.in(folder.resolve("fake"));
  }

  @Test
  void the_quickstart_lives_on_a_gpu_in_float32() throws IOException {
    copy(
        QUICKSTART_TOML,
        Map.of(
            "max_iters = 400", "max_iters = 8",
            "eval_interval = 80", "eval_interval = 4",
            "log_interval = 20", "log_interval = 1"));
    copy(QUICKSTART_SWEEP, Map.of("[0.0, 0.25, 0.5, 1.0]", "[0.5]"));

    assertLife(QUICKSTART_SWEEP, 2, 8, "float32");
  }

  @Test
  void a_bpe_sweep_lives_on_a_gpu_in_bfloat16() throws IOException {
    Map<String, String> smaller = new LinkedHashMap<>(bpeData(2048));
    // The kernels meet the last tile of the vocabulary as in the whole sweep: one row of it is
    // used.
    smaller.put("vocab_size = 16384", "vocab_size = 2048\nn_layer = 2\nn_embd = 32\nn_head = 1");
    smaller.put(
        "max_iters = 1e6", "max_iters = 6\nbatch_size = 4\ngradient_accumulation_steps = 1");
    smaller.put("eval_interval = 10000", "eval_interval = 3");
    smaller.put("log_interval = 10", "log_interval = 1");
    copy(BPE_TOML, smaller);
    copy(
        BPE_SWEEP,
        Map.of(
            "  model.size_tier:\n    values: [\"8-32\", \"8-64\", \"8-128\", \"8-256\"]\n", "",
            "[3, 5]", "[3]",
            "[\"absolute\", \"compartment\"]", "[\"absolute\"]",
            "[0.1, 0.25, 0.5, 0.75, 1.0]", "[0.5]"));

    assertLife(BPE_SWEEP, 1, 6, "bfloat16");
  }

  @Test
  void the_quickstart_launches_what_it_always_did() throws IOException {
    copy(QUICKSTART_TOML, Map.of("max_iters = 400", "max_iters = 2"));
    copy(QUICKSTART_SWEEP, Map.of("[0.0, 0.25, 0.5, 1.0]", "[0.5]", "[16, 32]", "[16]"));

    assertLaunches(QUICKSTART_SWEEP, "quickstart-16");
  }

  @Test
  void a_bpe_sweep_launches_what_it_always_did() throws IOException {
    Map<String, String> changes = new LinkedHashMap<>(bpeData(16_384));
    changes.put("max_iters = 1e6", "max_iters = 2");
    copy(BPE_TOML, changes);
    copy(
        BPE_SWEEP,
        Map.of(
            "[\"8-32\", \"8-64\", \"8-128\", \"8-256\"]", "[\"8-32\"]",
            "[3, 5]", "[3]",
            "[\"absolute\", \"compartment\"]", "[\"absolute\"]",
            "[0.1, 0.25, 0.5, 0.75, 1.0]", "[0.5]"));

    assertLaunches(BPE_SWEEP, "bpe16384-8-32-n3");
  }

  private void assertLife(String sweep, int points, long maxIters, String dtype)
      throws IOException {
    var calm = run(worker(sweep, "calm"));
    assertThat(calm.code()).as(calm.err()).isZero();
    assertThat(calm.out()).contains("Worker w on cuda:0 Fake H100, 4 GiB");

    Events events = new Events(folder.resolve("stopped.events"));
    List<String> words = worker(sweep, "stopped", "--test.events", events.file().toString());
    stop(words, events);
    assertThat(Status.of(folder, sweep, "stopped"))
        .anyMatch(point -> point.path("state").asString().equals("preempted"));
    var last = run(words);

    assertThat(last.code()).as(last.err()).isZero();
    assertThat(events.all()).anyMatch(event -> event.is("resume") && event.iter() > 0);
    assertThat(Status.of(folder, sweep, "stopped"))
        .hasSize(points)
        .allMatch(point -> point.path("state").asString().equals("finished"));
    String checkpoint = "%07d".formatted(maxIters);
    assertThat(Results.of(folder.resolve("stopped"), checkpoint))
        .hasSize(points)
        .isEqualTo(Results.of(folder.resolve("calm"), checkpoint));
    assertThat(Results.litter(folder.resolve("stopped"))).isEmpty();
    assertTold(folder.resolve("stopped"), dtype);
    assertThat(fake.violations()).isEmpty();
  }

  /** TERM in the middle of the first run. */
  private void stop(List<String> words, Events events) {
    try (JarProcess process = JarProcess.start(folder, environment(), words)) {
      events.await(process, event -> event.is("iteration") && event.iter() >= 1);

      process.signal("TERM");
      var ended = process.await(Duration.ofMinutes(2));

      assertThat(ended.code()).as(ended.err()).isEqualTo(75);
      var mine = events.of(process);
      assertThat(mine.get(mine.size() - 1).name()).isEqualTo("ended.RELEASED");
    }
  }

  /** What the checkpoints and the rows say of the device. */
  private static void assertTold(Path root, String dtype) throws IOException {
    List<JsonNode> manifests = new ArrayList<>();
    for (Path file : files(root, "manifest.json")) {
      manifests.add(JSON.readTree(Files.readString(file)));
    }
    assertThat(manifests)
        .isNotEmpty()
        .allSatisfy(
            manifest -> {
              assertThat(manifest.path("device").asString()).isEqualTo("Fake H100");
              assertThat(manifest.path("kernels").asString()).matches("cuda-\\d+");
              assertThat(manifest.path("dtype").asString()).isEqualTo(dtype);
            });
    for (Path file : files(root, "metrics.jsonl")) {
      List<JsonNode> walls =
          Files.readAllLines(file).stream()
              .map(JSON::readTree)
              .filter(row -> row.has("train/loss"))
              .map(row -> row.required("wall"))
              .toList();
      assertThat(walls)
          .isNotEmpty()
          .allSatisfy(
              wall -> {
                assertThat(wall.required("mfu").asDouble()).isBetween(0.0, 1.0).isPositive();
                assertThat(wall.required("tokens_per_s").asDouble()).isPositive();
                assertThat(wall.required("device_memory_gib").asDouble()).isPositive();
              });
    }
  }

  /**
   * The launches up to the first update: those of the model's initialisation, the first evaluation,
   * the first iteration. Each program runs directly the first time and is recorded the second time,
   * so that the recorded launches are those same again, without the initialisation.
   */
  private void assertLaunches(String sweep, String name) throws IOException {
    fake.configure(Map.of("execute", "0", "memory_mib", "81920"));

    var ended = run(worker(sweep, "root"));

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(fake.violations()).isEmpty();
    List<String> direct = launches(" graph=0");
    assertThat(direct).endsWith(launches(" graph=1").toArray(String[]::new));
    assertGolden(name + ".launches", direct);
  }

  private List<String> launches(String ending) throws IOException {
    return fake.launches().stream()
        .filter(line -> line.endsWith(ending))
        .map(line -> line.replaceAll("^launch | stream=.*", ""))
        .toList();
  }

  private void assertGolden(String name, List<String> lines) throws IOException {
    Path golden = GOLDEN.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(GOLDEN);
      Files.write(golden, lines);
    }
    assertThat(Files.write(folder.resolve(name), lines))
        .as(
            "launches; if they are as wished: ./mvnw -B -ntp verify -Dtest=NONE"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=CudaLifeIT"
                + " -Dgolden.update=true")
        .hasSameTextualContentAs(golden);
  }

  private JarProcess.Ended run(List<String> words) {
    return JarProcess.run(folder, environment(), words);
  }

  private Map<String, String> environment() {
    return Map.of("LD_LIBRARY_PATH", fake.folder().toString());
  }

  private static List<String> worker(String sweep, String root, String... more) {
    List<String> words = new ArrayList<>(List.of("--sweep", sweep, "--storage", root));
    words.addAll(List.of("--worker", "w", "--device", "cuda", "--no-web", "--allow-behind"));
    words.addAll(List.of("--wandb", "disabled", "--wait", "200ms"));
    words.addAll(List.of("--checkpoint.interval", "1h", "--checkpoint.every-iterations", "3"));
    words.addAll(List.of(more));
    return words;
  }

  /** A file of the project, with changes, each of which must apply. */
  private void copy(String file, Map<String, String> changes) throws IOException {
    String text = Files.readString(Path.of(file));
    for (var change : changes.entrySet()) {
      assertThat(text).contains(change.getKey());
      text = text.replace(change.getKey(), change.getValue());
    }
    Path target = folder.resolve(file);
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    Files.writeString(target, text, UTF_8);
  }

  /** Random shards, and the changes to the sweep's TOML that name them. */
  private Map<String, String> bpeData(int vocabulary) throws IOException {
    var random = new Random(64);
    for (String name : List.of("train", "val")) {
      int[] tokens = random.ints(20_000, 0, vocabulary).toArray();
      ShardFiles.narrow(folder.resolve(name + ".bin"), tokens);
    }
    String shards = "\"data/fineweb350B-dedup-bpe16384/fineweb350b-dedup_%s_*.bin\"";
    return Map.of(
        shards.formatted("train"), "\"train.bin\"", shards.formatted("val"), "\"val.bin\"");
  }

  private static List<Path> files(Path root, String name) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.endsWith(name)).toList();
    }
  }
}
