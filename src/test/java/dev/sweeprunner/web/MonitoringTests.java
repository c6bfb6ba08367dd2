package dev.sweeprunner.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Requests;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.handler.AbstractHandlerMethodMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import tools.jackson.databind.JsonNode;

class MonitoringTests {
  private static final Path PAGE = Path.of("docs", "monitoring.md");
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
  private static final Pattern ROW = Pattern.compile("\\| `(sweep_runner_\\w+)` \\|(.*)\\|(.*)\\|");
  private static final Duration TOO_LONG = Watched.HANG.plusSeconds(1);

  private final Watched worker;

  MonitoringTests(@TempDir Path folder, @TempDir Path grid) {
    worker = new Watched(folder, grid);
  }

  @BeforeEach
  void begin() {
    worker.holdsARun();
  }

  @AfterEach
  void stop() {
    worker.close();
  }

  @Test
  void three_endpoints_answer_and_all_of_them_only_read() throws IOException {
    TreeSet<String> paths = new TreeSet<>();
    for (AbstractHandlerMethodMapping<?> mapping :
        worker.context().getBeansOfType(AbstractHandlerMethodMapping.class).values()) {
      mapping
          .getHandlerMethods()
          .keySet()
          .forEach(info -> paths.addAll(described((RequestMappingInfo) info)));
    }

    assertThat(paths)
        .containsExactly(
            "[GET] /actuator/health",
            "[GET] /actuator/health/**",
            "[GET] /actuator/info",
            "[GET] /actuator/prometheus",
            "[] /error"); // for the server itself; whoever asks for it finds nothing
    for (String path : List.of("health", "info", "prometheus")) {
      assertThat(worker.open("/actuator/" + path).getResponseCode()).as(path).isEqualTo(200);
      for (String method : List.of("POST", "PUT", "DELETE")) {
        HttpURLConnection changing = worker.open("/actuator/" + path);
        changing.setRequestMethod(method);
        assertThat(changing.getResponseCode()).as(method + " " + path).isEqualTo(405);
      }
    }
  }

  @Test
  void the_page_stands_beside_them_and_is_made_when_somebody_asks_for_it() throws IOException {
    worker.open("/actuator/health").getResponseCode();
    worker.open("/elsewhere").getResponseCode();
    int before = worker.pages.get();

    for (String path : List.of("/", "/api/sweeps", "/page.js", "/page.css", "/index.html")) {
      HttpURLConnection answer = worker.open(path);
      assertThat(new String(answer.getInputStream().readAllBytes(), UTF_8))
          .isEqualTo("page " + path);
    }

    assertThat(before).isZero();
    assertThat(worker.pages.get()).isEqualTo(1);
    assertThat(worker.open("/elsewhere").getResponseCode()).isEqualTo(404);
    assertThat(worker.open("/actuator/info").getResponseCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auditevents",
        "beans",
        "caches",
        "conditions",
        "configprops",
        "env",
        "flyway",
        "heapdump",
        "httpexchanges",
        "integrationgraph",
        "jolokia",
        "liquibase",
        "logfile",
        "loggers",
        "mappings",
        "metrics",
        "quartz",
        "refresh",
        "restart",
        "sbom",
        "scheduledtasks",
        "sessions",
        "shutdown",
        "startup",
        "threaddump"
      })
  void no_other_endpoint_of_boot_answers(String id) throws IOException {
    assertThat(worker.open("/actuator/" + id).getResponseCode()).isEqualTo(404);
  }

  @Test
  void a_run_that_makes_no_progress_for_the_hang_limit_is_not_alive() throws IOException {
    JsonNode before = worker.json("/actuator/health/liveness");
    worker.clock.advance(Watched.HANG);
    int atTheLimit = worker.open("/actuator/health/liveness").getResponseCode();
    worker.clock.advance(Duration.ofSeconds(1));
    JsonNode training = worker.json("/actuator/health/training");

    assertThat(before.at("/components/training/status").asString()).isEqualTo("UP");
    assertThat(atTheLimit).isEqualTo(200);
    assertThat(worker.open("/actuator/health/liveness").getResponseCode()).isEqualTo(503);
    assertThat(worker.open("/actuator/health").getResponseCode()).isEqualTo(503);
    assertThat(training.at("/status").asString()).isEqualTo("DOWN");
    assertThat(training.at("/details/reason").asString()).isEqualTo("no progress for 30 min");
    assertThat(training.at("/details/runId").asString()).isEqualTo(worker.point.runId());
    assertThat(training.at("/details/progressAgeSeconds").asLong()).isEqualTo(1801);

    worker.meter.completed(0, Duration.ofSeconds(1), 0);

    assertThat(worker.open("/actuator/health/liveness").getResponseCode()).isEqualTo(200);
  }

