package dev.sweeprunner.testkit.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.testkit.relay.RawConnection.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A program that logs. What {@link #log} has taken leaves with the next {@link #post}, by hand or
 * every interval; {@link #kill} loses what has not left. Any thread.
 */
public final class LoggingClient implements AutoCloseable {
  private static final int STEP_LOGGED = 61;
  private static final int METRIC_DEFINED = 7;

  private final Clock clock;
  private final RawConnection asking;
  private final RawConnection posting;
  private final Map<String, String> headers;
  private final Map<String, Object> config = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> summary = new LinkedHashMap<>();
  private final List<Map<String, Object>> metrics = new ArrayList<>();
  private final TreeSet<Integer> telemetry = new TreeSet<>(List.of(1, 2));
  private final List<String> unsent = new ArrayList<>();
  private final List<String> unsentConsole = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final double started;
  private ClientSettings settings;
  private @Nullable String id;
  private boolean resumed;
  private long offset;
  private long consoleOffset;
  private long step;
  private @Nullable Map<String, Object> pending;
  private boolean configChanged;
  private boolean over;

  private LoggingClient(ClientSettings settings, Clock clock) throws IOException {
    this.settings = settings;
    this.clock = clock;
    this.started = seconds();
    this.asking = new RawConnection(settings.url());
    this.posting = new RawConnection(settings.url());
    byte[] pair = ("api:" + settings.key()).getBytes(UTF_8);
    this.headers =
        Map.of(
            "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair),
            "Content-Type", "application/json",
            "User-Agent", "wandb-core");
  }

  /**
   * {@code wandb.init}: asks, resumes and opens the run.
   *
   * @throws InitFailed where the official client raises, and its program dies
   */
  public static LoggingClient init(ClientSettings settings, Clock clock, Map<String, ?> config)
      throws IOException, InitFailed {
    LoggingClient client = new LoggingClient(settings, clock);
    try {
      client.config.putAll(config);
      client.ask("Viewer", Map.of());
      client.ask("ServerFeaturesQuery", Map.of());
      if (!settings.resume().isEmpty()) {
        client.resume();
      }
      client.open();
      return client;
    } catch (UnreadableJson e) {
      client.kill();
      throw new InitFailed("unreadable answer: " + e);
    } catch (IOException | InitFailed e) {
      client.kill();
      throw e;
    }
  }

  /** The run's id, as the server wants it to be. */
  public String runId() {
    return settings.runId();
  }

  /** The project, as the server wants it to be. */
  public String project() {
    return settings.project();
  }

  /** The entity, as the server wants it to be. */
  public String entity() {
    return settings.entity();
  }

  /** {@code wandb.run.resumed}. */
  public boolean resumed() {
    return resumed;
  }

  /** The step that the next row without one gets. */
  public synchronized long step() {
    return step;
  }

  /** What the client has complained of. */
  public synchronized List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** {@code define_metric(name, step_metric=x)}. */
  public synchronized void defineMetric(String name, String x) {
    metrics.add(Map.of("1", x));
    metrics.add(Map.of("1", name, "5", metrics.size(), "6", List.of(1)));
    telemetry.add(METRIC_DEFINED);
    configChanged = true;
  }

  /** {@code log} without a step: the row is whole at once. */
  public synchronized void log(Map<String, ?> values) {
    flushPending();
    row(step, new LinkedHashMap<>(values));
    step++;
  }

  /** {@code log(step=)}: the row stays with the client until one of a later step follows. */
  public synchronized void log(long at, Map<String, ?> values) {
    configChanged |= telemetry.add(STEP_LOGGED);
    if (at < step) {
      warnings.add("Tried to log to step " + at + " that is less than the current step " + step);
      return;
    }
    if (at > step) {
      flushPending();
      step = at;
    }
    if (pending == null) {
      pending = new LinkedHashMap<>();
    }
    pending.putAll(values);
  }

  /** A line of the console. */
  public synchronized void print(String line) {
    unsentConsole.add(line);
  }

  /** Sends what there is, as the official client does once an interval. */
  public synchronized Reply post() throws IOException {
    tellConfig();
    Map<String, Object> body = body();
    Reply reply = stream(body);
    if (reply.status() == 200) {
      offset += unsent.size();
      unsent.clear();
      consoleOffset += unsentConsole.size();
      unsentConsole.clear();
    }
    return reply;
  }

  /** From now on posts every interval, in a thread of its own, until it is over. */
  public void postEvery(Duration interval, Pause pause) {
    Thread thread =
        new Thread(
            () -> {
              while (!isOver()) {
                pause.pause(interval);
                postUnlessOver();
              }
            },
            "wandb-core");
    thread.setDaemon(true);
    thread.start();
  }

  /** {@code run.alert}: asked at once, between two posts. */
  public Reply alert(String title, String text, String level, long wait) throws IOException {
    return ask(
        "NotifyScriptableRunAlert",
        Map.of(
            "entityName", settings.entity(),
            "projectName", settings.project(),
            "runName", settings.runId(),
            "title", title,
            "text", text,
            "severity", level,
            "waitDuration", wait));
  }

  /** Uploads a file, as {@code wandb.save} has it. */
  public Reply save(String name, byte[] content) throws IOException {
    Reply given = ask("CreateRunFiles", Map.of("run", settings.runId(), "files", List.of(name)));
    int url = given.body().indexOf(settings.url());
    if (url < 0) {
      return given;
    }
    String path = given.body().substring(url + settings.url().length()).split("\"", 2)[0];
    try (RawConnection own = new RawConnection(settings.url())) {
      return own.send("PUT", path, Map.of(), content);
    }
  }

  /** {@code finish}: everything leaves, and then the goodbye. */
  public synchronized Reply finish(int exitCode) throws IOException {
    flushPending();
    configChanged = true;
    tellConfig();
    Map<String, Object> body = body();
    body.put("complete", true);
    body.put("exitcode", exitCode);
    Reply reply = stream(body);
    over = true;
    close();
    return reply;
  }

  /** SIGKILL: nothing more leaves, and all connections break. */
  public synchronized void kill() {
    over = true;
    close();
  }

  /** SIGKILL while a post is on its way: only a part of its bytes leaves. */
  public synchronized void killInAPost(double part) throws IOException {
    byte[] bytes = bytes(body());
    posting.sendPart("POST", streamPath(), headers, bytes, (int) (bytes.length * part));
    kill();
  }

  @Override
  public void close() {
    try {
      asking.close();
      posting.close();
    } catch (IOException ignored) {
      // It is over either way.
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  private synchronized void postUnlessOver() {
    try {
      if (!over && (!unsent.isEmpty() || !unsentConsole.isEmpty() || configChanged)) {
        post();
      }
    } catch (IOException e) {
      warnings.add(e.toString());
      over = true;
    }
  }

  private void resume() throws IOException, InitFailed, UnreadableJson {
    Fields data =
        data(
            "RunResumeStatus",
            Map.of(
                "project", settings.project(),
                "entity", settings.entity(),
                "name", settings.runId()));
    Fields model = data.objectOrNull("model");
    Fields bucket = model == null ? null : model.objectOrNull("bucket");
    if (settings.resume().equals(bucket == null ? "must" : "never")) {
      throw new InitFailed("resume=" + settings.resume());
    }
    if (bucket != null) {
      take(bucket);
    }
  }

  private void take(Fields bucket) throws UnreadableJson {
    resumed = true;
    id = bucket.text("id");
    consoleOffset = bucket.number("logLineCount");
    Json.object(bucket.text("config").getBytes(UTF_8))
        .forEach(
            (name, value) -> {
              if (value instanceof Map<?, ?> wrapped && wrapped.containsKey("value")) {
                config.putIfAbsent(name, Objects.requireNonNull(wrapped.get("value")));
              }
            });
    config.remove("_wandb");
    summary.putAll(Json.object(bucket.text("summaryMetrics").getBytes(UTF_8)));
    List<String> tail =
        Fields.of(("{\"t\":" + bucket.text("historyTail") + "}").getBytes(UTF_8)).texts("t");
    long newest =
        tail.isEmpty() ? 0 : Fields.of(tail.get(tail.size() - 1).getBytes(UTF_8)).number("_step");
    step = newest + (bucket.number("historyLineCount") > 0 ? 1 : 0);
  }

  private void open() throws IOException, InitFailed, UnreadableJson {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    variables.put("id", id);
    variables.put("name", settings.runId());
    variables.put("project", settings.project());
    variables.put("entity", settings.entity());
    variables.put("config", config());
    variables.put("host", "node1");
    variables.put("program", "train.py");
    Fields bucket = data("UpsertBucket", variables).object("upsertBucket").object("bucket");
    id = bucket.text("id");
    offset = bucket.number("historyLineCount");
    Fields project = bucket.object("project");
    settings =
        new ClientSettings(
            settings.url(),
            settings.key(),
            project.object("entity").text("name"),
            project.text("name"),
            bucket.text("name"),
            settings.resume());
  }

  private void tellConfig() throws IOException {
    if (!configChanged) {
      return;
    }
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("name", settings.runId());
    variables.put("project", settings.project());
    variables.put("entity", settings.entity());
    variables.put("config", config());
    ask("UpsertBucket", variables);
    configChanged = false;
  }

  private String config() {
    Map<String, Object> wrapped = new LinkedHashMap<>();
    config.forEach((name, value) -> wrapped.put(name, Map.of("value", value)));
    Map<String, Object> told =
        Map.of("t", Map.of("3", List.copyOf(telemetry), "12", "0.30.0"), "m", metrics);
    wrapped.put("_wandb", Map.of("value", told));
    return ValueJson.of(wrapped);
  }

  private void flushPending() {
    Map<String, Object> row = pending;
    pending = null;
    if (row != null) {
      row(step, row);
      step++;
    }
  }

  private void row(long at, Map<String, Object> values) {
    values.put("_step", at);
    values.put("_runtime", seconds() - started);
    values.put("_timestamp", seconds());
    summary.putAll(values);
    unsent.add(ValueJson.of(values));
  }

  private Map<String, Object> body() {
    Map<String, Object> files = new LinkedHashMap<>();
    if (!unsent.isEmpty()) {
      files.put("wandb-history.jsonl", Map.of("offset", offset, "content", List.copyOf(unsent)));
      files.put(
          "wandb-summary.json", Map.of("offset", 0, "content", List.of(ValueJson.of(summary))));
    }
    if (!unsentConsole.isEmpty()) {
      files.put(
          "output.log", Map.of("offset", consoleOffset, "content", List.copyOf(unsentConsole)));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    if (!files.isEmpty()) {
      body.put("files", files);
    }
    return body;
  }

  private Reply stream(Map<String, Object> body) throws IOException {
    return posting.send("POST", streamPath(), headers, bytes(body));
  }

  private String streamPath() {
    return "/files/"
        + settings.entity()
        + "/"
        + settings.project()
        + "/"
        + settings.runId()
        + "/file_stream";
  }

  private Fields data(String operation, Map<String, ?> variables)
      throws IOException, InitFailed, UnreadableJson {
    Reply reply = ask(operation, variables);
    Fields answer = Fields.of(reply.body().getBytes(UTF_8));
    Fields data = answer.objectOrNull("data");
    if (reply.status() != 200 || data == null) {
      throw new InitFailed(reply.status() + " " + reply.body());
    }
    return data;
  }

  /** Asks something, as it is. */
  public Reply ask(String operation, Map<String, ?> variables) throws IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("query", "query " + operation + " { all }");
    request.put("variables", variables);
    request.put("operationName", operation);
    return asking.send("POST", "/graphql", headers, bytes(request));
  }

  private static byte[] bytes(Map<String, ?> json) {
    return ValueJson.of(json).getBytes(UTF_8);
  }

  private double seconds() {
    Instant now = clock.now();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  /** {@code wandb.init} has raised. */
  public static final class InitFailed extends Exception {
    private static final long serialVersionUID = 1L;

    InitFailed(String why) {
      super(why);
    }
  }
}
