package dev.sweeprunner.testkit;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.WorkerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Worker files in memory. */
public final class ToldWorkers implements WorkerReport {
  private final List<Status> reports = new ArrayList<>();

  /** A report of a worker that trains, or waits where {@code runId} is null. */
  public static Status status(Owner owner, @Nullable String runId, double tokensPerSecond) {
    return new Status(
        owner,
        -1,
        "sweep.yaml",
        runId == null ? "waiting" : "training",
        runId,
        "",
        tokensPerSecond,
        runId == null ? 0 : 1,
        0,
        List.of(),
        Situations.WRITTEN);
  }

  @Override
  public void report(Status status) {
    reports.add(status);
  }

  /** The newest one. */
  @Override
  public Optional<Status> of(String worker) {
    return reports.stream()
        .filter(status -> status.owner().worker().equals(worker))
        .reduce((earlier, later) -> later);
  }

  @Override
  public List<Status> all() {
    return reports;
  }
}
