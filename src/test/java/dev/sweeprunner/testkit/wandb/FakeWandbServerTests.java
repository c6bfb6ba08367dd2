package dev.sweeprunner.testkit.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeWandbServerTests {
  private final SettableClock clock = new SettableClock();
  private final FakeWandbServer server = FakeWandbServer.start(ServerOptions.usual().with(clock));
  private final Wire wire = new Wire(server);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void only_the_first_upsert_inserts_and_null_leaves_fields_alone() throws Exception {
    String config = "{\"lr\":{\"value\":0.1}}";

    Map<String, @Nullable Object> first =
        wire.upsert("r1", Map.of("groupName", "g", "config", config));
    Map<String, @Nullable Object> second = wire.upsert("r1", Map.of("notes", "n"));

    assertThat(first).containsEntry("inserted", true);
    assertThat(second).containsEntry("inserted", false);
    assertThat(Json.members(second.get("bucket")))
        .containsEntry("group", "g")
        .containsEntry("notes", "n")
        .containsEntry("config", config)
        .containsEntry("state", "running");
  }

  @Test
  void a_silent_run_crashes_and_lives_again_with_the_next_post() throws Exception {
    wire.upsert("r1", Map.of());
    clock.advance(Duration.ofMinutes(4));
    wire.stream("r1", "{}");
    clock.advance(Duration.ofMinutes(4));

    assertThat(server.runs().get("r1").state()).isEqualTo("running");
    clock.advance(Duration.ofMinutes(2));
    assertThat(server.runs().get("r1").state()).isEqualTo("crashed");
    wire.stream("r1", "{}");
    assertThat(server.runs().get("r1").state()).isEqualTo("running");
  }

  @Test
  void a_preempting_run_may_be_silent_longer_and_is_preempted_then() throws Exception {
    wire.upsert("r1", Map.of());
    wire.stream("r1", "{\"preempting\":true}");
    clock.advance(Duration.ofMinutes(10));

    assertThat(server.runs().get("r1").state()).isEqualTo("preempting");
    clock.advance(Duration.ofMinutes(10));
    assertThat(server.runs().get("r1").state()).isEqualTo("preempted");
    wire.stream("r1", "{}");
    assertThat(server.runs().get("r1").state()).isEqualTo("running");
  }

  @Test
  void the_end_depends_on_code_preemption_and_stop() throws Exception {
    assertThat(end("ok", "{\"complete\":true,\"exitcode\":0}", false)).isEqualTo("finished");
    assertThat(end("bad", "{\"complete\":true,\"exitcode\":1}", false)).isEqualTo("failed");
    assertThat(end("kill", "{\"complete\":true,\"exitcode\":255}", true)).isEqualTo("killed");
    assertThat(end("pre", "{\"preempting\":true,\"complete\":true,\"exitcode\":1}", false))
        .isEqualTo("preempted");
    assertThat(end("fine", "{\"preempting\":true,\"complete\":true,\"exitcode\":0}", false))
        .isEqualTo("finished");
  }

  private String end(String name, String post, boolean stop) throws Exception {
    wire.upsert(name, Map.of());
    if (stop) {
      server.pressStop(name);
    }
    wire.stream(name, post);
    wire.stream(name, post);
    return server.runs().get(name).state();
  }

  @Test
  void stop_reaches_the_stream_until_a_new_attempt_begins() throws Exception {
    Object id = Json.members(wire.upsert("r1", Map.of()).get("bucket")).get("id");
    assertThat(wire.stream("r1", "{}").body()).doesNotContain("stopped");

    wire.data(
        "mutation Stop($id: ID!) { stopRun(input: {id: $id}) { success } }",
        Map.of("id", String.valueOf(id)));

    assertThat(wire.stream("r1", "{}").body()).contains("\"stopped\":true");
    wire.stream("r1", "{\"complete\":true,\"exitcode\":255}");
    assertThat(wire.stream("r1", "{}").body()).doesNotContain("stopped");
    assertThat(server.runs().get("r1").state()).isEqualTo("running");
  }

  @Test
  void lines_stand_at_their_offsets_and_a_gap_is_held_against_the_client() throws Exception {
    wire.upsert("r1", Map.of());

    wire.stream("r1", Wire.history(0, "{\"a\":0}", "{\"a\":1}"));
    wire.stream("r1", Wire.history(1, "{\"a\":1}", "{\"a\":2}"));
    assertThat(server.violations().all()).isEmpty();
    assertThat(server.runs().get("r1").rewrittenHistory()).isZero();
    wire.stream("r1", Wire.history(2, "{\"a\":9}"));
    wire.stream("r1", Wire.history(4, "{\"a\":4}"));

    FakeRun run = server.runs().get("r1");
    assertThat(run.history())
        .containsExactly("{\"a\":0}", "{\"a\":1}", "{\"a\":9}", null, "{\"a\":4}");
    assertThat(run.rewrittenHistory()).isEqualTo(1);
    assertThat(server.violations().all()).hasSize(1).first().asString().contains("misses 1 lines");
  }

  @Test
  void a_resuming_client_finds_counts_tails_and_the_whole_summary() throws Exception {
    wire.upsert("r1", Map.of("config", "{\"_wandb\":{\"value\":{\"t\":{\"12\":\"x\"},\"m\":[]}}}"));
    wire.stream("r1", Wire.history(0, "{\"a\":0}", "{\"a\":NaN}"));
    wire.stream(
        "r1",
        "{\"files\":{\"wandb-summary.json\":{\"offset\":0,\"content\":[\"{\\\"a\\\":NaN}\"]},"
            + "\"output.log\":{\"offset\":0,\"content\":[\"hello\"]}},\"uploaded\":[\"x.txt\"]}");

    Map<String, @Nullable Object> data =
        wire.data(
            "query Q($n: String!) { model(name: \"p\") { bucket(name: $n, missingOk: true) {"
                + " historyLineCount eventsLineCount logLineCount historyTail eventsTail"
                + " summaryMetrics wandbConfig(keys: [\"t\"]) } } }",
            Map.of("n", "r1"));

    assertThat(Json.members(Json.members(data.get("model")).get("bucket")))
        .containsEntry("historyLineCount", 2)
        .containsEntry("eventsLineCount", 0)
        .containsEntry("logLineCount", 1)
        .containsEntry("historyTail", "[\"{\\\"a\\\":NaN}\"]")
        .containsEntry("eventsTail", "[]")
        .containsEntry("summaryMetrics", "{\"a\":NaN}")
        .containsEntry("wandbConfig", "{\"t\":{\"12\":\"x\"}}");
    assertThat(server.runs().get("r1").uploaded()).containsExactly("x.txt");
  }

  @Test
  void files_come_by_the_address_that_was_given_for_them() throws Exception {
    wire.upsert("r1", Map.of());

    Map<String, @Nullable Object> data =
        wire.data(
            "mutation F($f: [String!]!) { createRunFiles(input: {entityName: \"fake-entity\","
                + " projectName: \"p\", runName: \"r1\", files: $f}) { uploadHeaders files {"
                + " uploadUrl } } }",
            Map.of("f", List.of("code/a b.txt")));
    String url = data.toString().replaceAll(".*uploadUrl=([^},]*).*", "$1");
    wire.put(url, "inside");

    assertThat(server.runs().get("r1").file("code/a b.txt")).asString().isEqualTo("inside");
  }

  @Test
  void an_alert_as_the_official_client_sends_it_is_kept_each_time() throws Exception {
    wire.upsert("r1", Map.of());
    String document =
        "mutation NotifyScriptableRunAlert ($entityName: String!, $projectName: String!, $runName:"
            + " String!, $title: String!, $text: String!, $severity: AlertSeverity = INFO,"
            + " $waitDuration: Duration) { notifyScriptableRunAlert(input: {entityName:$entityName,"
            + "projectName:$projectName,runName:$runName,title:$title,text:$text,severity:$severity,waitDuration:$waitDuration})"
            + " { success } }";
    Map<String, Object> said =
        Map.of("title", "t", "text", "x", "severity", "WARN", "waitDuration", 60_000);
    Map<String, Object> variables = new LinkedHashMap<>(said);
    variables.putAll(Map.of("entityName", "fake-entity", "projectName", "p", "runName", "r1"));

    Map<String, @Nullable Object> data = wire.data(document, variables);
    wire.data(document, variables);
    variables.put("runName", "nobody");
    HttpResponse<String> nobody = wire.graphQl(document, variables);

    assertThat(data).containsEntry("notifyScriptableRunAlert", Map.of("success", true));
    assertThat(server.runs().get("r1").alerts()).containsExactly(said, said);
    assertThat(nobody.statusCode()).isEqualTo(404);
  }

  @Test
  void a_document_outside_the_schema_is_answered_400_and_kept() throws Exception {
    HttpResponse<String> field = wire.graphQl("{ viewer { shoeSize } }", Map.of());
    HttpResponse<String> syntax = wire.graphQl("{ viewer { ", Map.of());
    HttpResponse<String> variable =
        wire.graphQl(
            "query Q($n: Int!) { project(name: \"p\") { runs(first: $n) { totalCount } } }",
            Map.of("n", "many"));

    assertThat(List.of(field.statusCode(), syntax.statusCode(), variable.statusCode()))
        .containsOnly(400);
    assertThat(Json.object(field.body())).containsKey("errors");
    assertThat(server.violations().all()).hasSize(3);
  }

  @Test
  void a_stream_of_an_unknown_run_is_not_found() throws Exception {
    assertThat(wire.stream("nobody", "{}").statusCode()).isEqualTo(404);

    wire.upsert("r1", Map.of());
    server.runs().delete(new RunAddress("fake-entity", "p", "r1"));

    assertThat(wire.stream("r1", "{}").statusCode()).isEqualTo(404);
  }
}
