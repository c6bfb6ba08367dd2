package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a worker that trains tells over HTTP, in good times and in bad ones. */
class MonitoringIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  void two_workers_on_one_host_have_a_port_each_and_tell_what_they_do() throws Exception {
    Toy toy = Toy.of(folder, 1_000_000, "training.seed: {values: [1, 2]}");

    try (JarProcess first = start(toy, "w1", Map.of());
        JarProcess second = start(toy, "w2", Map.of())) {
      int port = trains("w1", first);
      Answer health = get(port, "health");
      Answer metrics = get(port, "prometheus");

      assertThat(trains("w2", second)).isNotEqualTo(port);
      assertThat(health.status()).isEqualTo(200);
      assertThat(health.json().at("/components").propertyNames())
          .containsExactly(
              "claim", "livenessState", "readinessState", "storage", "training", "wandb", "worker");
      assertThat(health.json().at("/components/claim/details/claim").asInt()).isEqualTo(1);
      assertThat(get(port, "health/liveness").status()).isEqualTo(200);
      assertThat(get(port, "info").json().at("/worker/name").asString()).isEqualTo("w1");
      assertThat(get(port, "info").json().at("/sweep").asString()).endsWith("toy.yaml");
      assertThat(metrics.status()).isEqualTo(200);
      assertThat(metrics.value("run_iteration")).isPositive();
      assertThat(metrics.value("run_iterations_planned")).isEqualTo(1_000_000);
      assertThat(metrics.value("run_loss")).isPositive();
      assertThat(metrics.value("run_tokens_per_second")).isPositive();
      assertThat(metrics.value("claims_total")).isEqualTo(1);
      assertThat(metrics.value("journal_rows_total")).isPositive();
      assertThat(get(port, "env").status()).isEqualTo(404);
      JsonNode page = JsonMapper.shared().readTree(address(port, "/api/sweeps").text());
      assertThat(page.at("/sweeps/0/counts").toString()).isEqualTo("{\"training\":2}");
      assertThat(page.at("/workers").size()).isEqualTo(2);
      assertThat(address(port, "/").text()).startsWith("<!DOCTYPE html>");
    }
  }

  @Test
  void the_page_is_served_until_a_signal_comes_and_kept_as_a_file() throws Exception {
    Toy.of(folder, 10, "training.seed: 1");
    List<String> sweep = List.of("--sweep", "toy.yaml", "--storage", "root");
    List<String> open = new ArrayList<>(List.of("serve", "--address", "0.0.0.0"));
    List<String> export = new ArrayList<>(List.of("serve", "--export", "page.html"));
    List<String> serve = new ArrayList<>(List.of("serve"));
    List.of(open, export, serve).forEach(words -> words.addAll(sweep));

    JarProcess.Ended refused = JarProcess.run(folder, open);
    JarProcess.Ended exported = JarProcess.run(folder, export);

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--token-file", "ssh -L");
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(exported.out()).startsWith(folder.resolve("page.html") + ": ");
    assertThat(Files.readString(folder.resolve("page.html"))).contains("id=\"export\"");
    try (JarProcess process = JarProcess.start(folder, serve)) {
      await().atMost(LIMIT).until(() -> process.printed().contains("From elsewhere: ssh -L "));
      String place = process.printed().lines().findFirst().orElseThrow().substring(6);
      int port = URI.create(place).getPort();

      assertThat(address(port, "/api/sweeps").text()).contains("\"counts\":{\"unclaimed\":1}");
      process.signal("TERM");
      assertThat(process.await(LIMIT).code()).isZero();
    }
  }

  @Test
  void the_script_of_the_page_finds_the_ports_of_this_host() throws Exception {
    String page = Files.readString(Path.of("docs", "monitoring.md"));
    int start = page.indexOf("```python\n") + "```python\n".length();
    Path script = folder.resolve("targets.py");
    Files.writeString(script, page.substring(start, page.indexOf("```", start)));
    Toy toy = Toy.of(folder, 1_000_000, "training.seed: 1");

    try (JarProcess process = start(toy, "w1", Map.of())) {
      int port = trains("w1", process);
      assertThat(targets(script)).isEqualTo("[{\"targets\": [\"127.0.0.1:" + port + "\"]}]");
      process.signal("TERM");
      process.await(LIMIT);
    }

    assertThat(targets(script)).isEqualTo("[]");
  }

  private String targets(Path script) throws Exception {
    Process python =
        new ProcessBuilder("python3", script.toString(), folder.resolve("root").toString())
            .redirectErrorStream(true)
            .start();
    return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void without_wandb_a_worker_is_up_and_says_since_when() throws Exception {
    Toy toy = Toy.of(folder, 1_000_000, "training.seed: 1\nlogging.wandb_log: true");
    Map<String, String> away =
        Map.of(
            "WANDB_BASE_URL", "http://127.0.0.1:" + closedPort(), "WANDB_API_KEY", "0".repeat(40));

    try (JarProcess process = start(toy, "w1", away, "--wandb", "online", "--wandb-down", "open")) {
      int port = trains("w1", process);
      await().atMost(LIMIT).until(() -> get(port, "prometheus").value("wandb_away_seconds") > 0);
      Answer health = get(port, "health");

      assertThat(health.status()).isEqualTo(200);
      assertThat(health.json().at("/components/wandb/status").asString()).isEqualTo("UP");
      assertThat(health.json().at("/components/wandb/details/mode").asString()).isEqualTo("online");
      assertThat(health.json().at("/components/wandb/details/reason").asString()).isNotEmpty();
      assertThat(get(port, "prometheus").value("wandb_failures_total")).isPositive();
    }
  }

  @Test
  void a_storage_that_takes_no_writes_is_told_while_training_goes_on() throws Exception {
    Toy toy = Toy.of(folder, 1_000_000, "training.seed: 1");

    try (JarProcess process = start(toy, "w1", Map.of())) {
      int port = trains("w1", process);
      Path workers = folder.resolve("root/out/.workers");
      Files.move(workers, folder.resolve("away"));
      Files.writeString(workers, "no folder"); // refuses whoever runs this, root too
      Answer storage = get(port, "health/storage");

      assertThat(storage.status()).isEqualTo(503);
      assertThat(storage.json().at("/details/reason").asString()).contains(".workers");
      assertThat(storage.json().at("/details/probeMillis").asInt(-1)).isNotNegative();
      assertThat(get(port, "health").status()).isEqualTo(503);
      assertThat(get(port, "health/liveness").status()).isEqualTo(200);
      await().atMost(LIMIT).until(() -> get(port, "prometheus").value("storage_up") == 0);
    }
  }

  @Test
  void a_worker_that_hangs_is_not_alive() throws Exception {
    Toy toy = Toy.of(folder, 1_000_000, "training.seed: 1");
    String[] hangs = {
      "--claim.hang", "3s", "--test.crash-at", "publish.renamed#2", "--test.crash-how", "hang"
    };

    try (JarProcess process = start(toy, "w1", Map.of(), hangs)) {
      int port = trains("w1", process);
      await().atMost(LIMIT).until(() -> get(port, "health/liveness").status() == 503);
      Answer training = get(port, "health/training");

      assertThat(training.json().at("/status").asString()).isEqualTo("DOWN");
      assertThat(training.json().at("/details/reason").asString())
          .matches("no progress for \\d+ s");
      assertThat(get(port, "prometheus").value("run_progress_age_seconds")).isGreaterThan(3);
    }
  }

  @Test
  void a_worker_without_the_web_listens_nowhere() throws Exception {
    Toy toy = Toy.of(folder, 1_000_000, "training.seed: 1");

    try (JarProcess process = JarProcess.start(folder, words(toy, "w1", "--no-web"))) {
      await().atMost(LIMIT).until(() -> report("w1").at("/activity").asString().equals("training"));

      assertThat(report("w1").at("/port").asInt()).isEqualTo(-1);
      assertThat(process.alive()).isTrue();
    }
  }

  private JarProcess start(Toy toy, String name, Map<String, String> environment, String... more) {
    return JarProcess.start(folder, environment, words(toy, name, more));
  }

  private static List<String> words(Toy toy, String name, String... more) {
    List<String> words = toy.worker("root", name, more);
    words.remove("--no-web");
    if (List.of(more).contains("--no-web")) {
      words.add("--no-web");
    }
    return words;
  }

  /** The worker's port, once its first row is there. */
  private int trains(String name, JarProcess process) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              assertThat(process.alive()).as(process.printed()).isTrue();
              int port = report(name).at("/port").asInt(-1);
              return port > 0 && get(port, "prometheus").text().contains("sweep_runner_run_loss{");
            });
    return report(name).at("/port").asInt();
  }

  /** What the worker says of itself on disk. */
  private JsonNode report(String name) {
    try {
      return JsonMapper.shared()
          .readTree(Files.readString(folder.resolve("root/out/.workers/" + name + ".json")));
    } catch (IOException notYet) {
      return JsonMapper.shared().createObjectNode();
    }
  }

  private static Answer get(int port, String path) {
    return address(port, "/actuator/" + path);
  }

  private static Answer address(int port, String path) {
    URI address = URI.create("http://127.0.0.1:" + port + path);
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build(),
                  HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (ConnectException notYet) {
      return new Answer(0, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private record Answer(int status, String text) {
    JsonNode json() {
      return JsonMapper.shared().readTree(text);
    }

    /** The value of a metric that has one, or NaN. */
    double value(String name) {
      return text.lines()
          .filter(line -> line.matches("sweep_runner_" + name + "[{ ].*"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .findFirst()
          .orElse(Double.NaN);
    }
  }
}
