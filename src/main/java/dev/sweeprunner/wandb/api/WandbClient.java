package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.GraphQl.Question;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import dev.sweeprunner.wandb.settings.Account;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * W&amp;B's server, one method per question.
 *
 * <p>Every method blocks until there is an answer, a failure that will not pass, or the {@link
 * Patience} ends, and then throws a {@link WandbFailure} whose message is one sentence without a
 * full stop and without any secret. An interrupt ends waiting and asking, and stays set. Any
 * thread; the threads of this client are daemons. Nothing is kept on disk: after a crash every call
 * may be made again, and sending the same once more changes nothing.
 */
public final class WandbClient {
  /** Most run ids of one question for states, and most runs of one page. */
  public static final int CHUNK = 200;

  private final Account account;
  private final ClientPorts ports;
  private final Transport transport;
  private final Retries retries;
  private final GraphQl graphQl;

  private WandbClient(Account account, ClientPorts ports, Transport transport, Retries retries) {
    this.account = account;
    this.ports = ports;
    this.transport = transport;
    this.retries = retries;
    this.graphQl = new GraphQl(transport, retries, ports.clock());
  }

  /**
   * A client for one account; nothing is sent yet.
   *
   * @throws dev.sweeprunner.problem.UserError for a file of certificate authorities that is none
   */
  public static WandbClient of(Account account, Patience patience, ClientPorts ports) {
    Retries retries = new Retries(patience, ports, new BackOff(ports.seed()));
    return new WandbClient(account, ports, new Transport(account, patience, ports), retries);
  }

  /** The same account and connections, with another patience. */
  public WandbClient with(Patience patience) {
    return new WandbClient(account, ports, transport.with(patience), retries.with(patience));
  }

  /**
   * The same for somebody who keeps a worker waiting. Once such a question was tried for in vain
   * with all its patience, the others fail at once for 30 s, and then after one try, until W&amp;B
   * answers any question of this account's clients.
   */
  public WandbClient waitedFor() {
    return new WandbClient(account, ports, transport, retries.waitedFor());
  }

  /** Whom the key belongs to; {@code UNAUTHORISED} where the server knows nobody by it. */
  public Viewer viewer() throws WandbFailure {
    Optional<Viewer> viewer =
        graphQl.ask(
            Question.of(Documents.VIEWER, Map.of(), "the owner of the key"),
            reply ->
                reply.data().members().containsKey("viewer")
                        && reply.data().members().get("viewer") == null
                    ? Optional.empty()
                    : Optional.of(Answers.viewer(reply)));
    return viewer.orElseThrow(
        () ->
            transport
                .failureMapper()
                .anonymous(
                    "W&B at " + account.baseUrl().getAuthority() + " knows no owner of the key")
                .failure());
  }

