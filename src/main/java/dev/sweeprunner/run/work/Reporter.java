package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RunListener;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps this worker's own report current. Belongs to the worker's thread. */
public final class Reporter implements RunListener {
  private static final Duration RATE_EVERY = Duration.ofSeconds(10);

  private final WorkerReport report;
  private final Owner owner;
  private final IntSupplier port;
  private final Claims log;
  private final Clock clock;
  private final Meter meter;
  private String sweep = "";
  private String activity = "starting";
  private @Nullable String runId;
  private String message = "";
  private double tokensPerSecond;
  private int claims;
  private int publishes;
  private int requeues;
  private Instant since;
  private long lastWritten;
  private volatile WorkerReport.Status current;

  /**
   * A reporter for one worker.
   *
   * @param port of the health endpoint, or -1 while there is none
   */
  public Reporter(WorkerReport report, Owner owner, IntSupplier port, Claims claims, Clock clock) {
    this.report = report;
    this.owner = owner;
    this.port = port;
    this.log = claims;
    this.clock = clock;
    this.meter = new Meter(clock);
    this.requeues = report.of(owner.worker()).map(earlier -> requeues(owner, earlier)).orElse(0);
    this.since = clock.now();
    this.current = status();
  }

  /** What an earlier life of the same task left: this life's first report replaces it. */
  private static int requeues(Owner owner, WorkerReport.Status earlier) {
    SlurmTask own = owner.slurm();
    return own != null && own.livesAfter(earlier.owner().slurm()) >= 0 ? earlier.requeues() : 0;
  }

  /** The newest report; may be asked from any thread. */
  public WorkerReport.Status current() {
    return current;
  }

  /** What counts for those who monitor this worker. */
  public Meter meter() {
    return meter;
  }

  /** The worker turns to this sweep. */
  public void sweep(String file) {
    sweep = file;
  }

  @Override
  public void began(Point point, int epoch, long from) {
    claims++;
    change("training", point.runId(), "");
  }

  /** The newest rate is written now and then. */
  @Override
  public void completed(long iteration, Duration took, double tokens) {
    tokensPerSecond = tokens;
    if (clock.nanos() - lastWritten >= RATE_EVERY.toNanos()) {
      write();
    }
  }

  /** Told with the next report. */
  @Override
  public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
    publishes++;
    requeues = 0;
  }

  @Override
  public void ended(Point point, Outcome outcome, String detail) {
    requeues = outcome == Outcome.FINISHED ? 0 : requeues;
  }

  /** The worker waits, for the reason given. */
  public void waiting(String why) {
    change("waiting", null, why);
  }

  /** The worker leaves. */
  public void stopped(String why) {
    change("stopped", null, why);
  }

  private void change(String newActivity, @Nullable String run, String why) {
    boolean same = activity.equals(newActivity) && Objects.equals(runId, run);
    since = same ? since : clock.now();
    activity = newActivity;
    runId = run;
    message = why;
    tokensPerSecond = 0;
    write();
  }

  private void write() {
    lastWritten = clock.nanos();
    current = status();
    report.report(current);
  }

  private WorkerReport.Status status() {
    return new WorkerReport.Status(
        owner,
        port.getAsInt(),
        sweep,
        activity,
        runId,
        message,
        tokensPerSecond,
        claims,
        publishes,
        requeues,
        log.findings(),
        clock.now(),
        since);
  }
}
