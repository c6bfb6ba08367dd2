package dev.sweeprunner.slurm;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.process.Command.Outcome;
import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One scaler's tasks: lists them, submits more, cancels some. They are recognised by the name of
 * their job, {@code PREFIX-PROFILE}, and only this user's count.
 *
 * <p>Waits for Slurm's answers; any thread.
 */
final class SubmittedTasks implements TaskQueue {
  private final SlurmCommands slurmCommands;
  private final Squeue squeue;
  private final Queue queue;
  private final Asker asker;
  private final Sweep sweep;
  private final String prefix;

  /** Names that some task has had: a profile that is not configured any more still has its own. */
  private final Set<String> known;

  SubmittedTasks(
      SlurmCommands slurmCommands, Queue queue, Asker asker, Sweep sweep, Set<String> known) {
    this.slurmCommands = slurmCommands;
    this.squeue = new Squeue(slurmCommands);
    this.queue = queue;
    this.asker = asker;
    this.sweep = sweep;
    this.prefix = sweep.name() + "-";
    this.known = known;
  }

  @Override
  public String name() {
    return sweep.name();
  }

  @Override
  public List<TaskProfile> profiles() {
    return sweep.profiles();
  }

  /**
   * These tasks, ended ones that Slurm still remembers included, asked for now and by name.
   *
   * @throws UserError if Slurm gives no whole answer: there may be tasks that are not seen
   */
  @Override
  public List<BatchTask> tasks() {
    SlurmSite site = queue.site();
    if (site == null) {
      throw unseen("scontrol show config gave no answer");
    }
    Squeue.Answer answer = squeue.ofNames(asker.user(), names(), asker.timeout());
    if (answer instanceof Squeue.Answer.Unknown unknown) {
      throw unseen(unknown.why());
    }
    return ((Squeue.Answer.Jobs) answer)
        .rows().stream()
            .filter(row -> row.name().startsWith(prefix))
            .map(row -> task(row, site))
            .toList();
  }

  /** The profiles' names and, by one question to this process's first look, those of others. */
  private Set<String> names() {
    if (known.isEmpty()) {
      Squeue.Names all = squeue.names(asker.user(), asker.timeout());
      if (!all.why().isEmpty()) {
        throw unseen(all.why());
      }
      all.all().stream().filter(name -> name.startsWith(prefix)).forEach(known::add);
    }
    sweep.profiles().forEach(profile -> known.add(prefix + profile.name()));
    return new TreeSet<>(known);
  }

  private static UserError unseen(String why) {
    return new UserError(
        "Slurm",
        "which tasks are queued is unknown: " + why,
        "Nothing was submitted or cancelled; call it again when squeue answers");
  }

  private BatchTask task(JobRow row, SlurmSite site) {
    BatchTask.Phase phase = TaskPhases.of(row.state(), row.reason());
    return new BatchTask(
        Long.parseLong(row.arrayJob()),
        index(row.arrayTask()),
        row.name().substring(prefix.length()),
        phase,
        row.state(),
        row.reason(),
        phase == BatchTask.Phase.ENDED ? row.exit() : "",
        row.restarts(),
        row.used(),
        site.controller());
  }

  @Override
  public String ending(BatchTask task) {
    return new TaskEnding(slurmCommands, asker.timeout()).words(task);
  }

  private static int index(@Nullable String task) {
    return task == null ? -1 : Integer.parseInt(task);
  }

  /** The call of {@code sbatch} that submits tasks, each a member of one array. */
  @Override
  public List<String> submission(TaskProfile profile, int count) {
    List<String> words = new ArrayList<>(List.of("sbatch"));
    if (!profile.partition().isEmpty()) {
      words.add("--partition=" + profile.partition());
    }
    if (!profile.gpus().isEmpty()) {
      words.add("--gpus=" + profile.gpus());
    }
    words.addAll(profile.flags());
    // Of an option given twice the last counts: the flags cannot take the tasks' name away.
    words.addAll(List.of("--parsable", "--job-name=" + prefix + profile.name()));
    words.add("--array=0-" + (count - 1));
    words.add(profile.script());
    words.addAll(sweep.arguments());
    return words;
  }

  /**
   * The call of {@code scancel} that cancels tasks, one by one. Not with {@code --state=PENDING}:
   * with it Slurm 22.05 cancels every pending task of an array of which one is named.
   */
  @Override
  public List<String> cancellation(List<BatchTask> tasks) {
    List<String> words = new ArrayList<>(List.of("scancel"));
    tasks.forEach(task -> words.add(task.id()));
    return words;
  }

  /**
   * Makes such a call, with the user's environment but for what Slurm put there of a job around
   * this process: {@code sbatch} would hand it on.
   */
  @Override
  public Done call(List<String> words) {
    Outcome outcome = slurmCommands.runForUser(asker.timeout(), words);
    if (outcome instanceof Outcome.Ended ended && ended.exit() == 0) {
      return new Done(Refusal.NONE, ended.out().strip().replaceFirst(";.*", ""));
    }
    String why = SlurmCommands.why(words.get(0), outcome);
    return new Done(
        Refusals.of(outcome),
        outcome instanceof Outcome.TimedOut ? why + "; whether it was done, squeue shows" : why);
  }

  @Override
  public List<String> leftOut() {
    return sweep.environment().keySet().stream()
        .filter(name -> SlurmCommands.ofAnotherJob(name, sweep.environment()))
        .sorted()
        .toList();
  }

  /**
   * Who asks.
   *
   * @param timeout of one question
   */
  record Asker(String user, Duration timeout) {}

  /**
   * For what tasks are submitted.
   *
   * @param name how the names of their jobs begin
   * @param profiles kinds of tasks, the most wanted first
   * @param arguments for their script
   * @param environment of this process
   */
  record Sweep(
      String name,
      List<TaskProfile> profiles,
      List<String> arguments,
      Map<String, String> environment) {}
}
