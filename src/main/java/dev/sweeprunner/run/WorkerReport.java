package dev.sweeprunner.run;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this worker says about itself in its worker file; never evidence of a claim. */
public interface WorkerReport {
  /** Replaces the worker's file. A failure to write is swallowed: it is only a report. */
  void report(Status status);

  /** The reports of all workers of this storage root, unreadable ones left out. */
  List<Status> all();

  /** The claims that any of them has watched to expire. */
  default List<Claims.Finding> findings() {
    return all().stream().flatMap(status -> status.findings().stream()).toList();
  }

  /**
   * One worker.
   *
   * @param owner its process
   * @param port of its health endpoint, or -1
   * @param sweep the sweep file
   * @param activity {@code starting}, {@code training}, {@code waiting}, {@code stopped}
   * @param runId in its hands, or null
   * @param message one sentence, for example why it waits
   * @param tokensPerSecond of the current run, or 0
   * @param claims how many runs this process has begun to work on
   * @param publishes how many checkpoints it has published
   * @param findings claims it has watched to expire
   * @param written wall time
   */
  record Status(
      Owner owner,
      int port,
      String sweep,
      String activity,
      @Nullable String runId,
      String message,
      double tokensPerSecond,
      int claims,
      int publishes,
      List<Claims.Finding> findings,
      Instant written) {}
}
