package dev.sweeprunner.testkit.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One recorded scenario against a server of its own. */
final class Replay implements AutoCloseable {
  private final FakeWandbServer server =
      FakeWandbServer.start(ServerOptions.usual().withEntity("stub-entity"));
  private final Wire wire = new Wire(server);
  private final Map<String, List<@Nullable String>> carried = new TreeMap<>();
  private final Map<String, String> ends = new TreeMap<>();
  private final Map<String, String> uploads = new LinkedHashMap<>();
  private int requests;
  private int documents;

  void send(Map<String, @Nullable Object> recorded) throws IOException, InterruptedException {
    String path = String.valueOf(recorded.get("path"));
    if (!Objects.equals(recorded.get("status"), 200)) {
      return;
    }
    requests++;
    if (path.startsWith("/upload/")) {
      upload(path, Json.members(recorded.get("body")));
    } else if (path.equals("/graphql")) {
      ask(recorded);
    } else {
      stream(path, recorded);
    }
  }

  private void upload(String path, Map<String, @Nullable Object> body)
      throws IOException, InterruptedException {
    String url = Objects.requireNonNull(uploads.get(path.substring("/upload/".length())), path);
    assertThat(wire.put(url, String.valueOf(body.get("_text"))).statusCode()).isEqualTo(200);
  }

  private void ask(Map<String, @Nullable Object> recorded)
      throws IOException, InterruptedException {
    documents++;
    HttpResponse<String> answer = wire.post("/graphql", Json.text(recorded.get("body")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Map<String, @Nullable Object> data = Json.members(Json.object(answer.body()).get("data"));
    Map<String, @Nullable Object> told =
        Json.members(Json.members(recorded.get("response")).get("data"));
    Map<String, @Nullable Object> upserted = Json.members(data.get("upsertBucket"));
    assertThat(upserted.get("inserted"))
        .isEqualTo(Json.members(told.get("upsertBucket")).get("inserted"));
    if (data.get("createRunFiles") != null) {
      keepUploads(recorded, Json.members(data.get("createRunFiles")));
    }
  }

  private void keepUploads(
      Map<String, @Nullable Object> recorded, Map<String, @Nullable Object> made) {
    Object run = Json.members(Json.members(recorded.get("body")).get("variables")).get("run");
    for (Object file : (List<?>) Objects.requireNonNull(made.get("files"))) {
      Map<String, @Nullable Object> entry = Json.members(file);
      uploads.put(run + "/" + entry.get("name"), String.valueOf(entry.get("uploadUrl")));
    }
  }

  private void stream(String path, Map<String, @Nullable Object> recorded)
      throws IOException, InterruptedException {
    String run = path.split("/", -1)[4];
    boolean stopped = Json.members(recorded.get("response")).containsKey("stopped");
    if (stopped) {
      server.pressStop(run);
    }
    HttpResponse<String> answer = wire.post(path, Json.text(recorded.get("body")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Json.object(answer.body()).containsKey("stopped")).isEqualTo(stopped);
    Map<String, @Nullable Object> body = Json.members(recorded.get("body"));
    carry(run, Json.members(Json.members(body.get("files")).get("wandb-history.jsonl")));
    if (Boolean.TRUE.equals(body.get("preempting"))) {
      ends.put(run, "preempted");
    }
    if (Boolean.TRUE.equals(body.get("complete"))) {
      boolean good = Objects.equals(body.get("exitcode"), 0);
      String bad = stopped ? "killed" : ends.getOrDefault(run, "failed");
      ends.put(run, good ? "finished" : bad);
    }
  }

  private void carry(String run, Map<String, @Nullable Object> part) {
    List<@Nullable String> lines = carried.computeIfAbsent(run, r -> new ArrayList<>());
    if (part.get("content") instanceof List<?> content) {
      int offset = ((Number) Objects.requireNonNull(part.get("offset"))).intValue();
      while (lines.size() > offset) {
        lines.remove(lines.size() - 1);
      }
      content.forEach(line -> lines.add(String.valueOf(line)));
    }
  }

  void check(String scenario) {
    assertThat(server.violations().all()).as(scenario).isEmpty();
    carried.forEach(
        (run, lines) -> assertThat(server.runs().get(run).history()).as(run).isEqualTo(lines));
    ends.forEach((run, state) -> assertThat(server.runs().get(run).state()).isEqualTo(state));
  }

  String counts() {
    int lines = carried.values().stream().mapToInt(List::size).sum();
    return requests
        + " requests, "
        + documents
        + " documents, "
        + carried.size()
        + " runs, "
        + lines
        + " history lines, ends "
        + ends;
  }

  @Override
  public void close() {
    server.close();
  }
}
