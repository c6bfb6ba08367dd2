package dev.sweeprunner.testkit.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsQueryTests {
  private static final String DOCUMENT =
      "query Runs($filters: JSONString, $first: Int, $after: String, $order: String) {"
          + " project(name: \"p\", entityName: \"fake-entity\") { runCount(filters: $filters)"
          + " runs(filters: $filters, first: $first, after: $after, order: $order) { edges {"
          + " cursor node { name state summaryMetrics(keys: [\"iter\"]) } }"
          + " pageInfo { endCursor hasNextPage } } } }";

  private final SettableClock clock = new SettableClock();
  private final FakeWandbServer server =
      FakeWandbServer.start(ServerOptions.usual().with(clock).withPageCap(3));
  private final Wire wire = new Wire(server);

  @BeforeEach
  void place() {
    place("a", "finished", "{\"lr\":{\"value\":0.1},\"m\":{\"value\":{\"d\":16}}}", "{\"iter\":9}");
    place("b", "running", "{\"lr\":{\"value\":1},\"x.y\":{\"value\":\"z\"}}", "{\"iter\":3}");
    place("c", "failed", "{\"lr\":{\"value\":1.0}}", "{\"iter\":NaN,\"loss\":2}");
    place("d", "preempted", "{}", "{}");
  }

  private void place(String name, String state, String config, String summary) {
    server.runs().place(new RunAddress("fake-entity", "p", name), state, config, summary);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                          | a b c
          {"name":"b"}                                                | b
          {"name":{"$in":["c","a","zz"]}}                             | a c
          {"name":{"$nin":["c","a"]}}                                 | b d
          {"state":{"$ne":"finished"}}                                | b c d
          {"$or":[{"name":"a"},{"state":"failed"}]}                   | a c
          {"$nor":[{"name":"a"},{"state":"failed"}]}                  | b d
          {"$and":[{"name":{"$regex":"^[ab]$"}},{"state":"running"}]} | b
          {"config.lr":1}                                             | b c
          {"config.lr.value":{"$eq":0.1}}                             | a
          {"config.m.value.d":16}                                     | a
          {"config.m.d":{"$gte":16}}                                  | a
          {"config.x.y":"z"}                                          | b
          {"config.lr":{"$exists":false}}                             | d
          {"summary_metrics.iter":{"$gt":3}}                          | a c
          {"summary_metrics.iter":{"$lte":3}}                         | b
          {"createdAt":{"$lt":"2025-01-01"}}                          | ``
          """)
  void filters_choose(String filters, String names) throws Exception {
    List<String> chosen = names(ask(Map.of("filters", filters)));

    assertThat(String.join(" ", chosen)).isEqualTo(names);
  }

  @Test
  void pages_are_capped_and_cursors_lead_through_all() throws Exception {
    List<String> names = new ArrayList<>();
    Object after = null;
    do {
      Map<String, Object> wish = new LinkedHashMap<>(Map.of("first", 100, "order", "-created_at"));
      if (after != null) {
        wish.put("after", after);
      }
      Map<String, @Nullable Object> project = ask(wish);
      assertThat(project).containsEntry("runCount", 4);
      assertThat(names(project)).hasSizeLessThanOrEqualTo(3);
      names.addAll(names(project));
      Map<String, @Nullable Object> info =
          Json.members(Json.members(project.get("runs")).get("pageInfo"));
      after = Boolean.TRUE.equals(info.get("hasNextPage")) ? info.get("endCursor") : null;
    } while (after != null);

    assertThat(names).containsExactly("d", "c", "b", "a");
  }

  @Test
  void an_order_by_summary_and_a_selection_of_its_keys() throws Exception {
    Map<String, @Nullable Object> project =
        ask(Map.of("order", "+summary_metrics.iter", "filters", "{\"name\":{\"$ne\":\"d\"}}"));

    assertThat(names(project)).containsExactly("b", "a", "c");
    assertThat(project.toString()).contains("{\"iter\":NaN}").doesNotContain("loss");
  }

  @Test
  void reads_lag_but_inserted_does_not() throws Exception {
    clock.advance(Duration.ofSeconds(60));
    server.runs().lag(Duration.ofSeconds(10));
    wire.upsert("e", Map.of());
    wire.stream("a", Wire.history(0, "{}"));
    wire.stream("a", "{\"complete\":true,\"exitcode\":1}");

    assertThat(names(ask(Map.of("filters", "{\"name\":{\"$in\":[\"a\",\"e\"]}}"))))
        .containsExactly("a");
    assertThat(wire.upsert("e", Map.of())).containsEntry("inserted", false);
    assertThat(names(ask(Map.of("filters", "{\"state\":\"finished\"}")))).containsExactly("a");
    assertThat(wire.upsert("a", Map.of()).toString()).contains("historyLineCount=0");
    clock.advance(Duration.ofSeconds(11));
    assertThat(names(ask(Map.of("filters", "{\"name\":{\"$in\":[\"a\",\"e\"]}}"))))
        .containsExactly("a", "e");
    assertThat(names(ask(Map.of("filters", "{\"state\":\"finished\"}")))).isEmpty();
    assertThat(wire.upsert("a", Map.of()).toString()).contains("historyLineCount=1");
  }

  @Test
  void a_project_that_is_not_there_is_null() throws Exception {
    Map<String, @Nullable Object> data =
        wire.data(
            "{ a: project(name: \"none\") { id } b: project(name: \"p\", entityName: \"none\") { id } }",
            Map.of());

    assertThat(data).containsEntry("a", null).containsEntry("b", null);
  }

  private Map<String, @Nullable Object> ask(Map<String, ?> variables) throws Exception {
    return Json.members(wire.data(DOCUMENT, variables).get("project"));
  }

  private static List<String> names(Map<String, @Nullable Object> project) {
    List<String> names = new ArrayList<>();
    if (Json.members(project.get("runs")).get("edges") instanceof List<?> edges) {
      edges.forEach(
          edge ->
              names.add(String.valueOf(Json.members(Json.members(edge).get("node")).get("name"))));
    }
    return names;
  }
}
