package dev.sweeprunner.testkit.wandb;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /debug/…}: what scripts look at and pull. Never spoilt by faults. */
final class DebugHandler implements Endpoint {
  private final FakeWandbServer server;

  DebugHandler(FakeWandbServer server) {
    this.server = server;
  }

  @Override
  public Answer answer(Request request, @Nullable Fault fault) {
    try {
      return request.method().equals("POST") ? pull(request) : look(request);
    } catch (IllegalArgumentException wrong) {
      return Answer.error(400, String.valueOf(wrong.getMessage()));
    }
  }

  private Answer look(Request request) {
    return switch (request.path()) {
      case "/debug/requests" -> Answer.ok(requests(request));
      case "/debug/runs" -> Answer.ok(server.runs().all().stream().map(this::run).toList());
      case "/debug/lines" -> Answer.ok(lines(server.runs().get(text(request, "run", ""))));
      case "/debug/violations" -> Answer.ok(server.violations().all());
      case "/debug/faults" -> Answer.ok(server.faults().drawn());
      default -> Answer.error(404, "not found");
    };
  }

  private Answer pull(Request request) {
    switch (request.path()) {
      case "/debug/outage" ->
          server.faults().outage(Boolean.parseBoolean(text(request, "on", "true")));
      case "/debug/stop" -> server.runs().get(text(request, "run", "")).pressStop();
      case "/debug/faults" -> faults(request);
      case "/debug/lag" -> server.runs().lag(seconds(request));
      case "/debug/clock" -> advance(seconds(request));
      case "/debug/entity" -> server.accounts().addEntity(text(request, "name", ""));
      case "/debug/requests/clear" -> server.requests().clear();
      default -> {
        return Answer.error(404, "not found");
      }
    }
    return Answer.ok(Map.of("ok", true));
  }

  private void faults(Request request) {
    double rate = number(request, "rate", 0);
    String channel = text(request, "channel", "");
    Channel[] channels =
        channel.isEmpty() ? Channel.values() : new Channel[] {Channel.named(channel)};
    Arrays.stream(channels).forEach(c -> server.faults().rate(c, rate, Fault.PASSING));
    String next = text(request, "next", "");
    if (!next.isEmpty()) {
      Arrays.stream(channels).forEach(c -> server.faults().next(c, Fault.valueOf(next)));
    }
  }

  private void advance(Duration by) {
    if (!(server.clock() instanceof SpeedClock clock)) {
      throw new IllegalArgumentException("this server's clock is set by its owner");
    }
    clock.advance(by);
  }

  private List<Object> requests(Request asked) {
    double since = number(asked, "since", 0);
    boolean bodies = Boolean.parseBoolean(text(asked, "bodies", "false"));
    return server.requests().all().stream()
        .filter(request -> request.number() >= since)
        .map(request -> request(request, bodies))
        .toList();
  }

  private static Object request(LoggedRequest request, boolean bodies) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("number", request.number());
    line.put("at", request.at().toString());
    line.put("method", request.method());
    line.put("path", request.path());
    line.put("operation", request.operation());
    line.put("requestBytes", request.requestBytes());
    line.put("status", request.status());
    line.put("responseBytes", request.responseBytes());
    line.put("fault", request.fault());
    line.put("caller", request.caller());
    line.put("agent", request.agent());
    if (bodies) {
      line.put("body", request.body());
    }
    return line;
  }

  private static Object lines(FakeRun run) {
    return Map.of("events", run.events(), "log", run.log());
  }

  private Object run(FakeRun run) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("entity", run.address().entity());
    line.put("project", run.address().project());
    line.put("name", run.address().name());
    line.put("state", run.state());
    line.put("exitcode", run.exitCode());
    line.put("createdAt", run.created().toString());
    line.put("heartbeatAt", run.heartbeat().toString());
    line.put("stopped", run.newest().life().stopped());
    line.put("announced", run.announced());
    line.put("config", run.config());
    line.put("summary", run.summary());
    line.put("history", run.history());
    line.put("rewritten", run.rewrittenHistory());
    line.put("historyLineCount", run.history().size());
    line.put("eventsLineCount", run.events().size());
    line.put("logLineCount", run.log().size());
    line.put("alerts", run.alerts());
    line.put("posts", run.posts());
    line.put("uploaded", run.uploaded());
    line.put("files", run.files().keySet());
    line.put("fileHashes", Hashes.sha256(run.files()));
    line.put(
        "artifacts",
        server.artifacts().of(run.address()).stream().map(DebugHandler::artifact).toList());
    return line;
  }

  /** What two servers that were told the same hold alike, whatever their own ids are. */
  private static Object artifact(FakeArtifact artifact) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("type", artifact.type());
    line.put("collection", artifact.collection());
    line.put("version", artifact.version());
    line.put("digest", artifact.digest());
    line.put("aliases", artifact.aliases());
    line.put("links", artifact.links());
    line.put("clientIds", artifact.clientIds());
    line.put("description", artifact.input().get("description"));
    line.put("metadata", artifact.input().get("metadata"));
    line.put("historyStep", artifact.input().get("historyStep"));
    line.put("tags", artifact.input().get("tags"));
    line.put("fileHashes", Hashes.sha256(artifact.files()));
    return line;
  }

  private static String text(Request request, String name, String otherwise) {
    return request.query().getOrDefault(name, otherwise);
  }

  private static double number(Request request, String name, double otherwise) {
    String text = request.query().get(name);
    return text == null ? otherwise : Double.parseDouble(text);
  }

  private static Duration seconds(Request request) {
    return Duration.ofMillis(Math.round(1000 * number(request, "seconds", 0)));
  }
}