  @Test
  void the_report_of_a_run_that_gets_on_may_be_old() throws IOException {
    worker.clock.advance(TOO_LONG);
    worker.meter.published(worker.point, Situations.checkpoint(1), Duration.ofSeconds(1));

    assertThat(worker.open("/actuator/health").getResponseCode()).isEqualTo(200);
    assertThat(worker.json("/actuator/health").at("/components/worker/details/reportAgeSeconds"))
        .hasToString("1801");
  }

  @Test
  void a_worker_that_waits_is_alive_for_as_long_as_it_waits() throws IOException {
    worker.meter.ended(worker.point, Outcome.FINISHED, "");
    worker.status = waiting();
    worker.clock.advance(TOO_LONG);

    assertThat(worker.open("/actuator/health/liveness").getResponseCode()).isEqualTo(200);
  }

  @Test
  void a_claim_says_how_old_its_lease_is_and_is_down_once_others_may_take_it() throws IOException {
    worker.claim.renewed(Duration.ofSeconds(29));
    JsonNode young = worker.json("/actuator/health/claim");
    worker.claim.renewed(Watched.EXPIRY);
    JsonNode old = worker.json("/actuator/health/claim");

    assertThat(young.at("/status").asString()).isEqualTo("UP");
    assertThat(young.at("/details"))
        .hasToString(
            "{\"runId\":\""
                + worker.point.runId()
                + "\",\"claim\":3,\"leaseAgeSeconds\":29,\"expirySeconds\":600}");
    assertThat(old.at("/status").asString()).isEqualTo("DOWN");
    assertThat(old.at("/details/reason").asString())
        .isEqualTo("not renewed for 600 s: others may take the run over");
    assertThat(worker.open("/actuator/health").getResponseCode()).isEqualTo(503);
    assertThat(worker.open("/actuator/health/liveness").getResponseCode()).isEqualTo(200);
  }

  @Test
  void a_claim_that_another_worker_has_is_down() throws IOException {
    worker.claim.superseded(true);

    JsonNode claim = worker.json("/actuator/health/claim");

    assertThat(claim.at("/status").asString()).isEqualTo("DOWN");
    assertThat(claim.at("/details/reason").asString())
        .isEqualTo("another worker has taken the run over");
  }

  @Test
  void without_a_run_the_claim_is_up() throws IOException {
    worker.meter.ended(worker.point, Outcome.FINISHED, "");

    assertThat(worker.json("/actuator/health/claim")).hasToString("{\"status\":\"UP\"}");
  }

  @Test
  void the_relay_is_a_component_once_a_program_needed_it() throws IOException {
    boolean before = worker.json("/actuator/health").at("/components").has("relay");
    worker.relay = Optional.of(new Relay.Standing(true, 1, 25));
    JsonNode listening = worker.json("/actuator/health/relay");
    worker.relay = Optional.of(new Relay.Standing(false, 1, 25));

    assertThat(before).isFalse();
    assertThat(listening)
        .hasToString("{\"details\":{\"programs\":1,\"rowsTaken\":25},\"status\":\"UP\"}");
    assertThat(worker.json("/actuator/health/relay").at("/status").asString()).isEqualTo("DOWN");

    worker.relay = Optional.of(new Relay.Standing(false, 0, 25));

    assertThat(worker.json("/actuator/health/relay").at("/status").asString()).isEqualTo("UP");
  }

  @Test
  void info_says_what_runs_here() throws IOException {
    JsonNode info = worker.json("/actuator/info");
    worker.commit = null;

    assertThat(info.at("/version").asString()).isEqualTo("1.0");
    assertThat(info.at("/commit").asString()).isEqualTo("0123abc");
    assertThat(info.at("/sweep").asString()).isEqualTo("sweep.yaml");
    assertThat(info.at("/worker/name").asString()).isEqualTo("w1");
    assertThat(info.at("/worker/device").asString()).isEqualTo("cpu");
    assertThat(worker.json("/actuator/info").has("commit")).isFalse();
  }

  @Test
  void metrics_tell_of_the_run_and_of_what_was_done() throws IOException {
    worker.meter.row(worker.point, row(1, Map.of("train/loss", 3.25)), 640, null);
    worker.meter.completed(0, Duration.ofSeconds(1), 640);
    worker.meter.published(worker.point, Situations.checkpoint(1), Duration.ofSeconds(2));
    worker.requests = new Requests(4, Duration.ofSeconds(3), 2, 1);
    String run = "{cluster=\"local\",run_id=\"" + worker.point.runId() + "\",sweep=\"sweep.yaml\"";

    List<String> lines = worker.text("/actuator/prometheus").lines().toList();

    assertThat(lines)
        .contains(
            "sweep_runner_run_iteration" + run + ",worker=\"w1\"} 1.0",
            "sweep_runner_run_iterations_planned" + run + ",worker=\"w1\"} 40.0",
            "sweep_runner_run_tokens_per_second" + run + ",worker=\"w1\"} 640.0",
            "sweep_runner_run_loss{cluster=\"local\",metric=\"train/loss\",run_id=\""
                + worker.point.runId()
                + "\",sweep=\"sweep.yaml\",worker=\"w1\"} 3.25",
            plain("claims_total", "1.0"),
            plain("takeovers_total", "0.0"),
            plain("journal_rows_total", "1.0"),
            plain("publish_seconds_count", "1"),
            plain("publish_seconds_sum", "2.0"),
            plain("wandb_request_seconds_count", "4"),
            plain("wandb_request_seconds_sum", "3.0"),
            plain("wandb_failures_total", "2.0"),
            plain("wandb_retries_total", "1.0"),
            plain("storage_up", "1.0"),
            "sweep_runner_activity{activity=\"training\",cluster=\"local\",worker=\"w1\"} 1.0",
            "sweep_runner_activity{activity=\"waiting\",cluster=\"local\",worker=\"w1\"} 0.0");
  }

