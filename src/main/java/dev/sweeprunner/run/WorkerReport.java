package dev.sweeprunner.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this worker says about itself in its worker file; never evidence of a claim. */
public interface WorkerReport {
  /** Replaces the worker's file. A failure to write is swallowed: it is only a report. */
  void report(Status status);

  /**
   * The reports of the workers of this storage root, unreadable ones left out: of all, or where
   * there are very many, of those that were written last.
   */
  List<Status> all();

  /** The newest report of the worker of this name, or empty where there is none to be read. */
  default Optional<Status> of(String worker) {
    return all().stream().filter(status -> status.owner().worker().equals(worker)).findFirst();
  }

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
   * @param requeues how often in a row its Slurm task was brought back by its own workers and has
   *     published no checkpoint since
   * @param findings claims it has watched to expire
   * @param written wall time
   * @param since when it began what it does, by the same clock; null where it did not say
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
      int requeues,
      List<Claims.Finding> findings,
      Instant written,
      @Nullable Instant since) {
    /** One that did not say since when it does what it does. */
    public Status(
        Owner owner,
        int port,
        String sweep,
        String activity,
        @Nullable String runId,
        String message,
        double tokensPerSecond,
        int claims,
        int publishes,
        int requeues,
        List<Claims.Finding> findings,
        Instant written) {
      this(
          owner,
          port,
          sweep,
          activity,
          runId,
          message,
          tokensPerSecond,
          claims,
          publishes,
          requeues,
          findings,
          written,
          null);
    }

    /** One whose task did not have to be brought back. */
    public Status(
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
        Instant written) {
      this(
          owner,
          port,
          sweep,
          activity,
          runId,
          message,
          tokensPerSecond,
          claims,
          publishes,
          0,
          findings,
          written);
    }

    /** The same with another count of requeues. */
    public Status requeued(int times) {
      return new Status(
          owner,
          port,
          sweep,
          activity,
          runId,
          message,
          tokensPerSecond,
          claims,
          publishes,
          times,
          findings,
          written,
          since);
    }
  }
}
