package dev.sweeprunner.testkit.wandb;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A run's fields that take arguments or cost something. */
final class RunFields {
  private final Nodes nodes;
  private final SweepBook sweeps;

  RunFields(RunBook book, SweepBook sweeps) {
    this.nodes = new Nodes(book);
    this.sweeps = sweeps;
  }

  void wire(RuntimeWiring.Builder wiring) {
    wiring.type(
        "Run",
        type ->
            type.dataFetcher("config", q -> seen(q).config().only(q.getArgument("keys")))
                .dataFetcher("summaryMetrics", RunFields::summary)
                .dataFetcher("wandbConfig", RunFields::wandbConfig)
                .dataFetcher("systemMetrics", q -> "{}")
                .dataFetcher("history", RunFields::history)
                .dataFetcher("events", q -> present(view(q).run().events()))
                .dataFetcher("sampledHistory", RunFields::sampled)
                .dataFetcher("parquetHistory", RunFields::parquet)
                .dataFetcher("historyKeys", RunFields::historyKeys)
                .dataFetcher("fileCount", q -> view(q).run().files().size())
                .dataFetcher("files", RunFields::files)
                .dataFetcher("project", this::project)
                .dataFetcher("sweep", this::sweep));
  }

  private static RunView view(DataFetchingEnvironment q) {
    return (RunView)
        Objects.requireNonNull(Json.members(q.getSource()).get(Nodes.VIEW), "a run's node");
  }

  private static Snapshot seen(DataFetchingEnvironment q) {
    return view(q).seen();
  }

  private static Object summary(DataFetchingEnvironment q) {
    String text = seen(q).summary().only(q.getArgument("keys"));
    boolean spoilt = Caller.of(q).fault() == Fault.NAN && text.startsWith("{");
    String rest = text.equals("{}") ? "}" : "," + text.substring(1);
    return spoilt ? "{\"spoilt\":NaN" + rest : text;
  }

  private static @Nullable Object wandbConfig(DataFetchingEnvironment q) {
    Object own = Json.members(seen(q).config().members().get("_wandb")).get("value");
    return own == null ? null : new JsonText(Json.text(own)).only(q.getArgument("keys"));
  }

  private static List<String> history(DataFetchingEnvironment q) {
    Number min = q.getArgument("minStep");
    Number max = q.getArgument("maxStep");
    Integer samples = q.getArgument("samples");
    return present(view(q).run().history()).stream()
        .filter(line -> within(line, min, max))
        .limit(samples == null ? Long.MAX_VALUE : samples)
        .toList();
  }

  private static boolean within(String line, @Nullable Number min, @Nullable Number max) {
    if (min == null && max == null) {
      return true;
    }
    long step = Json.object(line).get("_step") instanceof Number n ? n.longValue() : 0;
    return (min == null || step >= min.longValue()) && (max == null || step < max.longValue());
  }

  /** For each wish the rows that have all its keys. */
  private static List<Object> sampled(DataFetchingEnvironment q) {
    List<String> specs = Objects.requireNonNull(q.getArgument("specs"), "specs");
    List<Map<String, @Nullable Object>> rows =
        present(view(q).run().history()).stream().map(Json::object).toList();
    List<Object> answers = new ArrayList<>();
    for (String spec : specs) {
      List<?> keys = Json.object(spec).get("keys") instanceof List<?> wished ? wished : List.of();
      answers.add(
          rows.stream()
              .filter(row -> row.keySet().containsAll(keys))
              .map(row -> picked(row, keys))
              .toList());
    }
    return answers;
  }

  private static Object parquet(DataFetchingEnvironment q) {
    List<String> keys = Objects.requireNonNull(q.getArgument("liveKeys"), "liveKeys");
    List<Map<String, @Nullable Object>> rows =
        present(view(q).run().history()).stream()
            .map(Json::object)
            .filter(row -> row.keySet().containsAll(keys))
            .map(Json::strict)
            .toList();
    return Map.of("parquetUrls", List.of(), "liveData", rows);
  }

  private static Map<String, @Nullable Object> picked(
      Map<String, @Nullable Object> row, List<?> keys) {
    Map<String, @Nullable Object> picked = Json.strict(row);
    if (!keys.isEmpty()) {
      picked.keySet().retainAll(keys);
    }
    return picked;
  }

  private static Map<String, Object> historyKeys(DataFetchingEnvironment q) {
    List<String> lines = present(view(q).run().history());
    TreeSet<String> names = new TreeSet<>();
    lines.forEach(line -> names.addAll(Json.object(line).keySet()));
    Map<String, Object> keys = new LinkedHashMap<>();
    names.forEach(name -> keys.put(name, Map.of("typeCounts", List.of())));
    Object last = lines.isEmpty() ? null : Json.object(lines.get(lines.size() - 1)).get("_step");
    return Map.of("keys", keys, "lastStep", last == null ? 0 : last, "sets", List.of());
  }

  private static Object files(DataFetchingEnvironment q) {
    FakeRun run = view(q).run();
    List<String> wished = q.getArgument("names");
    String base = Caller.of(q).baseUrl();
    return Nodes.whole(
        run.files().entrySet().stream()
            .filter(file -> wished == null || wished.isEmpty() || wished.contains(file.getKey()))
            .map(file -> file(run, file.getKey(), file.getValue().length, base))
            .toList());
  }

  private static Map<String, Object> file(FakeRun run, String name, int size, String base) {
    String url = UploadHandler.url(base, run.address(), name);
    return Map.of(
        "id",
        RunAddress.globalId("File", run.address().name() + ":" + name),
        "name",
        name,
        "url",
        url,
        "directUrl",
        url,
        "sizeBytes",
        size,
        "mimetype",
        "application/octet-stream",
        "updatedAt",
        Times.text(run.heartbeat()));
  }

  private Object project(DataFetchingEnvironment q) {
    RunAddress address = view(q).run().address();
    return nodes.project(address.entity(), address.project());
  }

  private @Nullable Object sweep(DataFetchingEnvironment q) {
    Object name = view(q).attribute("sweep");
    return name == null ? null : sweeps.node(name.toString(), nodes);
  }

  private static List<String> present(List<@Nullable String> lines) {
    return lines.stream().flatMap(Stream::ofNullable).toList();
  }
}
