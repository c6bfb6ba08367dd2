package dev.sweeprunner.testkit.wandb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** GraphQL's objects as maps by field names. */
final class Nodes {
  /** Under this key a run's node keeps what it was made of. */
  static final String VIEW = "@view";

  private final RunBook book;

  Nodes(RunBook book) {
    this.book = book;
  }

  Map<String, @Nullable Object> entity(String name) {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("id", RunAddress.globalId("Entity", name));
    node.put("name", name);
    node.put("isTeam", true);
    return node;
  }

  Map<String, @Nullable Object> user(String entity) {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("id", RunAddress.globalId("User", "1"));
    node.put("name", Viewer.NAME);
    node.put("username", Viewer.NAME);
    node.put("email", "fake-user@example.com");
    node.put("entity", entity);
    node.put("defaultEntity", entity(entity));
    node.put("flags", "{}");
    node.put("admin", false);
    node.put("teams", Map.of("edges", List.of(Map.of("node", entity(entity), "cursor", "1"))));
    return node;
  }

  Map<String, @Nullable Object> project(String entity, String name) {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("id", RunAddress.globalId("Project", name + ":" + entity));
    node.put("internalId", RunAddress.globalId("ProjectInternalId", "1"));
    node.put("name", name);
    node.put("entity", entity(entity));
    node.put("entityName", entity);
    node.put("createdAt", Times.text(book.now()));
    node.put("isBenchmark", false);
    node.put("readOnly", false);
    node.put("totalRuns", book.list(entity, name).size());
    return node;
  }

  @Nullable Map<String, @Nullable Object> run(@Nullable RunView view) {
    if (view == null) {
      return null;
    }
    Snapshot seen = view.seen();
    Map<String, @Nullable Object> node = new LinkedHashMap<>(seen.announced());
    node.put(VIEW, view);
    node.put("id", address(view).storageId());
    node.put("name", view.name());
    node.put("state", view.state());
    node.put("exitcode", seen.life().exitCode());
    node.put("running", view.state().equals("running"));
    node.put("failed", view.state().equals("failed"));
    node.put("stopped", seen.life().stopped());
    node.put("shouldStop", seen.life().stopped());
    node.put("createdAt", Times.text(view.run().created()));
    node.put("heartbeatAt", Times.text(seen.life().beat()));
    node.put("updatedAt", Times.text(seen.at()));
    node.put("historyLineCount", seen.tally().history());
    node.put("eventsLineCount", seen.tally().events());
    node.put("logLineCount", seen.tally().log());
    node.put("historyTail", tail(seen.tally().history(), seen.tally().historyTail()));
    node.put("eventsTail", tail(seen.tally().events(), seen.tally().eventsTail()));
    node.put("projectId", "1");
    node.put("readOnly", false);
    node.put("user", user(view.run().address().entity()));
    return node;
  }

  Map<String, @Nullable Object> page(Page page) {
    List<Map<String, @Nullable Object>> edges = new ArrayList<>();
    for (int i : page.indices()) {
      Map<String, @Nullable Object> edge = new LinkedHashMap<>();
      edge.put("node", run(page.rows().get(i)));
      edge.put("cursor", page.cursor(i));
      edges.add(edge);
    }
    return connection(edges, page.hasNext(), page.total());
  }

  /** A connection that has everything on one page. */
  static Map<String, @Nullable Object> whole(List<? extends @Nullable Object> nodes) {
    List<Map<String, @Nullable Object>> edges =
        IntStream.range(0, nodes.size())
            .mapToObj(
                i -> {
                  Map<String, @Nullable Object> edge = new LinkedHashMap<>();
                  edge.put("node", nodes.get(i));
                  edge.put("cursor", String.valueOf(i + 1));
                  return edge;
                })
            .toList();
    return connection(edges, false, nodes.size());
  }

  private static Map<String, @Nullable Object> connection(
      List<Map<String, @Nullable Object>> edges, boolean hasNext, int total) {
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    info.put("hasNextPage", hasNext);
    info.put("hasPreviousPage", false);
    info.put("endCursor", edges.isEmpty() ? null : edges.get(edges.size() - 1).get("cursor"));
    Map<String, @Nullable Object> connection = new LinkedHashMap<>();
    connection.put("totalCount", total);
    connection.put("edges", edges);
    connection.put("pageInfo", info);
    return connection;
  }

  private static RunAddress address(RunView view) {
    RunAddress address = view.run().address();
    return new RunAddress(address.entity(), address.project(), view.name());
  }

  private static String tail(int lines, @Nullable String last) {
    return Json.text(lines == 0 ? List.of() : List.of(last == null ? "null" : last));
  }
}
