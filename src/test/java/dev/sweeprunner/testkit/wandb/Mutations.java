package dev.sweeprunner.testkit.wandb;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The writing half of the schema. */
final class Mutations {
  /** Names in the input, and those of the run's fields that they set. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "displayName", "displayName",
          "description", "description",
          "notes", "notes",
          "groupName", "group",
          "jobType", "jobType",
          "host", "host",
          "commit", "commit",
          "tags", "tags",
          "jobProgram", "program",
          "sweep", "sweepName");

  private static final List<String> ALERT = List.of("title", "text", "severity", "waitDuration");

  private final RunBook book;
  private final Accounts accounts;
  private final SweepBook sweeps;
  private final Nodes nodes;
  private final Random names = new Random(1);

  Mutations(RunBook book, Accounts accounts, SweepBook sweeps) {
    this.book = book;
    this.accounts = accounts;
    this.sweeps = sweeps;
    this.nodes = new Nodes(book);
  }

  void wire(RuntimeWiring.Builder wiring) {
    wiring.type(
        "Mutation",
        type ->
            type.dataFetcher("upsertBucket", this::upsertBucket)
                .dataFetcher("upsertModel", this::upsertModel)
                .dataFetcher("stopRun", this::stopRun)
                .dataFetcher("updateRunState", this::updateRunState)
                .dataFetcher("createRunFiles", this::createRunFiles)
                .dataFetcher("markRunFilesUploaded", this::markRunFilesUploaded)
                .dataFetcher("notifyScriptableRunAlert", this::notifyScriptableRunAlert)
                .dataFetcher("upsertSweep", this::upsertSweep)
                .dataFetcher("createAgent", this::createAgent)
                .dataFetcher("agentHeartbeat", this::agentHeartbeat));
  }

  private Object upsertBucket(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    RunAddress address = address(q, input);
    if (input.get("sweep") instanceof String sweep && !sweeps.knows(sweep)) {
      throw new Refusal(404, "sweep " + sweep + " not found during upsertBucket");
    }
    RunBook.Upserted upserted = book.upsert(address, "pending".equals(input.get("state")));
    FakeRun run = upserted.run();
    run.change(s -> changed(s, input));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("bucket", written(run));
    answer.put("inserted", upserted.inserted());
    return answer;
  }

  private RunAddress address(DataFetchingEnvironment q, Map<String, @Nullable Object> input) {
    if (input.get("id") instanceof String id) {
      FakeRun run = book.byStorageId(id);
      if (run == null) {
        throw new Refusal(404, "run not found during upsertBucket");
      }
      return permitted(q, run).address();
    }
    String entity = entity(q, input.get("entityName"), "upsertBucket");
    String project = text(input.get("modelName"), "uncategorized");
    return new RunAddress(entity, project, text(input.get("name"), newName()));
  }

  private static Snapshot changed(Snapshot before, Map<String, @Nullable Object> input) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    FIELDS.forEach(
        (name, field) -> {
          if (input.get(name) != null) {
            fields.put(field, input.get(name));
          }
        });
    Snapshot after = FakeRun.withAnnounced(before, fields);
    if (input.get("config") instanceof String config) {
      wantJson(config, "config");
      after = FakeRun.withConfig(after, config);
    }
    if (input.get("summaryMetrics") instanceof String summary) {
      wantJson(summary, "summaryMetrics");
      after = FakeRun.withSummary(after, summary);
    }
    return after;
  }

  private static void wantJson(String text, String what) {
    if (!Json.valid(text)) {
      throw new Refusal(400, what + " is not JSON");
    }
  }

  /** What a write returns is newest, but for the counts, which lag as reads do. */
  private @Nullable Object written(FakeRun run) {
    Snapshot newest = run.newest();
    Snapshot seen = run.visible();
    Tally tally = seen == null ? Tally.NONE : seen.tally();
    Snapshot shown =
        new Snapshot(
            newest.at(),
            newest.life(),
            newest.announced(),
            newest.config(),
            newest.summary(),
            tally);
    return nodes.run(new RunView(run, shown, run.address().name(), run.state()));
  }

  private Object upsertModel(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    String entity = entity(q, input.get("entityName"), "upsertModel");
    String name = text(input.get("name"), "uncategorized");
    boolean inserted = !book.hasProject(entity, name);
    book.addProject(entity, name);
    Object project = nodes.project(entity, name);
    return Map.of("inserted", inserted, "model", project, "project", project);
  }

  private Object stopRun(DataFetchingEnvironment q) {
    existing(q).pressStop();
    return Map.of("success", true);
  }

