package dev.sweeprunner.slurm;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Allocation;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Place;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.RequeuePolicy;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.WorkerReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slurm as one process sees it: whoever it works for, its own job, and everybody else's.
 *
 * <p>Asks nothing before it must. Any thread.
 */
public final class Slurm {
  private final SlurmCommands slurmCommands;
  private final Queue queue;
  private final FileSystem files;
  private final Path host;
  private final Options options;
  private final Clock clock;
  private final String user;
  private final Duration timeout;
  private final Executor executor;
  private final Map<String, Set<String>> names = new ConcurrentHashMap<>();
  private volatile @Nullable SlurmTask own;

  /**
   * The Slurm that these programs speak to.
   *
   * @param options how it is asked
   * @param places where answers are shared, and whose jobs are asked for
   * @param executor runs the questions of those who do not want to wait
   * @param told what the environment says of this process's job, or null outside Slurm
   */
  public Slurm(
      Options options,
      FileSystem files,
      Places places,
      Clock clock,
      Executor executor,
      @Nullable SlurmTask told) {
    this.slurmCommands = new SlurmCommands(options.bin());
    this.files = files;
    this.host = places.host();
    this.options = options;
    this.clock = clock;
    this.user = options.user();
    this.timeout = options.timeout();
    this.executor = executor;
    this.own = told;
    this.queue =
        new Queue(
            slurmCommands,
            new SharedAnswer(files, places.host(), places.layout(), clock, options),
            new JobsInQuestion(() -> own, places.workers()::all, options.user(), clock),
            clock,
            executor,
            options);
  }

  /**
   * This process's job as Slurm knows it, asked now. A job that was submitted from within another
   * one may have inherited that one's array and count of restarts: Slurm's word is better. Where
   * there is none, the environment's stands.
   */
  Optional<SlurmTask> verified() {
    SlurmTask told = own;
    if (told == null) {
      return Optional.empty();
    }
    Snapshot seen = queue.ask(told.jobId());
    SlurmSite site = seen.site();
    String controller = site == null ? "" : site.controller();
    SlurmTask known =
        seen.running(told.jobId())
            .map(
                row ->
                    new SlurmTask(
                        row.rawId(),
                        row.arrayTask() == null ? null : row.arrayJob(),
                        row.arrayTask(),
                        row.restarts(),
                        told.node(),
                        controller))
            .orElse(told);
    own = known;
    return Optional.of(known);
  }

  /** What it says about the jobs of claims' owners. */
  public Scheduler scheduler() {
    return new SlurmScheduler(queue, user, own);
  }

  /**
   * The time that it leaves this process.
   *
   * @param onTerm told once what to run when this process gets a SIGTERM
   */
  Allocation allocation(Consumer<Runnable> onTerm) {
    SlurmTask task = own;
    if (task == null) {
      return Allocation.unlimited();
    }
    SlurmAllocation allocation = new SlurmAllocation(queue, clock, task);
    onTerm.accept(allocation::terminated);
    return allocation;
  }

  /** Whether this process is in a job, by its environment. */
  boolean inJob() {
    return own != null;
  }

  /** What {@code scontrol} shows of this process's job now; empty where there is no answer. */
  Optional<String> job(Duration limit) {
    return Optional.ofNullable(own)
        .flatMap(task -> SlurmCommands.said(Requeue.show(slurmCommands, task, limit)));
  }

  /**
   * The node that this process works on; outside Slurm one that nobody wants.
   *
   * @param leave asks this process to stop, for the reason given
   */
  Place place(Consumer<String> leave) {
    return new NodeState(slurmCommands, files, host, clock, executor, options, () -> own, leave);
  }

  /**
   * This process leaves with work undone: has its task requeued where Slurm would not do so.
   *
   * @param warned whether it leaves on an early warning or by its own clock; false for a SIGTERM
   * @param policy what a task comes back from
   * @param lives what this one has brought so far
   * @return what became of the task, one sentence or two; empty outside Slurm
   */
  Optional<String> leave(boolean warned, RequeuePolicy policy, TaskLives lives) {
    return Optional.ofNullable(own)
        .map(task -> new Requeue(slurmCommands, task, timeout, policy, lives).leave(warned));
  }

  /** This process's own task; begins to ask for it, in the background. */
  public OwnTask ownTask(OwnTask.Options options, Processes processes, WorkerReport workers) {
    return new OwnTask(this, options, processes, workers, clock, executor);
  }

  /**
   * The tasks that are submitted for one sweep.
   *
   * @param name how the names of their jobs begin
   * @param profiles kinds of tasks, the most wanted first
   * @param arguments for their script
   * @param environment of this process
   */
  public TaskQueue submitted(
      String name,
      List<TaskProfile> profiles,
      List<String> arguments,
      Map<String, String> environment) {
    SubmittedTasks.Sweep sweep = new SubmittedTasks.Sweep(name, profiles, arguments, environment);
    Set<String> known = names.computeIfAbsent(name, first -> ConcurrentHashMap.newKeySet());
    return new SubmittedTasks(
        slurmCommands, queue, new SubmittedTasks.Asker(user, timeout), sweep, known);
  }

  /**
   * Where answers are shared, and whose jobs are asked for.
   *
   * @param host for the answers that this user's processes share: local to the host
   * @param layout of the storage root, whose hosts share theirs
   * @param workers of that storage root
   */
  public record Places(Path host, Layout layout, WorkerReport workers) {}

  /**
   * How Slurm is asked.
   *
   * @param bin folder of Slurm's programs; empty where they are on the path
   * @param user this process's user, whose jobs alone are asked for
   * @param configuration {@code $SLURM_CONF}, or empty
   * @param timeout of one question
   * @param fresh how old an answer may become before it is asked for again
   * @param once whether this process looks once and leaves: it changes nothing in the storage root,
   *     and asks for itself where the answer there is too old
   */
  public record Options(
      String bin,
      String user,
      String configuration,
      Duration timeout,
      Duration fresh,
      boolean once) {
    /** Of a process that stays. */
    public Options(
        String bin, String user, String configuration, Duration timeout, Duration fresh) {
      this(bin, user, configuration, timeout, fresh, false);
    }
  }
}
