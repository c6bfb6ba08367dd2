package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values after RFC 4180 with plain line feeds: one line of names, one line per grid
 * point. Overrides stand in columns {@code overrides.KEY}, metrics in {@code metrics.NAME}; a cell
 * without a value is empty.
 */
final class StatusCsv implements StatusView {
  @Override
  public void print(List<SweepStatus> sweeps, PrintStream out) {
    List<StatusRow> entries = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    Set<String> metrics = new LinkedHashSet<>();
    for (SweepStatus sweep : sweeps) {
      sweep.standings().forEach(pointStatus -> entries.add(new StatusRow(sweep, pointStatus)));
    }
    for (StatusRow row : entries) {
      keys.addAll(row.overrides().keySet());
      metrics.addAll(row.metrics().keySet());
    }
    line(out, names(keys, metrics));
    entries.forEach(row -> line(out, cells(row, keys, metrics)));
    out.flush();
  }

  private static List<String> names(Set<String> keys, Set<String> metrics) {
    List<String> names = new ArrayList<>(List.of("index", "run_id", "state", "reason"));
    keys.forEach(key -> names.add("overrides." + key));
    names.addAll(
        List.of(
            "sweep",
            "group",
            "cluster",
            "worker",
            "slurm_job",
            "epoch",
            "attempts",
            "iter",
            "max_iters"));
    metrics.forEach(metric -> names.add("metrics." + metric));
    names.addAll(
        List.of(
            "wandb_state",
            "out_dir",
            "source",
            "age_s",
            "way_out",
            "duplicate_of",
            "host",
            "checkpoint_iter",
            "tokens_per_second",
            "eta_s",
            "device",
            "mfu",
            "device_memory_gib",
            "slurm_state",
            "slurm_reason",
            "slurm_restarts",
            "slurm_time_left_seconds"));
    return names;
  }

  private static List<String> cells(StatusRow row, Set<String> keys, Set<String> metrics) {
    List<String> cells = new ArrayList<>();
    add(cells, row.index(), row.runId(), row.state(), row.reason());
    for (String key : keys) {
      cells.add(
          row.overrides().containsKey(key) ? HumanFormat.value(row.overrides().get(key)) : "");
    }
    add(cells, row.sweep(), row.group(), row.cluster(), row.worker(), row.slurmJob());
    add(cells, row.epoch(), row.attempts(), row.iter(), row.maxIters());
    metrics.forEach(metric -> add(cells, row.metrics().get(metric)));
    add(cells, row.wandbState(), row.outDir(), row.source(), row.ageSeconds());
    add(cells, row.wayOut(), row.duplicateOf(), row.host(), row.checkpointIter());
    add(cells, row.tokensPerSecond(), row.etaSeconds());
    add(cells, row.device(), row.wall("mfu"), row.wall("device_memory_gib"));
    add(cells, row.slurmState(), row.slurmReason());
    add(cells, row.slurmRestarts(), row.slurmTimeLeftSeconds());
    return cells;
  }

  private static void add(List<String> cells, @Nullable Object... values) {
    for (Object value : values) {
      cells.add(value == null ? "" : value.toString());
    }
  }

  private static void line(PrintStream out, List<String> cells) {
    out.print(String.join(",", cells.stream().map(StatusCsv::quoted).toList()));
    out.print('\n');
  }

  private static String quoted(String cell) {
    boolean plain =
        cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            && cell.equals(cell.strip());
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
