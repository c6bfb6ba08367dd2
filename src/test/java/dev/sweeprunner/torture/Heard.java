package dev.sweeprunner.torture;

import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.WorkerReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What the other workers wrote down as watched dead, read at most once a beat. */
final class Heard implements Supplier<List<Claims.Finding>> {
  private final WorkerReport report;
  private final Clock clock;
  private final long beatNanos;
  private List<Claims.Finding> newest = List.of();
  private long read;

  Heard(WorkerReport report, Clock clock, Duration beat) {
    this.report = report;
    this.clock = clock;
    this.beatNanos = beat.toNanos();
    this.read = clock.nanos() - beatNanos;
  }

  @Override
  public synchronized List<Claims.Finding> get() {
    if (clock.nanos() - read >= beatNanos) {
      read = clock.nanos();
      newest = report.all().stream().flatMap(status -> status.findings().stream()).toList();
    }
    return newest;
  }
}
