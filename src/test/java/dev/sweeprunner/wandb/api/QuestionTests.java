package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.FinishedPage.FinishedRun;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked, and how answers are read. */
class QuestionTests {
  private Loopback server;
  private WandbClient client;

  @BeforeEach
  void start() throws IOException {
    server = Loopback.http();
    client = new Rig(server.base()).patience(Patience.once()).client();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void the_viewer_is_asked_for_with_key_agent_and_user() throws Exception {
    server.says("{\"data\":{\"viewer\":{\"entity\":\"acme\",\"username\":\"ada\"}}}");

    Viewer viewer = client.viewer();

    assertThat(viewer).isEqualTo(new Viewer("acme", "ada"));
    assertThat(server.newest().path()).isEqualTo("/graphql");
    assertThat(server.newest().header("Authorization"))
        .isEqualTo("Basic YXBpOjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc=");
    assertThat(server.newest().header("User-Agent")).isEqualTo("sweep-runner/1.2");
    assertThat(server.newest().header("X-WANDB-USERNAME")).isEqualTo("ada");
    assertThat(server.newest().header("X-WANDB-USER-EMAIL")).isEqualTo("ada@example.org");
    assertThat(server.newest().json().text("operationName")).isEqualTo("Viewer");
  }

  @Test
  void a_viewer_without_an_entity_of_its_own_has_the_default_one_or_none() throws Exception {
    server
        .says("{\"data\":{\"viewer\":{\"entity\":\"\",\"defaultEntity\":{\"name\":\"team\"}}}}")
        .says("{\"data\":{\"viewer\":{\"username\":\"bot\",\"defaultEntity\":null}}}");

    assertThat(client.viewer().entity()).isEqualTo("team");
    assertThat(client.viewer()).isEqualTo(new Viewer(null, "bot"));
  }

  @Test
  void a_zipped_answer_is_asked_for_and_read() throws Exception {
    server.with(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = new GZIPOutputStream(exchange.getResponseBody())) {
            body.write("{\"data\":{\"viewer\":{\"entity\":\"acme\"}}}".getBytes());
          }
        });