  /** Whether there is an entity of this name that the key may see. */
  public boolean knows(String entity) throws WandbFailure {
    try {
      return graphQl.ask(
          Question.of(Documents.ENTITY, Map.of("name", entity), "the entity " + entity),
          reply -> reply.data().members().get("entity") != null);
    } catch (WandbFailure failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return false;
      }
      throw failure;
    }
  }

  /**
   * States of those runs that exist. A project that does not exist has none: check the entity once
   * before relying on it.
   *
   * @param runIds at most {@link #CHUNK}; for none nothing is asked
   * @throws WandbFailure {@code UNREADABLE} too where the server shows other runs than those asked
   *     for, or fewer than it counts
   */
  public States states(String entity, String project, List<String> runIds) throws WandbFailure {
    Set<String> asked = Set.copyOf(runIds);
    if (asked.size() > CHUNK) {
      throw new IllegalArgumentException(asked.size() + " run ids of at most " + CHUNK);
    }
    if (asked.isEmpty()) {
      return new States(List.of(), ports.clock().get());
    }
    Map<String, RunState> found = new LinkedHashMap<>();
    Part part = part(entity, project, asked, null);
    Instant asOf = part.asOf();
    add(part, found);
    for (int pages = 1; wantsMore(part, found, asked) && pages <= asked.size(); pages++) {
      part = part(entity, project, asked, part.page().next());
      add(part, found);
    }
    if (wantsMore(part, found, asked) || found.size() < part.page().expected()) {
      throw incomplete(entity, project, found.size(), part.page().expected());
    }
    return new States(List.copyOf(found.values()), asOf);
  }

  /** A run as a resuming client reads it; empty where it or its project does not exist. */
  public Optional<RemoteRun> run(RunPath run) throws WandbFailure {
    Map<String, Object> variables =
        Map.of("entity", run.entity(), "project", run.project(), "name", run.runId());
    return graphQl.ask(
        Question.of(Documents.RUN, variables, name(run)),
        reply -> Optional.ofNullable(Answers.run(reply, run.runId())));
  }

  /** What people find on a run's page; empty where it or its project does not exist. */
  public Optional<Described> described(RunPath run) throws WandbFailure {
    Map<String, Object> variables =
        Map.of("entity", run.entity(), "project", run.project(), "name", run.runId());
    return graphQl.ask(
        Question.of(Documents.DESCRIBED, variables, "the description of " + name(run)),
        reply -> Optional.ofNullable(Described.read(reply)));
  }

  /**
   * Creates or changes a run. {@code inserted} of the answer is a test-and-set of the server; after
   * an answer that was lost it cannot be relied on, which {@code ambiguous} tells. A conflict (409)
   * is tried again.
   */
  public Upserted upsert(RunUpsert run) throws WandbFailure {
    Question question =
        new Question(
            Documents.UPSERT, Bodies.upsert(run), "writing " + name(run.path()), Channel.UPSERT);
    return graphQl.ask(question, reply -> Answers.upserted(reply, run.path().runId()));
  }

  /**
   * Posts to a run's file stream; the same lines at the same offsets may be posted again.
   *
   * @return whether somebody pressed the Stop button
   */
  public boolean stream(RunPath run, StreamChunk chunk) throws WandbFailure {
    byte[] body = Bodies.stream(chunk);
    URI address = transport.address("/files" + path(run) + "/file_stream");
    byte[] answer =
        retries.call(
            Channel.STREAM,
            unanswered ->
                transport
                    .send(
                        transport.call(Channel.STREAM, address, "taking lines of " + name(run)),
                        "POST",
                        Transport.JSON,
                        body,
                        Map.of())
                    .body());
    try {
      return Boolean.TRUE.equals(Json.object(answer).get("stopped"));
    } catch (UnreadableJson e) {
      return false;
    }
  }

  /**
   * Uploads files of a run. The server lists them once their names stand in {@link
   * StreamChunk#uploaded()}.
   *
   * @param files name, possibly with folders, to content
   */
  public void upload(RunPath run, Map<String, byte[]> files) throws WandbFailure {
    Map<String, Transport.Body> bodies = new LinkedHashMap<>();
    files.forEach(
        (name, bytes) -> bodies.put(name, () -> HttpRequest.BodyPublishers.ofByteArray(bytes)));
    new Uploads(transport, graphQl, retries).upload(run, bodies);
  }

  /** As {@link #upload}, of files that are read while they are sent. */
  public void uploadFrom(RunPath run, Map<String, Path> files) throws WandbFailure {
    Map<String, Transport.Body> bodies = new LinkedHashMap<>();
    files.forEach((name, file) -> bodies.put(name, () -> HttpRequest.BodyPublishers.ofFile(file)));
    new Uploads(transport, graphQl, retries).upload(run, bodies);
  }

  /**
   * Has people told something of a run. Not to be made again without need: asked again, the server
   * tells it again, unless it has told of that title lately.
   *
   * @param alert {@code title} and {@code text}; {@code severity} and {@code waitDuration}
   *     (milliseconds) where they are known
   * @return whether the server says that it has done so
   */
  public boolean alert(RunPath run, Map<String, ?> alert) throws WandbFailure {
    Map<String, Object> variables = new LinkedHashMap<>(alert);
    variables.put("entityName", run.entity());
    variables.put("projectName", run.project());
    variables.put("runName", run.runId());
    return graphQl.ask(
        Question.of(Documents.ALERT, variables, "an alert of " + name(run)),
        reply -> {
          Fields done = reply.data().objectOrNull("notifyScriptableRunAlert");
          return done != null && done.flag("success");
        });
  }

  /** What may be asked about artifacts. */
  public RemoteArtifacts artifacts() {
    return new RemoteArtifacts(graphQl, new Uploads(transport, graphQl, retries));
  }

  /**
   * One page of the finished runs of a project, oldest first.
   *
   * @param after {@link FinishedPage#next()} of the page before, or null
   * @param configKeys top-level keys of the config to read
   */
  public FinishedPage finished(
      String entity, String project, @Nullable String after, List<String> configKeys)
      throws WandbFailure {
    Map<String, Object> variables = runs(entity, project, Bodies.finished(), after);
    variables.put("keys", configKeys);
    String what = "the finished runs of " + entity + "/" + project;
    return graphQl.ask(Question.of(Documents.FINISHED, variables, what), Answers::finished);
  }

  /**
   * History lines of a run as the server keeps them, by growing step, for a check of what arrived;
   * empty where the run does not exist. It reads windows of 1,000 steps up to the step of the
   * newest line, so that the server has no reason to thin them out; whether it merges or drops
   * lines with the same step is the server's affair. The schema offers no reading by line number.
   */
  public Optional<List<String>> history(RunPath run) throws WandbFailure {
    return new History(graphQl).of(run);
  }

  static String name(RunPath run) {
    return "the run " + run.entity() + "/" + run.project() + "/" + run.runId();
  }

  private static boolean wantsMore(Part part, Map<String, RunState> found, Set<String> asked) {
    return part.page().next() != null && found.size() < asked.size();
  }

  private static void add(Part part, Map<String, RunState> found) {
    part.states().forEach(state -> found.putIfAbsent(state.runId(), state));
  }

  private Part part(String entity, String project, Set<String> asked, @Nullable String after)
      throws WandbFailure {
    Map<String, Object> variables = runs(entity, project, Bodies.named(List.copyOf(asked)), after);
    variables.put("first", asked.size());
    String what = "the states of runs of " + entity + "/" + project;
    return graphQl.ask(
        Question.of(Documents.RUNS, variables, what),
        reply -> {
          Answers.Page page = Answers.page(reply);
          return new Part(page, Answers.states(page, asked), reply.asOf());
        });
  }

  private static Map<String, Object> runs(
      String entity, String project, String filters, @Nullable String after) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("entity", entity);
    variables.put("project", project);
    variables.put("filters", filters);
    variables.put("first", CHUNK);
    if (after != null) {
      variables.put("after", after);
    }
    return variables;
  }

  private WandbFailure incomplete(String entity, String project, int shown, long expected) {
    String text =
        ("W&B at " + account.baseUrl().getAuthority())
            + (" shows " + shown + " of " + expected + " runs")
            + (" when asked for the states of runs of " + entity + "/" + project);
    return new WandbFailure(Kind.UNREADABLE, text, null, null);
  }

  private static String path(RunPath run) {
    StringBuilder path = new StringBuilder();
    for (String part : List.of(run.entity(), run.project(), run.runId())) {
      path.append('/').append(URLEncoder.encode(part, UTF_8).replace("+", "%20"));
    }
    return path.toString();
  }

  /** One page of states. */
  private record Part(Answers.Page page, List<RunState> states, Instant asOf) {}
}
