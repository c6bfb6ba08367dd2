package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Allocation;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Place;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.RequeuePolicy;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.WorkerReport;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A worker's dealings with Slurm: who it is there, how much time it has, when it must leave, and
 * how its task comes back.
 */
public final class OwnTask {
  private static final String TERM = "SIGTERM";

  /** Reasons to stop that come from a person at a terminal: the worker then stays away. */
  private static final Set<String> PERSONAL = Set.of("SIGINT", "SIGHUP");

  /** Shorter than any margin: the end may turn out to be nearer than it was said before. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private static final Duration SIBLINGS_LONGEST = Duration.ofSeconds(30);
  private static final Duration SIBLINGS_POLL = Duration.ofMillis(200);
  private static final Duration SIBLINGS_MARGIN = Duration.ofSeconds(5);

  private final Slurm slurm;
  private final Options options;
  private final Processes processes;
  private final WorkerReport workers;
  private final Clock clock;
  private final CompletableFuture<Optional<SlurmTask>> asked;
  private final EarlyWarning warning;
  private final Place place;
  private @Nullable TimeBudget budget;

  OwnTask(
      Slurm slurm,
      Options options,
      Processes processes,
      WorkerReport workers,
      Clock clock,
      Executor executor) {
    this.slurm = slurm;
    this.options = options;
    this.processes = processes;
    this.workers = workers;
    this.clock = clock;
    this.asked = CompletableFuture.supplyAsync(slurm::verified, executor);
    this.warning = new EarlyWarning(slurm, clock, options.news());
    if (slurm.inJob()) {
      options.onWarning().accept(warning::leaves);
    }
    this.place = slurm.place(this::giveUp);
  }

  /** The job of this process, or null outside Slurm; waits for Slurm's word on it. */
  public @Nullable SlurmTask task() {
    return asked.join().orElse(null);
  }

  /** What Slurm says of other jobs; waits as {@link #task} does. */
  public Scheduler scheduler() {
    asked.join();
    return slurm.scheduler();
  }

  /** The node that this process works on; asks it to stop where that one is draining. */
  public Place place() {
    return place;
  }

  private void giveUp(String why) {
    options.stopping().accept(why);
    options.news().accept(why.substring(0, 1).toUpperCase(Locale.ROOT) + why.substring(1) + ".");
  }

  /**
   * What still fits into this process's time; asks this process to stop when that is over.
   *
   * @param more how long what trains may take to stop, beyond the margin
   */
  public TimeBudget budget(Duration more) {
    asked.join();
    Allocation allocation = slurm.allocation(options.onTerm());
    TimeBudget made = new TimeBudget(allocation, options.margin().plus(more), options.stopping());
    budget = made;
    if (allocation instanceof SlurmAllocation ofJob) {
      warning.over(ofJob, made);
    }
    if (asked.join().isPresent()) {
      Thread thread = new Thread(() -> watch(made), "time-limit");
      thread.setDaemon(true);
      thread.start();
    }
    return made;
  }

  private void watch(TimeBudget time) {
    while (!options.stop().requested()) {
      Optional<Duration> spare = time.spare();
      if (spare.isPresent() && (spare.get().isNegative() || spare.get().isZero())) {
        options
            .stopping()
            .accept(
                "its job's time limit, in " + time.left().orElse(Duration.ZERO).toSeconds() + " s");
        return;
      }
      options.pause().pause(spare.filter(d -> d.compareTo(LOOK_AGAIN) < 0).orElse(LOOK_AGAIN));
    }
  }

  /**
   * The worker has given everything back on a stop and leaves work undone: its task is brought
   * back, once the other workers of the same job have left too: a requeue kills what is left of the
   * job. Not where a person stopped it at a terminal.
   *
   * @return what became of the task, one sentence; empty where nothing was done
   */
  public Optional<String> leave(Owner self) {
    String reason = options.stop().reason().orElse("");
    SlurmTask task = task();
    if (task == null || reason.isEmpty() || PERSONAL.contains(reason)) {
      return Optional.empty();
    }
    if (options.requeue() == RequeuePolicy.NEVER) {
      return Optional.empty();
    }
    awaitSiblings(task, self);
    boolean fruitful = budget != null && budget.fruitful();
    String spent = budget == null ? "" : budget.spent();
    return slurm.leave(
        !reason.equals(TERM), options.requeue(), new TaskLives(workers, self, fruitful, spent));
  }

  private void awaitSiblings(SlurmTask task, Owner self) {
    Duration longest =
        budget == null
            ? Duration.ZERO
            : budget.left().orElse(SIBLINGS_LONGEST).minus(SIBLINGS_MARGIN);
    long end = clock.nanos() + longest.toNanos();
    while (clock.nanos() < end && siblingsWork(task, self)) {
      options.rest().pause(SIBLINGS_POLL);
    }
  }

  private boolean siblingsWork(SlurmTask task, Owner self) {
    List<WorkerReport.Status> all = workers.all();
    return all.stream()
        .filter(status -> task.equals(status.owner().slurm()))
        .filter(status -> !status.owner().incarnation().equals(self.incarnation()))
        .filter(status -> !status.activity().equals("stopped"))
        .anyMatch(status -> processes.judge(status.owner()) == Processes.Verdict.ALIVE);
  }

  /**
   * How a worker behaves in its job.
   *
   * @param stop whether this process was asked to stop
   * @param stopping asks it, for the reason given
   * @param onTerm told once what to run at each SIGTERM
   * @param onWarning told once what knows whether a warning signal means to stop now
   * @param margin before the end of the job's time by which the last checkpoint has been published
   * @param requeue what the task is brought back from where Slurm would not do so
   * @param pause a wait that a stop ends
   * @param rest one that it does not shorten
   * @param news what the user should know
   */
  public record Options(
      StopSignal stop,
      Consumer<String> stopping,
      Consumer<Runnable> onTerm,
      Consumer<Predicate<String>> onWarning,
      Duration margin,
      RequeuePolicy requeue,
      Pause pause,
      Pause rest,
      Consumer<String> news) {}
}