    assertThat(client.viewer().entity()).isEqualTo("acme");
    assertThat(server.newest().header("Accept-Encoding")).contains("gzip");
  }

  @Test
  void states_of_eighty_runs_cost_one_request() throws Exception {
    List<String> ids = IntStream.range(0, 80).mapToObj(i -> "r" + i).toList();
    server.says(200, page(80, ids, null), "Date", Loopback.DATE);

    States states = client.states("acme", "grid", ids);

    assertThat(states.runs()).hasSize(80);
    assertThat(server.requests()).hasSize(1);
    Fields variables = server.newest().variables();
    assertThat(variables.number("first")).isEqualTo(80);
    Fields filter = Fields.of(variables.text("filters").getBytes());
    assertThat(filter.object("name").texts("$in")).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void a_state_is_read_leniently() throws Exception {
    server.says(
        "{\"data\":{\"project\":{\"runCount\":3,\"runs\":{\"edges\":["
            + "{\"node\":{\"name\":\"a\",\"state\":\"Running\",\"heartbeatAt\":"
            + "\"2026-11-23T17:59:30\",\"summaryMetrics\":\"{\\\"iter\\\":12.0,"
            + "\\\"train/loss\\\":0.5,\\\"val/translation_loss\\\":\\\"NaN\\\"}\",\"config\":"
            + "\"{\\\"sweep_runner\\\":{\\\"value\\\":{\\\"cluster\\\":\\\"north\\\"}}}\"}},"
            + "{\"node\":{\"name\":\"b\",\"state\":null,\"heartbeatAt\":null,"
            + "\"summaryMetrics\":\"{\\\"iter\\\":NaN}\"}},"
            + "{\"node\":{\"name\":\"c\",\"state\":\"odd\",\"heartbeatAt\":"
            + "\"2026-11-23T18:59:30.5+01:00\",\"summaryMetrics\":null,\"config\":\"{\"}}],"
            + "\"pageInfo\":{\"endCursor\":\"x\",\"hasNextPage\":false}}}}}");

    States states = client.states("acme", "grid", List.of("a", "b", "c", "d"));

    assertThat(states.runs())
        .containsExactly(
            new RunState(
                "a",
                "running",
                Instant.parse("2026-11-23T17:59:30Z"),
                12,
                "north",
                Map.of("train/loss", 0.5, "val/translation_loss", Double.NaN)),
            new RunState("b", "", null, -1),
            new RunState("c", "odd", Instant.parse("2026-11-23T17:59:30.5Z"), -1));
  }

  @Test
  void the_time_of_an_answer_is_the_servers_else_this_machines() throws Exception {
    server.with(
        exchange -> {
          byte[] body = page(1, List.of("a"), null).getBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        });

    States states = client.states("acme", "grid", List.of("a"));

    assertThat(states.asOf()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(states.asOf()).isNotEqualTo(Rig.NOW);
    assertThat(client.states("acme", "grid", List.of()).asOf()).isEqualTo(Rig.NOW);
  }

  @Test
  void short_pages_are_followed_and_runs_counted_once() throws Exception {
    server
        .says(page(3, List.of("a", "b"), "c1"))
        .says(page(3, List.of("b"), "c2"))
        .says(page(3, List.of("b", "c"), null));

    States states = client.states("acme", "grid", List.of("a", "b", "c", "d"));

    assertThat(states.runs()).extracting(RunState::runId).containsExactly("a", "b", "c");
    assertThat(server.newest().variables().text("after")).isEqualTo("c2");
  }

  @Test
  void pages_that_never_end_are_left() {
    for (int i = 0; i < 10; i++) {
      server.says(page(2, List.of("a"), "same"));
    }

    WandbFailure.Kind kind = kind(() -> client.states("acme", "grid", List.of("a", "b")));

    assertThat(kind).isEqualTo(WandbFailure.Kind.UNREADABLE);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void runs_that_nobody_asked_for_and_missing_ones_make_an_answer_unreadable() {
    server.says(page(1, List.of("z"), null)).says(page(2, List.of("a"), null));

    assertThat(kind(() -> client.states("acme", "grid", List.of("a"))))
        .isEqualTo(WandbFailure.Kind.UNREADABLE);
    assertThat(kind(() -> client.states("acme", "grid", List.of("a", "b"))))
        .isEqualTo(WandbFailure.Kind.UNREADABLE);
  }

  @Test
  void no_project_has_no_runs_but_no_answer_is_no_answer() throws Exception {
    server.says("{\"data\":{\"project\":null}}").says("{\"data\":{}}").says("{}").says("");

    assertThat(client.states("acme", "grid", List.of("a")).runs()).isEmpty();
    for (int i = 0; i < 3; i++) {
      assertThat(kind(() -> client.states("acme", "grid", List.of("a"))))
          .isEqualTo(WandbFailure.Kind.UNREADABLE);
    }
  }

  @Test
  void more_than_a_chunk_is_refused() {
    List<String> ids = IntStream.range(0, 201).mapToObj(i -> "r" + i).toList();

    assertThatThrownBy(() -> client.states("acme", "grid", ids))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_run_is_read_with_its_whole_config() throws Exception {
    server.says(
        200,
        "{\"data\":{\"model\":{\"bucket\":{\"id\":\"UnVu\",\"name\":\"a1\",\"state\":\"CRASHED\","
            + "\"heartbeatAt\":\"2026-11-23T17:00:00Z\",\"stopped\":true,"
            + "\"config\":\"{\\\"lr\\\":{\\\"value\\\":0.1,\\\"desc\\\":null},"
            + "\\\"a.b\\\":{\\\"value\\\":null},\\\"bare\\\":3}\","
            + "\"summaryMetrics\":\"{\\\"loss\\\":Infinity,\\\"iter\\\":7}\","
            + "\"historyLineCount\":5,\"eventsLineCount\":null,\"logLineCount\":2}}}}",
        "Date",
        Loopback.DATE);

    RemoteRun run = client.run(Rig.RUN).orElseThrow();

    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("lr", 0.1);
    config.put("a.b", null);
    config.put("bare", 3L);
    assertThat(run.storageId()).isEqualTo("UnVu");
    assertThat(run.state()).isEqualTo("crashed");
    assertThat(run.stopped()).isTrue();
    assertThat(run.config()).isEqualTo(config);
    assertThat(run.summary()).containsEntry("loss", Double.POSITIVE_INFINITY);
    assertThat(List.of(run.historyLines(), run.eventsLines(), run.logLines()))
        .containsExactly(5L, 0L, 2L);
  }

  @Test
  void a_run_or_project_that_is_not_there_is_empty() throws Exception {
    server.says("{\"data\":{\"model\":null}}").says("{\"data\":{\"model\":{\"bucket\":null}}}");

    assertThat(client.run(Rig.RUN)).isEmpty();
    assertThat(client.run(Rig.RUN)).isEmpty();
  }

  @Test
  void an_upsert_wraps_config_values_and_leaves_out_what_stays() throws Exception {
    server.says(upserted(true));
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("lr", 0.1);
    config.put("none", null);
    config.put("_wandb", Map.of("t", Map.of("12", "x")));
    RunUpsert run =
        new RunUpsert(Rig.RUN, null, config, "g", null, null, "host", "p.jar", null, List.of("t1"));

    Upserted answer = client.upsert(run);

    assertThat(answer).isEqualTo(new Upserted("UnVu", "Acme", "grid", true, false));
    Fields variables = server.newest().variables();
    assertThat(variables.members().keySet())
        .containsExactlyInAnyOrder(
            "name", "project", "entity", "groupName", "host", "program", "tags", "config");
    assertThat(variables.text("config"))
        .isEqualTo(
            "{\"lr\":{\"value\":0.1},\"none\":{\"value\":null},"
                + "\"_wandb\":{\"value\":{\"t\":{\"12\":\"x\"}}}}");
  }

  @Test
  void a_page_of_finished_runs_has_the_config_keys_asked_for() throws Exception {
    server.says(
        "{\"data\":{\"project\":{\"runs\":{\"edges\":[{\"node\":{\"name\":\"x\","
            + "\"state\":\"finished\",\"config\":\"{\\\"model\\\":{\\\"value\\\":{\\\"n\\\":1}}}\","
            + "\"summaryMetrics\":\"{\\\"iter\\\":400}\"}}],"
            + "\"pageInfo\":{\"endCursor\":\"c9\",\"hasNextPage\":true}}}}}");

    FinishedPage page = client.finished("acme", "grid", "c8", List.of("model", "data"));

    Map<String, @Nullable Object> config = Collections.singletonMap("model", Map.of("n", 1L));
    assertThat(page).isEqualTo(new FinishedPage(List.of(new FinishedRun("x", config, 400)), "c9"));
    Fields variables = server.newest().variables();
    assertThat(variables.text("after")).isEqualTo("c8");
    assertThat(variables.texts("keys")).containsExactly("model", "data");
    assertThat(variables.text("filters")).isEqualTo("{\"state\":\"finished\"}");
  }

  @Test
  void a_history_is_read_in_windows_up_to_its_newest_step() throws Exception {
    String tail = "\"historyTail\":\"[\\\"{\\\\\\\"_step\\\\\\\":1200}\\\"]\"";
    server
        .says("{\"data\":{\"project\":{\"run\":{" + tail + ",\"history\":[\"{1}\",\"{2}\"]}}}}")
        .says("{\"data\":{\"project\":{\"run\":{" + tail + ",\"history\":[\"{3}\"]}}}}");

    assertThat(client.history(Rig.RUN)).contains(List.of("{1}", "{2}", "{3}"));
    assertThat(server.newest().variables().number("from")).isEqualTo(1000);
    assertThat(server.newest().variables().number("to")).isEqualTo(2000);
  }

  static String upserted(boolean inserted) {
    return "{\"data\":{\"upsertBucket\":{\"bucket\":{\"id\":\"UnVu\",\"name\":\"a1\",\"project\":"
        + "{\"name\":\"grid\",\"entity\":{\"name\":\"Acme\"}}},\"inserted\":"
        + inserted
        + "}}}";
  }

  static String page(int count, List<String> names, @Nullable String cursor) {
    StringBuilder edges = new StringBuilder();
    for (String name : names) {
      edges.append(edges.isEmpty() ? "" : ",").append("{\"node\":{\"name\":\"" + name + "\",");
      edges.append("\"state\":\"running\",\"heartbeatAt\":null,\"summaryMetrics\":\"{}\"}}");
    }
    return "{\"data\":{\"project\":{\"runCount\":"
        + count
        + ",\"runs\":{\"edges\":["
        + edges
        + "],\"pageInfo\":{\"hasNextPage\":"
        + (cursor != null)
        + ",\"endCursor\":\""
        + cursor
        + "\"}}}}}";
  }

  static WandbFailure.Kind kind(Asked asked) {
    return failure(asked).kind();
  }

  static WandbFailure failure(Asked asked) {
    try {
      asked.ask();
    } catch (WandbFailure failure) {
      return failure;
    } catch (UnreadableJson e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it was answered");
  }

  /** A call that should fail. */
  @FunctionalInterface
  interface Asked {
    void ask() throws WandbFailure, UnreadableJson;
  }
}
