package dev.sweeprunner.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Delivery;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HealthEndpointTests {
  @TempDir static Path folder;
  @TempDir static Path grid;
  private static Watched worker;

  @BeforeAll
  static void start() {
    worker = new Watched(folder, grid);
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  @Test
  void the_server_makes_no_folder_and_serves_no_file() throws IOException {
    Files.writeString(folder.resolve("w1.json"), "{}");
    TomcatWebServer server =
        (TomcatWebServer)
            Objects.requireNonNull(((WebServerApplicationContext) worker.context()).getWebServer());

    assertThat(worker.open("/w1.json").getResponseCode()).isEqualTo(404);
    assertThat(server.getTomcat().getServer().getCatalinaBase().toPath())
        .isEqualTo(folder.toRealPath());
    assertThat(folder.toFile().list()).containsExactly("w1.json");
  }

  @Test
  void the_port_is_told() {
    assertThat(worker.port()).isPositive();
  }

  @Test
  void health_says_what_the_worker_does() throws IOException {
    JsonNode shown = health().at("/components/worker");

    assertThat(shown.at("/status").asString()).isEqualTo("UP");
    assertThat(shown.at("/details/worker").asString()).isEqualTo("w1");
    assertThat(shown.at("/details/activity").asString()).isEqualTo("training");
    assertThat(shown.at("/details/runId").asString()).isEqualTo("9f3c21aa");
    assertThat(shown.at("/details/tokensPerSecond").asDouble()).isEqualTo(640);
  }

  @Test
  void a_storage_that_takes_no_writes_is_down() throws IOException {
    worker.complaint = Optional.of("the disk is full");
    try {
      JsonNode health = health();

      assertThat(health.at("/status").asString()).isEqualTo("DOWN");
      assertThat(health.at("/components/storage/details/reason").asString())
          .isEqualTo("the disk is full");
    } finally {
      worker.complaint = Optional.empty();
    }
  }

  @Test
  void a_worker_whose_words_do_not_reach_wandb_is_up_and_says_so() throws IOException {
    JsonNode unused = health().at("/components/wandb/details");
    worker.delivery =
        new Delivery("online", Duration.ofSeconds(200), 340, Duration.ofMinutes(3), "refused");
    try {
      JsonNode wandb = health().at("/components/wandb");

      assertThat(unused.toString()).isEqualTo("{\"mode\":\"disabled\",\"rowsWaiting\":0}");
      assertThat(health().at("/status").asString()).isEqualTo("UP");
      assertThat(wandb.at("/status").asString()).isEqualTo("UP");
      assertThat(wandb.at("/details/mode").asString()).isEqualTo("online");
      assertThat(wandb.at("/details/lastAnswerAgeSeconds").asLong()).isEqualTo(200);
      assertThat(wandb.at("/details/rowsWaiting").asLong()).isEqualTo(340);
      assertThat(wandb.at("/details/unreachableForSeconds").asLong()).isEqualTo(180);
      assertThat(wandb.at("/details/reason").asString()).isEqualTo("refused");
    } finally {
      worker.delivery = Delivery.quiet("disabled");
    }
  }

  @Test
  void a_worker_that_hangs_is_down() throws IOException {
    worker.clock.advance(Duration.ofMinutes(31));
    try {
      JsonNode shown = health().at("/components/worker");

      assertThat(shown.at("/status").asString()).isEqualTo("DOWN");
      assertThat(shown.at("/details/reason").asString()).isEqualTo("no progress for 31 min");
    } finally {
      worker.clock.advance(Duration.ofMinutes(-31));
    }
  }

  @Test
  void nothing_but_health_info_and_metrics_is_exposed() throws IOException {
    for (String path : new String[] {"env", "beans", "metrics", "shutdown", "heapdump"}) {
      assertThat(worker.open("/actuator/" + path).getResponseCode()).as(path).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/error", "/error/", "/error?status=200", "/actuator", "/nothing"})
  void whatever_is_not_served_is_not_found(String path) throws IOException {
    HttpURLConnection connection = worker.open(path);
    connection.setRequestProperty("Accept", "application/json");

    assertThat(connection.getResponseCode()).isEqualTo(404);
    JsonNode body = JsonMapper.shared().readTree(connection.getErrorStream().readAllBytes());
    assertThat(body.at("/status").asInt()).isEqualTo(404);
  }

  private static JsonNode health() throws IOException {
    return worker.json("/actuator/health");
  }
}
