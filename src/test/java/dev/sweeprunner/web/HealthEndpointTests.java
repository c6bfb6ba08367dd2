package dev.sweeprunner.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HealthEndpointTests {
  private static final SettableClock CLOCK = new SettableClock();
  private static final AtomicInteger PORT = new AtomicInteger(-1);
  private static final AtomicReference<Optional<String>> COMPLAINT =
      new AtomicReference<>(Optional.empty());
  private static final AtomicReference<Delivery> DELIVERY =
      new AtomicReference<>(Delivery.quiet("disabled"));
  @TempDir static Path folder;
  private static ConfigurableApplicationContext context;

  @BeforeAll
  static void start() {
    Vitals vitals =
        new Vitals(
            () -> ToldWorkers.status(Situations.owner("w1"), "9f3c21aa", 640),
            COMPLAINT::get,
            DELIVERY::get,
            PORT::set,
            CLOCK,
            folder,
            Duration.ofMinutes(30));
    context =
        new SpringApplicationBuilder(Server.class)
            .web(WebApplicationType.SERVLET)
            .properties(
                "spring.autoconfigure.exclude="
                    + "org.springframework.shell.core.autoconfigure.SpringShellAutoConfiguration,"
                    + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                    + "org.springframework.boot.batch.autoconfigure.BatchAutoConfiguration")
            .initializers(
                c -> ((GenericApplicationContext) c).registerBean(Vitals.class, () -> vitals))
            .run("--server.port=0");
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  @Test
  void the_server_makes_no_folder_and_serves_no_file() throws IOException {
    Files.writeString(folder.resolve("w1.json"), "{}");
    TomcatWebServer server =
        (TomcatWebServer)
            Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer());

    assertThat(open("/w1.json").getResponseCode()).isEqualTo(404);
    assertThat(server.getTomcat().getServer().getCatalinaBase().toPath())
        .isEqualTo(folder.toRealPath());
    assertThat(folder.toFile().list()).containsExactly("w1.json");
  }

  @Test
  void the_port_is_told() {
    assertThat(PORT.get()).isPositive();
  }

  @Test
  void health_says_what_the_worker_does() throws IOException {
    JsonNode worker = health().at("/components/worker");

    assertThat(worker.at("/status").asString()).isEqualTo("UP");
    assertThat(worker.at("/details/worker").asString()).isEqualTo("w1");
    assertThat(worker.at("/details/activity").asString()).isEqualTo("training");
    assertThat(worker.at("/details/runId").asString()).isEqualTo("9f3c21aa");
    assertThat(worker.at("/details/tokensPerSecond").asDouble()).isEqualTo(640);
  }

  @Test
  void a_storage_that_takes_no_writes_is_down() throws IOException {
    COMPLAINT.set(Optional.of("the disk is full"));
    try {
      JsonNode health = health();

      assertThat(health.at("/status").asString()).isEqualTo("DOWN");
      assertThat(health.at("/components/storage/details/reason").asString())
          .isEqualTo("the disk is full");
    } finally {
      COMPLAINT.set(Optional.empty());
    }
  }

  @Test
  void a_worker_whose_words_do_not_reach_wandb_is_up_and_says_so() throws IOException {
    JsonNode unused = health().at("/components/wandb/details");
    DELIVERY.set(
        new Delivery("online", Duration.ofSeconds(200), 340, Duration.ofMinutes(3), "refused"));
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
      DELIVERY.set(Delivery.quiet("disabled"));
    }
  }

  @Test
  void a_worker_that_hangs_is_down() throws IOException {
    CLOCK.advance(Duration.ofMinutes(31));
    try {
      JsonNode worker = health().at("/components/worker");

      assertThat(worker.at("/status").asString()).isEqualTo("DOWN");
      assertThat(worker.at("/details/reason").asString()).isEqualTo("no progress for 31 min");
    } finally {
      CLOCK.advance(Duration.ofMinutes(-31));
    }
  }

  @Test
  void nothing_but_health_is_exposed() throws IOException {
    for (String path : new String[] {"env", "beans", "metrics", "shutdown", "heapdump"}) {
      assertThat(open("/actuator/" + path).getResponseCode()).as(path).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/error", "/error/", "/error?status=200", "/actuator", "/nothing"})
  void whatever_is_not_served_is_not_found(String path) throws IOException {
    HttpURLConnection connection = open(path);
    connection.setRequestProperty("Accept", "application/json");

    assertThat(connection.getResponseCode()).isEqualTo(404);
    JsonNode body = JsonMapper.shared().readTree(connection.getErrorStream().readAllBytes());
    assertThat(body.at("/status").asInt()).isEqualTo(404);
  }

  private static JsonNode health() throws IOException {
    HttpURLConnection connection = open("/actuator/health");
    InputStream body =
        connection.getResponseCode() < 400
            ? connection.getInputStream()
            : connection.getErrorStream();
    return JsonMapper.shared().readTree(new String(body.readAllBytes(), StandardCharsets.UTF_8));
  }

  private static HttpURLConnection open(String path) throws IOException {
    return (HttpURLConnection)
        URI.create("http://127.0.0.1:" + PORT.get() + path).toURL().openConnection();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(WebConfiguration.class)
  static class Server {}
}
