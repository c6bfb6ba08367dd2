package dev.sweeprunner.testkit.wandb;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All runs of a server. Creation is a test-and-set. May be used by any thread. */
public final class RunBook {
  private final Clock clock;
  private final Patience patience;
  private final Map<String, Map<String, FakeRun>> projects = new LinkedHashMap<>();
  private int numbers;
  private volatile Duration lag = Duration.ZERO;

  RunBook(Clock clock, Patience patience) {
    this.clock = clock;
    this.patience = patience;
  }

  /** Reads see the server as it was that long ago; writes, and {@code inserted}, do not lag. */
  public void lag(Duration lag) {
    this.lag = lag;
  }

  /** The run of that id in any project, or null. */
  public synchronized @Nullable FakeRun find(String name) {
    return projects.values().stream()
        .map(runs -> runs.get(name))
        .filter(run -> run != null)
        .findFirst()
        .orElse(null);
  }

  /** The run at an address, or null. */
  public synchronized @Nullable FakeRun find(RunAddress address) {
    return runsOf(address.entity(), address.project()).get(address.name());
  }

  /** The run of that id in any project; there must be one. */
  public FakeRun get(String name) {
    FakeRun run = find(name);
    if (run == null) {
      throw new IllegalArgumentException("no run " + name);
    }
    return run;
  }

  /** Every run, in the order of creation per project. */
  public synchronized List<FakeRun> all() {
    List<FakeRun> all = new ArrayList<>();
    projects.values().forEach(runs -> all.addAll(runs.values()));
    return all;
  }

  /**
   * Puts a run there, as if a client had made it; its heartbeat is now.
   *
   * @param state running, pending, finished, failed, preempting or preempted
   * @param config wrapped values as JSON
   * @param summary values as JSON
   */
  public FakeRun place(RunAddress address, String state, String config, String summary) {
    FakeRun run = upsert(address, state.equals("pending")).run();
    run.change(s -> FakeRun.withSummary(FakeRun.withConfig(s, config), summary));
    run.change(s -> FakeRun.with(s, lifeOf(s.life(), state)));
    return run;
  }

  /** Takes a run away; its stream answers 404 from then on. */
  public synchronized void delete(RunAddress address) {
    Map<String, FakeRun> runs = projects.get(key(address.entity(), address.project()));
    if (runs != null) {
      runs.remove(address.name());
    }
  }

  /** A run, and whether this call made it. */
  record Upserted(FakeRun run, boolean inserted) {}

  synchronized Upserted upsert(RunAddress address, boolean pending) {
    Map<String, FakeRun> runs = addProject(address.entity(), address.project());
    FakeRun there = runs.get(address.name());
    if (there != null) {
      return new Upserted(there, false);
    }
    FakeRun made = new FakeRun(address, now(), ++numbers, this, pending);
    runs.put(address.name(), made);
    return new Upserted(made, true);
  }

  synchronized Map<String, FakeRun> addProject(String entity, String project) {
    return projects.computeIfAbsent(key(entity, project), k -> new LinkedHashMap<>());
  }

  synchronized boolean hasProject(String entity, String project) {
    return projects.containsKey(key(entity, project));
  }

  synchronized List<String> projects(String entity) {
    return projects.keySet().stream()
        .filter(key -> key.startsWith(entity + "/"))
        .map(key -> key.substring(entity.length() + 1))
        .toList();
  }

  synchronized List<FakeRun> list(String entity, String project) {
    return List.copyOf(runsOf(entity, project).values());
  }

  @Nullable FakeRun byStorageId(String id) {
    RunAddress address = RunAddress.ofStorageId(id);
    return address == null ? null : find(address);
  }

  Instant now() {
    return clock.now();
  }

  Patience patience() {
    return patience;
  }

  Duration lag() {
    return lag;
  }

  private Life lifeOf(Life life, String state) {
    return switch (state) {
      case "pending" -> life;
      case "running" -> life.beat(now(), false, patience);
      case "preempting" -> life.beat(now(), true, patience);
      case "finished" -> life.complete(now(), 0, false);
      case "failed" -> life.complete(now(), 1, false);
      case "preempted" -> life.complete(now(), 1, true);
      default -> throw new IllegalArgumentException(state);
    };
  }

  private Map<String, FakeRun> runsOf(String entity, String project) {
    return projects.getOrDefault(key(entity, project), Map.of());
  }

  private static String key(String entity, String project) {
    return entity + "/" + project;
  }
}
