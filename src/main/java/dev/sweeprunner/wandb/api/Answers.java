package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.FinishedPage.FinishedRun;
import dev.sweeprunner.wandb.api.GraphQl.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers as values. A member that is absent is another thing than one that is null: the first
 * makes the answer unreadable, the second says that there is nothing.
 */
final class Answers {
  private Answers() {}

  /**
   * A page of a project's runs.
   *
   * @param nodes one object per run
   * @param expected how many runs there are on all pages, or -1
   * @param next cursor of the next page, or null after the last
   */
  record Page(List<Fields> nodes, long expected, @Nullable String next) {
    private static final Page NONE = new Page(List.of(), 0, null);
  }

  static Viewer viewer(Reply reply) throws UnreadableJson {
    Fields viewer = reply.data().object("viewer");
    String entity = viewer.textOrNull("entity");
    if (entity == null || entity.isEmpty()) {
      Fields own = viewer.objectOrNull("defaultEntity");
      entity = own == null ? null : own.textOrNull("name");
    }
    return new Viewer(entity, viewer.textOr("username", ""));
  }

  static Page page(Reply reply) throws UnreadableJson {
    Fields project = nullable(reply.data(), "project");
    if (project == null) {
      return Page.NONE;
    }
    Fields runs = project.object("runs");
    List<Fields> nodes = new ArrayList<>();
    for (Fields edge : runs.objects("edges")) {
      nodes.add(edge.object("node"));
    }
    Fields info = runs.object("pageInfo");
    boolean more = flag(info, "hasNextPage");
    long expected = project.members().containsKey("runCount") ? project.number("runCount") : -1;
    return new Page(nodes, expected, more ? info.text("endCursor") : null);
  }

  /** States of runs that were asked for. */
  static List<RunState> states(Page page, Set<String> asked) throws UnreadableJson {
    List<RunState> states = new ArrayList<>();
    for (Fields node : page.nodes()) {
      String name = node.text("name");
      if (!asked.contains(name)) {
        throw new UnreadableJson("a run that was not asked for, " + name);
      }
      states.add(
          new RunState(
              name,
              state(node),
              Pauses.instant(node.textOrNull("heartbeatAt")),
              iter(node),
              cluster(node),
              metrics(node)));
    }
    return states;
  }

  static FinishedPage finished(Reply reply) throws UnreadableJson {
    Page page = page(reply);
    Map<String, FinishedRun> runs = new LinkedHashMap<>();
    for (Fields node : page.nodes()) {
      if (!state(node).equals("finished")) {
        throw new UnreadableJson("a run that is not finished, " + node.text("name"));
      }
      String name = node.text("name");
      runs.put(name, new FinishedRun(name, config(node), iter(node)));
    }
    return new FinishedPage(List.copyOf(runs.values()), page.next());
  }

  /** A run, or null where there is none. */
  static @Nullable RemoteRun run(Reply reply, String runId) throws UnreadableJson {
    Fields model = nullable(reply.data(), "model");
    Fields run = model == null ? null : nullable(model, "bucket");
    if (run == null) {
      return null;
    }
    if (!run.text("name").equals(runId)) {
      throw new UnreadableJson("a run that was not asked for, " + run.text("name"));
    }
    return new RemoteRun(
        run.text("id"),
        state(run),
        Pauses.instant(run.textOrNull("heartbeatAt")),
        reply.asOf(),
        flag(run, "stopped"),
        config(run),
        embedded(run, "summaryMetrics").members(),
        count(run, "historyLineCount"),
        count(run, "eventsLineCount"),
        count(run, "logLineCount"));
  }

  static Upserted upserted(Reply reply, String runId) throws UnreadableJson {
    Fields answer = reply.data().object("upsertBucket");
    Fields bucket = answer.object("bucket");
    if (!bucket.text("name").equals(runId)) {
      throw new UnreadableJson("a run that was not asked for, " + bucket.text("name"));
    }
    Fields project = bucket.object("project");
    return new Upserted(
        bucket.text("id"),
        project.object("entity").text("name"),
        project.text("name"),
        flag(answer, "inserted"),
        reply.unanswered());
  }

  /** A member that the server may say to be null; absent, it is an error. */
  static @Nullable Fields nullable(Fields fields, String name) throws UnreadableJson {
    boolean nothing = fields.members().containsKey(name) && fields.members().get(name) == null;
    return nothing ? null : fields.object(name);
  }

  /** A line count; null is 0. */
  static long count(Fields run, String name) throws UnreadableJson {
    return run.members().get(name) == null ? 0 : run.number(name);
  }

  private static String state(Fields node) throws UnreadableJson {
    boolean nothing = node.members().get("state") == null;
    return nothing ? "" : node.text("state").toLowerCase(Locale.ROOT);
  }

  /** A flag; null is false, anything else is an error. */
  private static boolean flag(Fields fields, String name) throws UnreadableJson {
    Object value = fields.members().get(name);
    if (value != null && !(value instanceof Boolean)) {
      throw new UnreadableJson("no " + name);
    }
    return Boolean.TRUE.equals(value);
  }

  private static long iter(Fields node) throws UnreadableJson {
    Fields summary = embedded(node, "summaryMetrics");
    Double iter = summary.decimalOrNull("iter");
    return iter == null || iter != Math.rint(iter) || iter.isInfinite() ? -1 : iter.longValue();
  }

  private static Map<String, Double> metrics(Fields node) throws UnreadableJson {
    Fields summary = embedded(node, "summaryMetrics");
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (String name : RunState.METRICS) {
      Double value = summary.decimalOrNull(name);
      if (value != null) {
        metrics.put(name, value);
      }
    }
    return metrics;
  }

  /** For people: a config that cannot be read names none. */
  private static @Nullable String cluster(Fields node) {
    try {
      return config(node).get("sweep_runner") instanceof Map<?, ?> claim
              && claim.get("cluster") instanceof String name
          ? name
          : null;
    } catch (UnreadableJson nobody) {
      return null;
    }
  }

  private static Map<String, @Nullable Object> config(Fields node) throws UnreadableJson {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    embedded(node, "config")
        .members()
        .forEach(
            (key, entry) -> {
              boolean wrapped = entry instanceof Map<?, ?> map && map.containsKey("value");
              config.put(key, wrapped ? ((Map<?, ?>) entry).get("value") : entry);
            });
    return config;
  }

  /** JSON in a string; null and an empty string are an empty object. */
  private static Fields embedded(Fields node, String name) throws UnreadableJson {
    String text = node.members().get(name) == null ? "" : node.text(name);
    return new Fields(text.isBlank() ? Map.of() : Json.object(text.getBytes(UTF_8)));
  }
}
