package dev.sweeprunner.app;

import dev.sweeprunner.host.Signals;
import dev.sweeprunner.run.Allocation;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.slurm.Slurm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A worker's dealings with Slurm: who it is there, how much time it has, when it must leave, and
 * how its task comes back.
 */
final class SlurmDesk {
  private static final String TERM = "SIGTERM";

  /** Reasons to stop that come from a person at a terminal: the worker then stays away. */
  private static final Set<String> PERSONAL = Set.of("SIGINT", "SIGHUP");

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final Duration SIBLINGS_POLL = Duration.ofMillis(200);
  private static final Duration SIBLINGS_MARGIN = Duration.ofSeconds(5);

  private final Slurm slurm;
  private final ObjectGraph graph;
  private final Signals signals;
  private final Console console;
  private final CompletableFuture<Optional<SlurmTask>> asked;
  private @Nullable TimeBudget budget;

  /** Begins to ask for this process's own job, in the background. */
  SlurmDesk(ObjectGraph graph, Signals signals, Console console) {
    Executor executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "slurm");
              thread.setDaemon(true);
              return thread;
            });
    this.slurm = graph.slurm(executor, graph.settings().slurm().timeout());
    this.graph = graph;
    this.signals = signals;
    this.console = console;
    this.asked = CompletableFuture.supplyAsync(slurm::verified, executor);
  }

  /** The job of this process, or null outside Slurm; waits for Slurm's word on it. */
  @Nullable SlurmTask task() {
    return asked.join().orElse(null);
  }

  /** What it says of other jobs. */
  Scheduler scheduler() {
    asked.join();
    return slurm.scheduler();
  }

  /** What still fits into this process's time; it asks this process to stop when that is over. */
  TimeBudget budget(Pause pause) {
    asked.join();
    Allocation allocation = slurm.allocation(signals::onTerm);
    TimeBudget made =
        new TimeBudget(allocation, graph.settings().slurm().margin(), signals::request);
    budget = made;
    if (asked.join().isPresent()) {
      Thread thread = new Thread(() -> watch(made, pause), "time-limit");
      thread.setDaemon(true);
      thread.start();
    }
    return made;
  }

  private void watch(TimeBudget time, Pause pause) {
    while (!signals.requested()) {
      Optional<Duration> spare = time.spare();
      if (spare.isPresent() && (spare.get().isNegative() || spare.get().isZero())) {
        signals.request(
            "its job's time limit, in " + time.left().orElse(Duration.ZERO).toSeconds() + " s");
        return;
      }
      pause.pause(spare.filter(d -> d.compareTo(LOOK_AGAIN) < 0).orElse(LOOK_AGAIN));
    }
  }

  /**
   * The worker has given everything back. Where it leaves work undone, its task is brought back,
   * once the other workers of the same job have left too: a requeue kills what is left of the job.
   */
  void leave(ExitCode code, Owner self) {
    String reason = signals.reason().orElse("");
    SlurmTask task = task();
    if (task == null
        || code != ExitCode.STOPPED
        || reason.isEmpty()
        || PERSONAL.contains(reason)
        || !graph.settings().slurm().requeue()) {
      return;
    }
    boolean warned = !reason.equals(TERM);
    if (warned && budget != null && !budget.worthwhile()) {
      console.warn(
          "Task "
              + task.display()
              + " is not requeued: its time limit is too short for a single checkpoint. Submit it"
              + " with a longer --time.");
      return;
    }
    awaitSiblings(task, self);
    slurm.leave(warned).ifPresent(console::news);
  }

  private void awaitSiblings(SlurmTask task, Owner self) {
    Duration longest =
        budget == null ? Duration.ZERO : budget.left().orElse(LOOK_AGAIN).minus(SIBLINGS_MARGIN);
    long end = graph.clock().nanos() + longest.toNanos();
    while (graph.clock().nanos() < end && siblingsWork(task, self)) {
      try {
        Thread.sleep(SIBLINGS_POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean siblingsWork(SlurmTask task, Owner self) {
    List<WorkerReport.Status> all = graph.workerReport().all();
    return all.stream()
        .filter(status -> task.equals(status.owner().slurm()))
        .filter(status -> !status.owner().incarnation().equals(self.incarnation()))
        .filter(status -> !status.activity().equals("stopped"))
        .anyMatch(status -> graph.processes().judge(status.owner()) == Processes.Verdict.ALIVE);
  }
}
