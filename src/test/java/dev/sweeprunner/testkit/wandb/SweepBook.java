package dev.sweeprunner.testkit.wandb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Grid sweeps and their agents, as far as {@code wandb sweep} and {@code wandb agent} need them.
 */
final class SweepBook {
  private final RunBook book;
  private final Map<String, FakeSweep> sweeps = new LinkedHashMap<>();
  private final Map<String, FakeSweep> agents = new LinkedHashMap<>();
  private int handedOut;

  SweepBook(RunBook book) {
    this.book = book;
  }

  private static final class FakeSweep {
    final String entity;
    final String project;
    final String name;
    String yaml = "";
    Map<String, @Nullable Object> config = Map.of();
    String state = "PENDING";
    @Nullable String displayName;
    List<Map<String, @Nullable Object>> left = List.of();

    FakeSweep(String entity, String project, String name) {
      this.entity = entity;
      this.project = project;
      this.name = name;
    }
  }

  synchronized boolean knows(String name) {
    return sweeps.containsKey(name);
  }

  /** Creates a sweep, or changes the one whose id the input has; returns its name. */
  synchronized String upsert(String entity, String project, Map<String, @Nullable Object> input) {
    FakeSweep sweep = null;
    for (FakeSweep there : sweeps.values()) {
      sweep = id(there).equals(input.get("id")) ? there : sweep;
    }
    if (sweep == null) {
      sweep = new FakeSweep(entity, project, String.format("swp%05d", sweeps.size() + 1));
      sweeps.put(sweep.name, sweep);
    }
    if (input.get("config") instanceof String yaml) {
      sweep.yaml = yaml;
      sweep.config =
          Json.members(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(yaml));
      sweep.left = new ArrayList<>(grid(Json.members(sweep.config.get("parameters"))));
    }
    if (input.get("state") instanceof String state) {
      sweep.state = state;
    }
    if (input.get("displayName") instanceof String displayName) {
      sweep.displayName = displayName;
    }
    return sweep.name;
  }

  synchronized String createAgent(String sweepName) {
    FakeSweep sweep = sweeps.get(sweepName);
    if (sweep == null) {
      throw new Refusal(404, "sweep " + sweepName + " not found");
    }
    String id = RunAddress.globalId("Agent", String.valueOf(agents.size()));
    agents.put(id, sweep);
    return id;
  }

  /** The commands for an agent: at most one, and none while it is busy. */
  synchronized List<Object> beat(String agent, boolean busy) {
    FakeSweep sweep = agents.get(agent);
    if (sweep == null) {
      throw new Refusal(404, "agent not found");
    }
    if (busy) {
      return List.of();
    }
    FakeRun preempted = preempted(sweep);
    if (preempted != null) {
      return List.of(command("resume", preempted.address().name(), sweep, preempted.config()));
    }
    if (sweep.left.isEmpty()) {
      sweep.state = "FINISHED";
      return List.of(Map.of("type", "exit"));
    }
    sweep.state = "RUNNING";
    Map<String, @Nullable Object> args = sweep.left.remove(0);
    String run = String.format("grid%04d", ++handedOut);
    RunAddress address = new RunAddress(sweep.entity, sweep.project, run);
    book.upsert(address, true)
        .run()
        .change(s -> FakeRun.withAnnounced(s, Map.of("sweepName", sweep.name)));
    return List.of(command("run", run, sweep, args));
  }

  synchronized @Nullable Map<String, @Nullable Object> node(String name, Nodes nodes) {
    FakeSweep sweep = sweeps.get(name);
    return sweep == null ? null : node(sweep, nodes);
  }

  synchronized List<Map<String, @Nullable Object>> nodes(Nodes nodes) {
    return sweeps.values().stream().map(sweep -> node(sweep, nodes)).toList();
  }

  private Map<String, @Nullable Object> node(FakeSweep sweep, Nodes nodes) {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("id", id(sweep));
    node.put("name", sweep.name);
    node.put("displayName", sweep.displayName);
    node.put("description", sweep.config.get("description"));
    node.put("method", Objects.requireNonNullElse(sweep.config.get("method"), "grid"));
    node.put("config", sweep.yaml);
    node.put("state", sweep.state);
    node.put("createdAt", Times.text(book.now()));
    node.put("heartbeatAt", Times.text(book.now()));
    node.put("updatedAt", Times.text(book.now()));
    node.put("earlyStopJobRunning", false);
    node.put("project", nodes.project(sweep.entity, sweep.project));
    return node;
  }

  private @Nullable FakeRun preempted(FakeSweep sweep) {
    for (FakeRun run : book.list(sweep.entity, sweep.project)) {
      if (run.state().equals("preempted") && sweep.name.equals(run.announced().get("sweepName"))) {
        run.change(s -> FakeRun.with(s, Life.created(book.now(), true)));
        return run;
      }
    }
    return null;
  }

  private static Map<String, @Nullable Object> command(
      String type, String run, FakeSweep sweep, Map<String, @Nullable Object> args) {
    Map<String, @Nullable Object> command = new LinkedHashMap<>();
    command.put("id", RunAddress.globalId("Command", run));
    command.put("type", type);
    command.put("run_id", run);
    command.put("program", sweep.config.get("program"));
    command.put("args", args);
    command.put("logs", List.of());
    return command;
  }

  /** Points in sorted order of the names, the last name varying fastest. */
  private static List<Map<String, @Nullable Object>> grid(
      Map<String, @Nullable Object> parameters) {
    List<Map<String, @Nullable Object>> points = List.of(Map.of());
    for (Map.Entry<String, @Nullable Object> parameter : new TreeMap<>(parameters).entrySet()) {
      Map<String, @Nullable Object> kind = Json.members(parameter.getValue());
      List<?> values = kind.get("values") instanceof List<?> list ? list : null;
      List<Map<String, @Nullable Object>> longer = new ArrayList<>();
      for (Map<String, @Nullable Object> point : points) {
        for (Object value : values == null ? new Object[] {kind.get("value")} : values.toArray()) {
          Map<String, @Nullable Object> next = new LinkedHashMap<>(point);
          Map<String, @Nullable Object> wrapped = new LinkedHashMap<>();
          wrapped.put("value", value);
          next.put(parameter.getKey(), wrapped);
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }

  private static String id(FakeSweep sweep) {
    return RunAddress.globalId("Sweep", sweep.name);
  }
}
