package dev.sweeprunner.testkit;

import dev.sweeprunner.run.WorkerReport;
import java.util.List;

/** A report that nobody reads. */
public final class UnreadReport implements WorkerReport {
  @Override
  public void report(Status status) {}

  @Override
  public List<Status> all() {
    return List.of();
  }
}