  @Test
  void what_is_not_known_is_not_told() throws IOException {
    worker.meter.ended(worker.point, Outcome.FINISHED, "");

    String text = worker.text("/actuator/prometheus");

    assertThat(text)
        .doesNotContain("\nsweep_runner_run_", "\nsweep_runner_wandb_answer_age", "NaN")
        .contains(
            "sweep_runner_runs_total{cluster=\"local\",outcome=\"finished\",worker=\"w1\"} 1.0");
  }

  @Test
  void the_next_run_takes_the_place_of_the_one_before() throws IOException {
    worker.text("/actuator/prometheus");
    worker.status = ToldWorkers.status(Situations.owner("w1"), "9f3c21aa", 1);
    worker.meter.completed(6, Duration.ZERO, 0);

    assertThat(worker.text("/actuator/prometheus").lines())
        .filteredOn(line -> line.startsWith("sweep_runner_run_iteration{"))
        .singleElement()
        .asString()
        .endsWith(" 7.0");
  }

  @Test
  void a_storage_that_takes_no_writes_is_down_in_both() throws IOException {
    worker.complaint = Optional.of("Read-only file system");

    assertThat(worker.text("/actuator/prometheus")).contains(plain("storage_up", "0.0"));
    assertThat(worker.json("/actuator/health/storage").at("/details/reason").asString())
        .isEqualTo("Read-only file system");
    assertThat(worker.open("/actuator/health").getResponseCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,"
            + "*/*;q=0.2",
        "*/*"
      })
  void every_prometheus_is_answered_in_text(String accepts) throws IOException {
    HttpURLConnection connection = worker.open("/actuator/prometheus");
    connection.setRequestProperty("Accept", accepts);

    assertThat(connection.getResponseCode()).isEqualTo(200);
    assertThat(connection.getContentType()).isEqualTo("text/plain;version=0.0.4;charset=utf-8");
  }

  @Test
  void names_of_a_program_cannot_break_the_format() throws IOException {
    worker.meter.row(worker.point, row(1, Map.of("loss\"}\n\\x", 1.0)), 0, null);

    assertThat(worker.text("/actuator/prometheus"))
        .contains("metric=\"loss\\\"}\\n\\\\x\"")
        .doesNotContain("\n\\x");
  }

  @Test
  void the_page_lists_every_metric_with_its_meaning() throws IOException {
    worker.delivery = new Delivery("online", Duration.ofSeconds(1), 0, null, null);
    worker.relay = Optional.of(new Relay.Standing(true, 1, 25));
    worker.meter.row(worker.point, row(1, Map.of("loss", 1.0)), 640, null);
    worker.meter.completed(0, Duration.ofSeconds(1), 640);
    Map<String, String> told = new TreeMap<>();
    Matcher help = HELP.matcher(worker.text("/actuator/prometheus"));
    while (help.find()) {
      told.put(help.group(1), help.group(2));
    }
    Map<String, String> page = new TreeMap<>();
    Map<String, String> units = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      page.put(row.group(1), row.group(3).strip());
      units.put(row.group(1), row.group(2).strip());
    }

    assertThat(page).isEqualTo(told);
    assertThat(units)
        .allSatisfy(
            (name, unit) ->
                assertThat(unit.equals("seconds")).as(name).isEqualTo(name.endsWith("_seconds")));
    assertThat(units.values()).doesNotContain("");
  }

  private static String plain(String name, String value) {
    return "sweep_runner_" + name + "{cluster=\"local\",worker=\"w1\"} " + value;
  }

  private WorkerReport.Status waiting() {
    return ToldWorkers.status(Situations.owner("w1"), null, 0);
  }

  private static Row row(long step, Map<String, Double> values) {
    return new Row(step, values, Map.of());
  }

  private static List<String> described(RequestMappingInfo info) {
    return info.getPatternValues().stream()
        .map(path -> info.getMethodsCondition().getMethods() + " " + path)
        .toList();
  }
}
