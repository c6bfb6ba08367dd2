package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Axes;
import dev.sweeprunner.cli.HeadMetric;
import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.Progress;
import dev.sweeprunner.cli.status.Column.Kind;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns of a table with a row per point. */
final class PointColumns {
  /** Evaluations on translation rows only: what a sweep over uniform data is about. */
  private static final String TRANSLATION_LOSS = "val/translation_loss";

  private static final List<String> LOSSES = List.of("train/loss", "eval/train_loss");
  private static final int BAR = 10;

  private PointColumns() {}

  /** Those that every table has. */
  static List<Column> of(SweepStatus sweep, List<PointStatus> rows) {
    List<Column> columns = new ArrayList<>();
    columns.add(column(Kind.FIXED, "run", rows, s -> s.point().runId()));
    Axes.all(sweep.points())
        .names()
        .forEach(
            (key, name) ->
                columns.add(
                    column(
                        Kind.KEY,
                        name,
                        rows,
                        s -> HumanFormat.value(s.point().overrides().get(key)))));
    columns.add(column(Kind.PLACE, "cluster", rows, s -> new StatusRow(sweep, s).cluster()));
    columns.add(column(Kind.PLACE, "job", rows, s -> new StatusRow(sweep, s).slurmJob()));
    Column slurm = column(Kind.PLACE, "slurm", rows, s -> new StatusRow(sweep, s).slurmBrief());
    if (!slurm.empty()) {
      columns.add(slurm);
    }
    columns.add(column(Kind.FIXED, "state", rows, s -> s.verdict().state().shown()));
    columns.add(column(Kind.NUMBER, "progress", rows, PointColumns::progress));
    columns.add(newest(sweep, rows));
    List<String> translation = List.of(TRANSLATION_LOSS);
    if (rows.stream().anyMatch(s -> metric(s, translation) != null)) {
      columns.add(column(Kind.NUMBER, "translation_loss", rows, s -> metric(s, translation)));
    }
    if (rows.stream().anyMatch(s -> !(s.verdict() instanceof Verdict.Ended))) {
      columns.add(column(Kind.NUMBER, "eta", rows, s -> eta(sweep, s)));
    }
    return columns;
  }

  /** The newest loss; of a program without one, another metric. */
  private static Column newest(SweepStatus sweep, List<PointStatus> rows) {
    boolean known = rows.stream().anyMatch(s -> metric(s, LOSSES) != null);
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.metrics().keySet()));
    Optional<String> head = HeadMetric.of(names, sweep.points().aim());
    if (known || head.isEmpty()) {
      return column(Kind.NUMBER, "loss", rows, s -> metric(s, LOSSES));
    }
    return column(Kind.NUMBER, head.get(), rows, s -> metric(s, List.of(head.get())));
  }

  static Column column(
      Kind kind,
      String header,
      List<PointStatus> rows,
      Function<PointStatus, @Nullable String> cell) {
    List<String> cells = new ArrayList<>(rows.size());
    for (PointStatus row : rows) {
      String text = cell.apply(row);
      cells.add(text == null || text.isEmpty() ? Column.NOTHING : text);
    }
    return new Column(kind, header, cells);
  }

  /** {@code 120/400}, or per cent where the numbers are long. */
  private static @Nullable String progress(PointStatus pointStatus) {
    State state = pointStatus.verdict().state();
    boolean begun = pointStatus.iter() > 0 || pointStatus.end().isPresent();
    if (state == State.INVALID || !begun) {
      return null;
    }
    return Progress.share(pointStatus.iter(), pointStatus.maxIters());
  }

  private static @Nullable String metric(PointStatus pointStatus, List<String> names) {
    Map<String, Double> metrics = pointStatus.metrics();
    return names.stream()
        .map(metrics::get)
        .filter(Objects::nonNull)
        .findFirst()
        .map(HumanFormat::metric)
        .orElse(null);
  }

  private static @Nullable String eta(SweepStatus sweep, PointStatus pointStatus) {
    Duration left = sweep.left(pointStatus);
    return left == null ? null : HumanFormat.time(left);
  }

  /**
   * What a person at a wide terminal sees beside them, the most wanted first: each stands there
   * only where all else has its room.
   */
  static List<Beside> beside(SweepStatus sweep, List<PointStatus> rows) {
    return List.of(
        new Beside(
            "progress",
            new Column(
                Kind.FIXED, "bar", "", column(Kind.FIXED, "bar", rows, PointColumns::bar).cells())),
        new Beside("", column(Kind.NUMBER, "seen", rows, PointColumns::seen)),
        new Beside("", column(Kind.NUMBER, "rate", rows, s -> rate(sweep, s))),
        new Beside(
            "cluster", column(Kind.PLACE, "worker", rows, s -> new StatusRow(sweep, s).worker())));
  }

  private static @Nullable String bar(PointStatus pointStatus) {
    Double share = StatusKeys.share(pointStatus);
    return progress(pointStatus) == null || share == null ? null : bar(share, BAR);
  }

  /** {@code [####------]}. */
  static String bar(double share, int width) {
    int done = (int) Math.floor(width * Math.min(1, Math.max(0, share)));
    return "[" + "#".repeat(done) + "-".repeat(width - done) + "]";
  }

  /** How old the news of a run is that somebody has. */
  private static @Nullable String seen(PointStatus pointStatus) {
    return pointStatus.facts().claim() instanceof ClaimState.Logged logged
            && pointStatus.verdict() instanceof Verdict.Taken
            && logged.owner() != null
            && logged.owner().silentByFileTime() != null
        ? HumanFormat.ago(logged.owner().silentByFileTime())
        : null;
  }

  private static @Nullable String rate(SweepStatus sweep, PointStatus pointStatus) {
    double rate = sweep.tokensPerSecond(pointStatus);
    return rate <= 0 ? null : HumanFormat.count(rate) + "/s";
  }

  /**
   * A column that may find room.
   *
   * @param behind the name of the column that it follows; empty for the end
   */
  record Beside(String behind, Column column) {}
}
