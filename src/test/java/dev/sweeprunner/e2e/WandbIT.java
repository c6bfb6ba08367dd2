package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.FakeWandbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built jar before a fake W&amp;B; the long versions are {@code bench/attack/wandb-*}. */
class WandbIT {
  private static final String KEY = "0123456789abcdef0123456789abcdef01234567";
  private static final int POINTS = 2;
  private static final int KILLS = 3;

  @TempDir Path folder;
  private FakeWandbServer server;

  @BeforeEach
  void start() {
    server = FakeWandbServer.start();
  }

  @AfterEach
  void stop() {
    assertThat(server.violations().all()).isEmpty();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--wandb-buffer"})
  void a_sweep_whose_worker_is_killed_shows_no_seam(String mode) throws Exception {
    Toy toy = Toy.of(folder, 120, "training.seed: {values: [1, 2]}");
    List<String> words = worker(toy, "online", mode);
    Events events = new Events(folder.resolve("w.events"));
    words.addAll(List.of("--test.events", events.file().toString()));
    for (int kill = 0; kill < KILLS; kill++) {
      try (JarProcess process = JarProcess.start(folder, environment(KEY), words)) {
        long from = 20L + 25L * kill;
        events.await(process, event -> event.is("iteration") && event.iter() >= from);
        process.kill();
      }
    }

    var ended = JarProcess.run(folder, environment(KEY), words);

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(events.all()).anyMatch(event -> event.is("resume") && event.iter() > 0);
    assertThat(server.runs().all()).hasSize(POINTS).allSatisfy(this::whole);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void the_stop_button_holds_a_run() {
    Toy toy = Toy.of(folder, 100_000, "training.seed: 1");
    try (JarProcess process =
        JarProcess.start(folder, environment(KEY), worker(toy, "online", ""))) {
      Events.until(process, () -> server.runs().all().stream().anyMatch(run -> run.posts() > 0));
      FakeRun run = server.runs().all().iterator().next();
      run.pressStop();

      var ended = process.await(Duration.ofMinutes(2));

      assertThat(ended.code()).as(ended.out()).isEqualTo(1);
      assertThat(ended.out()).contains("Stop button");
      assertThat(run.state()).isEqualTo("killed");
      assertThat(Status.of(folder, "toy.yaml", "root").get(0).path("state").asString())
          .isEqualTo("held");
    }
  }

  @Test
  void an_offline_sweep_is_delivered_once_by_sync() throws Exception {
    Toy toy = Toy.of(folder, 60, "training.seed: {values: [1, 2]}");
    var trained = JarProcess.run(folder, environment("none"), worker(toy, "offline", ""));
    List<Path> files = offlineFiles();
    int before = server.requests().all().size();

    var sent = JarProcess.run(folder, environment(KEY), List.of("sync", "--storage", "root"));
    server.requests().clear();
    var again = JarProcess.run(folder, environment(KEY), List.of("sync", "--storage", "root"));

    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(before).isZero();
    assertThat(files).hasSize(POINTS);
    assertThat(sent.code()).as(sent.out() + sent.err()).isZero();
    assertThat(server.runs().all()).hasSize(POINTS).allSatisfy(this::whole);
    assertThat(again.out()).contains("Nothing waits");
    assertThat(server.requests().all()).isEmpty();
  }

  @Test
  void a_wrong_key_is_one_sentence_that_does_not_show_it() {
    server.accounts().accept(KEY);
    String wrong = "f".repeat(40);
    Toy toy = Toy.of(folder, 10, "training.seed: 1");

    var ended = JarProcess.run(folder, environment(wrong), worker(toy, "online", ""));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err().lines().filter(line -> line.startsWith("Error: "))).hasSize(1);
    assertThat(ended.out() + ended.err()).doesNotContain(wrong).doesNotContain("\tat ");
    assertThat(folder.resolve("root/out/e2e/.locks/.entity")).doesNotExist();
  }

  /** Finished there, with every row of its journal once and in order. */
  private void whole(FakeRun run) {
    assertThat(run.state()).isEqualTo("finished");
    List<Fields> there = run.history().stream().map(WandbIT::fields).toList();
    assertThat(there.stream().map(row -> row.members().get("_step")))
        .isEqualTo(
            LongStream.rangeClosed(0, there.size() - 1).boxed().map(Object.class::cast).toList());
    assertThat(there.stream().map(WandbIT::reproducible).toList())
        .isEqualTo(journal(run.address().name()).stream().map(WandbIT::reproducible).toList());
  }

  private static List<Object> reproducible(Fields row) {
    List<Object> values = new ArrayList<>();
    for (String name : List.of("iter", "train/loss", "lr", "val/plain_loss")) {
      values.add(String.valueOf(row.members().get(name)));
    }
    return values;
  }

  private List<Fields> journal(String runId) {
    try (Stream<Path> all = Files.walk(folder.resolve("root/out/e2e/toy"))) {
      Path file =
          all.filter(path -> path.endsWith("metrics.jsonl"))
              .filter(path -> path.toString().contains("/" + runId + "_s"))
              .findFirst()
              .orElseThrow();
      return Files.readAllLines(file).stream().map(WandbIT::fields).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Fields fields(String line) {
    try {
      return Fields.of(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (dev.sweeprunner.json.UnreadableJson e) {
      throw new AssertionError(line, e);
    }
  }

  private List<Path> offlineFiles() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("root/wandb"))) {
      return all.filter(path -> path.toString().endsWith(".wandb")).toList();
    }
  }

  private List<Path> waiting() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("root/out/e2e/.wandb"))) {
      return all.toList();
    }
  }

  private List<String> worker(Toy toy, String mode, String more) {
    List<String> words = toy.worker("root", "w", "--wandb", mode, "--wandb.post", "300ms");
    words.addAll(List.of("--wandb.beat", "500ms", "--wandb.settle", "2s", "--wandb.fresh", "1s"));
    if (!more.isEmpty()) {
      words.add(more);
    }
    return words;
  }

  private Map<String, String> environment(String key) {
    return key.equals("none")
        ? Map.of("WANDB_BASE_URL", server.url(), "NETRC", "/dev/null")
        : Map.of("WANDB_BASE_URL", server.url(), "WANDB_API_KEY", key);
  }
}
