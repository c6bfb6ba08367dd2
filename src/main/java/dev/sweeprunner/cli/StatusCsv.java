package dev.sweeprunner.cli;

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
  public void print(List<Overview> sweeps, PrintStream out) {
    List<Entry> entries = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>();
    Set<String> metrics = new LinkedHashSet<>();
    for (Overview sweep : sweeps) {
      sweep.standings().forEach(standing -> entries.add(new Entry(sweep, standing)));
    }
    for (Entry entry : entries) {
      keys.addAll(entry.overrides().keySet());
      metrics.addAll(entry.metrics().keySet());
    }
    line(out, names(keys, metrics));
    entries.forEach(entry -> line(out, cells(entry, keys, metrics)));
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

  private static List<String> cells(Entry entry, Set<String> keys, Set<String> metrics) {
    List<String> cells = new ArrayList<>();
    add(cells, entry.index(), entry.runId(), entry.state(), entry.reason());
    for (String key : keys) {
      cells.add(entry.overrides().containsKey(key) ? Words.value(entry.overrides().get(key)) : "");
    }
    add(cells, entry.sweep(), entry.group(), entry.cluster(), entry.worker(), entry.slurmJob());
    add(cells, entry.epoch(), entry.attempts(), entry.iter(), entry.maxIters());
    metrics.forEach(metric -> add(cells, entry.metrics().get(metric)));
    add(cells, entry.wandbState(), entry.outDir(), entry.source(), entry.ageSeconds());
    add(cells, entry.wayOut(), entry.duplicateOf(), entry.host(), entry.checkpointIter());
    add(cells, entry.tokensPerSecond(), entry.etaSeconds());
    add(cells, entry.device(), entry.wall("mfu"), entry.wall("device_memory_gib"));
    add(cells, entry.slurmState(), entry.slurmReason());
    add(cells, entry.slurmRestarts(), entry.slurmTimeLeftSeconds());
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
