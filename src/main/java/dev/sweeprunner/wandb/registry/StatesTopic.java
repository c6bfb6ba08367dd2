package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.wandb.api.RunState;
import dev.sweeprunner.wandb.api.States;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.registry.Answer.Failed;
import dev.sweeprunner.wandb.registry.Answer.Reply;
import dev.sweeprunner.wandb.registry.KnownRuns.Row;
import dev.sweeprunner.wandb.registry.KnownRuns.Shown;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The states of a sweep's runs. Asks for exactly its ids, ascending, in chunks; not for those that
 * are known to have finished whole. The first chunk that fails ends the asking; what was answered
 * before it is kept.
 */
final class StatesTopic implements Answer.Topic<KnownRuns> {
  private static final String NO_HEARTBEAT = "-";
  private static final String NO_VALUE = "-";
  private static final String WHOLE = "w";
  private static final String PART = "p";
  private static final int COLUMNS = 5;

  private final RunIds ids;
  private final Points points;
  private final @Nullable RunSource source;

  /**
   * The states of these runs.
   *
   * @param points say what a run is to become: one that is whole is not asked for again
   * @param source who is asked, or null if nobody can be
   */
  StatesTopic(RunIds ids, Points points, @Nullable RunSource source) {
    this.ids = ids;
    this.points = points;
    this.source = source;
  }

  @Override
  public KnownRuns nothing() {
    return new KnownRuns(Instant.EPOCH, 0, List.of());
  }

  @Override
  public Reply<KnownRuns> ask(@Nullable KnownRuns before, Runnable alive) {
    KnownRuns known = before == null ? nothing() : before;
    List<Row> rows = new ArrayList<>(known.rows());
    rows.removeIf(row -> !row.whole());
    Instant asOf = known.asOf();
    int place = 0;
    try {
      while (place < ids.size()) {
        List<String> chunk = new ArrayList<>(RunSource.MOST_IDS);
        int next = collect(place, known, chunk);
        if (!chunk.isEmpty()) {
          States states = states(chunk);
          states.runs().forEach(run -> add(run, rows));
          asOf = states.asOf();
          alive.run();
        }
        place = next;
      }
      return new Reply<>(KnownRuns.of(asOf, place, rows), null);
    } catch (WandbFailure e) {
      return new Reply<>(KnownRuns.of(asOf, place, rows), Failed.of(e));
    } catch (RuntimeException e) {
      return new Reply<>(KnownRuns.of(asOf, place, rows), Failed.unexpectedly(e));
    }
  }

  private States states(List<String> chunk) throws WandbFailure {
    if (source == null) {
      throw new IllegalStateException("nobody to ask");
    }
    return source.states(chunk);
  }

  /** Fills a chunk from {@code place} on and says from where the next one goes on. */
  private int collect(int place, KnownRuns known, List<String> chunk) {
    int next = place;
    while (next < ids.size() && chunk.size() < RunSource.MOST_IDS) {
      Row row = known.at(next);
      if (row == null || !row.whole()) {
        chunk.add(ids.get(next));
      }
      next++;
    }
    return next;
  }

  private void add(RunState run, List<Row> rows) {
    int place = ids.place(run.runId());
    if (place < 0) {
      return;
    }
    Instant heartbeat = run.heartbeat();
    rows.add(
        new Row(
            place,
            run.state().intern(),
            run.iter(),
            heartbeat == null ? KnownRuns.NEVER : heartbeat.toEpochMilli(),
            whole(run),
            new Shown(run.cluster(), run.metrics())));
  }

  private boolean whole(RunState run) {
    RemoteState state = new RemoteState(run.state(), run.iter(), null);
    OptionalInt index = points.indexOf(run.runId());
    return state.finished()
        && index.isPresent()
        && state.whole(Goal.of(points.at(index.getAsInt()).config()));
  }

  @Override
  public Map<String, Object> encode(KnownRuns runs) {
    List<String> lines = new ArrayList<>(runs.rows().size());
    for (Row row : runs.rows()) {
      lines.add(
          ids.get(row.place())
              + (" " + row.iter())
              + (" " + (row.heartbeat() == KnownRuns.NEVER ? NO_HEARTBEAT : row.heartbeat() + ""))
              + (" " + (row.whole() ? WHOLE : PART))
              + (" " + row.state()));
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("as_of", runs.asOf().toString());
    members.put("answered", runs.answered());
    members.put("runs", lines);
    members.put("shown", shown(runs));
    return members;
  }

  /** A list of its own: earlier versions, which share the file, do not look for it. */
  private List<String> shown(KnownRuns runs) {
    List<String> lines = new ArrayList<>();
    for (Row row : runs.rows()) {
      if (!row.shown().equals(Shown.NOTHING)) {
        StringBuilder line = new StringBuilder(ids.get(row.place()));
        for (String name : RunState.METRICS) {
          Double value = row.shown().metrics().get(name);
          line.append(' ').append(value == null ? NO_VALUE : value.toString());
        }
        String cluster = row.shown().cluster();
        lines.add(line.append(' ').append(cluster == null ? "" : cluster).toString());
      }
    }
    return lines;
  }

  /** By place; what is not understood is left out, since nothing rests on it. */
  private Map<Integer, Shown> shown(Fields content) {
    Map<Integer, Shown> shown = new HashMap<>();
    for (String line : content.texts("shown")) {
      String[] columns = line.split(" ", RunState.METRICS.size() + 2);
      int place = columns.length == RunState.METRICS.size() + 2 ? ids.place(columns[0]) : -1;
      if (place >= 0) {
        shown.put(place, shown(columns));
      }
    }
    return shown;
  }

  private static Shown shown(String[] columns) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (int i = 0; i < RunState.METRICS.size(); i++) {
      if (!columns[i + 1].equals(NO_VALUE)) {
        metrics.put(RunState.METRICS.get(i), Double.valueOf(columns[i + 1]));
      }
    }
    String cluster = columns[columns.length - 1];
    return new Shown(cluster.isEmpty() ? null : cluster.intern(), metrics);
  }

  @Override
  public KnownRuns decode(Fields content) throws UnreadableJson {
    try {
      List<Row> rows = new ArrayList<>();
      Map<Integer, Shown> shown = shown(content);
      for (String line : content.texts("runs")) {
        String[] columns = line.split(" ", COLUMNS);
        int place = columns.length == COLUMNS ? ids.place(columns[0]) : -1;
        if (place < 0) {
          throw new UnreadableJson("no run of this sweep: " + line);
        }
        rows.add(
            new Row(
                place,
                columns[4].intern(),
                Long.parseLong(columns[1]),
                columns[2].equals(NO_HEARTBEAT) ? KnownRuns.NEVER : Long.parseLong(columns[2]),
                columns[3].equals(WHOLE),
                shown.getOrDefault(place, Shown.NOTHING)));
      }
      return KnownRuns.of(Instant.parse(content.text("as_of")), content.integer("answered"), rows);
    } catch (DateTimeException | NumberFormatException e) {
      throw new UnreadableJson("not the states of runs: " + Why.of(e));
    }
  }
}
