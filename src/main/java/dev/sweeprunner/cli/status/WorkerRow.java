package dev.sweeprunner.cli.status;

import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker as it stands, by its own report and by what is known of its process.
 *
 * @param report what it said last
 * @param life whether it is there
 * @param how what shows it
 * @param heard how long ago it said so, by the two clocks
 * @param since how long it does what it does, or null where it did not say
 */
public record WorkerRow(
    WorkerReport.Status report, Life life, String how, Duration heard, @Nullable Duration since) {
  /** All fields in the order in which they are given. Their names are an API: only added to. */
  public static final List<Field> FIELDS =
      List.of(
          new Field("worker", row -> row.report.owner().worker()),
          new Field("life", row -> row.life.word()),
          new Field("how", WorkerRow::how),
          new Field("activity", row -> row.report.activity()),
          new Field("run_id", row -> row.report.runId()),
          new Field("since_s", row -> seconds(row.since)),
          new Field("tokens_per_second", WorkerRow::rate),
          new Field("message", row -> row.report.message()),
          new Field("sweep", row -> row.report.sweep()),
          new Field("cluster", row -> row.report.owner().cluster()),
          new Field("host", row -> row.report.owner().host()),
          new Field("device", row -> row.report.owner().device()),
          new Field("pid", row -> row.report.owner().pid()),
          new Field("user", row -> row.report.owner().user()),
          new Field("slurm_job", WorkerRow::job),
          new Field("port", row -> row.report.port() > 0 ? (Integer) row.report.port() : null),
          new Field("claims", row -> row.report.claims()),
          new Field("publishes", row -> row.report.publishes()),
          new Field("heard_s", row -> seconds(row.heard)));

  /** Whether it is there. */
  public enum Life {
    /** Its process runs, or it has said something lately. */
    LIVE,
    /** Nobody knows. */
    SILENT,
    /** It has left, or is proven dead. */
    GONE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A field of every worker.
   *
   * @param value a number, a text, or null where nothing is known
   */
  public record Field(String name, Function<WorkerRow, @Nullable Object> value) {
    public @Nullable Object of(WorkerRow row) {
      return value.apply(row);
    }
  }

  /** Of its run now; null where it has none or does not say. */
  @Nullable Double rate() {
    boolean known = life == Life.LIVE && report.runId() != null && report.tokensPerSecond() > 0;
    return known ? (Double) report.tokensPerSecond() : null;
  }

  @Nullable String job() {
    SlurmTask task = report.owner().slurm();
    return task == null ? null : task.display();
  }

  private static @Nullable Double seconds(@Nullable Duration time) {
    return time == null ? null : (Double) (time.toMillis() / 1000.0);
  }
}