  private Object updateRunState(DataFetchingEnvironment q) {
    FakeRun run = existing(q);
    String state = text(input(q).get("state"), "");
    String now = run.state();
    boolean pending =
        state.equals("pending")
            && List.of("running", "failed", "crashed", "preempted").contains(now);
    boolean failed = state.equals("failed") && List.of("pending", "running").contains(now);
    if (!pending && !failed) {
      throw new Refusal(400, "cannot make a run that is " + now + " " + state);
    }
    run.change(
        s ->
            FakeRun.with(
                s,
                pending
                    ? Life.created(book.now(), true)
                    : s.life().complete(book.now(), 1, false)));
    return Map.of("success", true);
  }

  private Object createRunFiles(DataFetchingEnvironment q) {
    FakeRun run = addressed(q, "createRunFiles");
    String base = Caller.of(q).baseUrl();
    List<Map<String, String>> files =
        names(input(q)).stream()
            .map(
                name ->
                    Map.of("name", name, "uploadUrl", UploadHandler.url(base, run.address(), name)))
            .toList();
    return Map.of("runID", run.address().storageId(), "uploadHeaders", List.of(), "files", files);
  }

  private Object markRunFilesUploaded(DataFetchingEnvironment q) {
    addressed(q, "markRunFilesUploaded").uploaded(names(input(q)));
    return Map.of("success", true);
  }

  private Object notifyScriptableRunAlert(DataFetchingEnvironment q) {
    FakeRun run = addressed(q, "notifyScriptableRunAlert");
    Map<String, @Nullable Object> alert = new LinkedHashMap<>();
    for (String name : ALERT) {
      alert.put(name, input(q).get(name));
    }
    run.alert(alert);
    return Map.of("success", true);
  }

  private Object upsertSweep(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    String entity = entity(q, input.get("entityName"), "upsertSweep");
    String project = text(input.get("projectName"), "uncategorized");
    book.addProject(entity, project);
    String name = sweeps.upsert(entity, project, input);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("sweep", sweeps.node(name, nodes));
    answer.put("inserted", input.get("id") == null);
    answer.put("configValidationWarnings", List.of());
    return answer;
  }

  private Object createAgent(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    String id = sweeps.createAgent(text(input.get("sweep"), ""));
    return Map.of("agent", Map.of("id", id, "name", id, "host", text(input.get("host"), "")));
  }

  private Object agentHeartbeat(DataFetchingEnvironment q) {
    Map<String, @Nullable Object> input = input(q);
    String id = text(input.get("id"), "");
    Map<String, @Nullable Object> running = Json.object(text(input.get("runState"), "{}"));
    List<Object> commands = sweeps.beat(id, running.containsValue(true));
    return Map.of(
        "agent", Map.of("id", id, "name", id, "host", ""), "commands", Json.text(commands));
  }

  private String entity(DataFetchingEnvironment q, @Nullable Object wished, String during) {
    String entity = text(wished, accounts.defaultEntity());
    if (!accounts.knows(entity)) {
      throw new Refusal(404, "entity " + entity + " not found during " + during);
    }
    if (!accounts.mayUse(Caller.of(q).key(), entity)) {
      throw new Refusal(403, "permission denied");
    }
    return entity;
  }

  private FakeRun existing(DataFetchingEnvironment q) {
    FakeRun run = book.byStorageId(text(input(q).get("id"), ""));
    if (run == null) {
      throw new Refusal(404, "run not found");
    }
    return permitted(q, run);
  }

  private FakeRun addressed(DataFetchingEnvironment q, String during) {
    Map<String, @Nullable Object> input = input(q);
    String entity = entity(q, input.get("entityName"), during);
    RunAddress address =
        new RunAddress(entity, text(input.get("projectName"), ""), text(input.get("runName"), ""));
    FakeRun run = book.find(address);
    if (run == null) {
      throw new Refusal(404, "run " + address.name() + " not found during " + during);
    }
    return run;
  }

  private FakeRun permitted(DataFetchingEnvironment q, FakeRun run) {
    if (!accounts.mayUse(Caller.of(q).key(), run.address().entity())) {
      throw new Refusal(403, "permission denied");
    }
    return run;
  }

  private synchronized String newName() {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      name.append(Character.forDigit(names.nextInt(36), 36));
    }
    return name.toString();
  }

  private static Map<String, @Nullable Object> input(DataFetchingEnvironment q) {
    return Json.members(q.getArgument("input"));
  }

  private static List<String> names(Map<String, @Nullable Object> input) {
    Object files = input.get("files");
    return Objects.requireNonNull((List<?>) files, "files").stream().map(String::valueOf).toList();
  }

  private static String text(@Nullable Object value, String otherwise) {
    return value instanceof String text && !text.isEmpty() ? text : otherwise;
  }
}
