package dev.sweeprunner.testkit.wandb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** {@code POST /files/ENTITY/PROJECT/RUN/file_stream}: lines, heartbeats, the end. */
final class StreamHandler implements Endpoint {
  private static final String SUMMARY = "wandb-summary.json";

  private final RunBook book;
  private final Accounts accounts;
  private final Violations violations;

  StreamHandler(RunBook book, Accounts accounts, Violations violations) {
    this.book = book;
    this.accounts = accounts;
    this.violations = violations;
  }

  @Override
  public Answer answer(Request request, @Nullable Fault fault) {
    String key = accounts.keyOf(request.header("Authorization"));
    if (key == null) {
      return Answer.error(401, "user is not logged in");
    }
    String[] parts = request.path().split("/", -1);
    if (parts.length != 6) {
      return Answer.error(404, "not found");
    }
    RunAddress address = new RunAddress(parts[2], parts[3], parts[4]);
    if (!accounts.mayUse(key, address.entity())) {
      return Answer.error(403, "permission denied");
    }
    FakeRun run = book.find(address);
    if (run == null) {
      return Answer.error(404, "run " + address.name() + " not found");
    }
    Object body;
    try {
      body = Json.read(request.text());
    } catch (JacksonException notJson) {
      violations.add("a post to the stream of " + address.name() + " is not JSON");
      return Answer.error(400, "body is not JSON");
    }
    return Answer.ok(accept(run, Json.members(body)));
  }

  private Map<String, @Nullable Object> accept(FakeRun run, Map<String, @Nullable Object> post) {
    synchronized (run) {
      Json.members(post.get("files")).forEach((name, part) -> store(run, name, Json.members(part)));
      run.posted(texts(post.get("uploaded")));
      boolean preempting = Boolean.TRUE.equals(post.get("preempting"));
      if (Boolean.TRUE.equals(post.get("complete"))) {
        int code = post.get("exitcode") instanceof Number n ? n.intValue() : 0;
        run.change(s -> FakeRun.with(s, s.life().complete(book.now(), code, preempting)));
      } else {
        run.change(s -> FakeRun.with(s, s.life().beat(book.now(), preempting, book.patience())));
      }
      Map<String, @Nullable Object> answer = new LinkedHashMap<>();
      answer.put("exitcode", run.exitCode());
      answer.put("limits", Map.of("heartbeat_seconds", 30, "rate_limit_seconds", 15));
      if (run.newest().life().stopped()) {
        answer.put("stopped", true);
      }
      return answer;
    }
  }

  private void store(FakeRun run, String name, Map<String, @Nullable Object> part) {
    List<String> content = texts(part.get("content"));
    int offset = part.get("offset") instanceof Number n ? n.intValue() : 0;
    if (name.equals(SUMMARY)) {
      if (!content.isEmpty()) {
        String summary = content.get(content.size() - 1);
        wantJson(run, name, summary);
        run.change(s -> FakeRun.withSummary(s, summary));
      }
      return;
    }
    if (name.endsWith(".jsonl")) {
      content.forEach(line -> wantJson(run, name, line));
    }
    if (offset < 0) {
      violations.add(run.address().name() + ": " + name + " at offset " + offset);
      return;
    }
    int gap = run.lines(name).put(offset, content);
    if (gap > 0) {
      violations.add(
          run.address().name() + ": " + name + " misses " + gap + " lines before " + offset);
    }
  }

  private void wantJson(FakeRun run, String name, String line) {
    if (!Json.valid(line)) {
      violations.add(run.address().name() + ": a line of " + name + " is not JSON: " + line);
    }
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream().map(String::valueOf).toList() : List.of();
  }
}
