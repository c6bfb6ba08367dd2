package dev.sweeprunner.options;

import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.run.judge.RetryPolicy;
import dev.sweeprunner.run.work.CheckpointRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the user chose, from the packed {@code application.yml}, {@code ./application.yml}, the
 * environment and the command line, in rising order; one record for all modes.
 *
 * @param storageRoot folder under which {@code out/} lies, absolute
 * @param storageGiven whether the user named it, or it is the working directory by default
 * @param cluster a name
 * @param worker this worker's name; empty for the default
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param threads of the CPU trainer
 * @param idle wait between looks while others hold everything
 * @param listing how old one listing of the lock directory may get
 * @param claim times of the claim protocol
 * @param checkpoint when checkpoints are made
 * @param policy what may be claimed
 * @param wandb how W&amp;B is used
 * @param slurm how Slurm is asked
 * @param profiles kinds of tasks that {@code scale} submits, the most wanted first
 * @param git times of the upstream check
 * @param port of the health endpoint; 0 for a free one
 * @param test only for tests that kill workers
 */
public record Settings(
    Path storageRoot,
    boolean storageGiven,
    String cluster,
    String worker,
    String device,
    int threads,
    Duration idle,
    Duration listing,
    ClaimTimes claim,
    CheckpointRules checkpoint,
    Policy policy,
    Wandb wandb,
    SlurmTerms slurm,
    List<TaskProfile> profiles,
    GitTimes git,
    int port,
    Test test) {

  /**
   * Times of the claim protocol.
   *
   * @param expiry a beat that stands still for this long, watched, is a dead owner
   * @param beat between two beats
   * @param hang an owner without progress for this long stops beating
   */
  public record ClaimTimes(Duration expiry, Duration beat, Duration hang) {}

  /**
   * How Slurm is asked and obeyed. How long a requeued task's run is left to it belongs to the
   * policy.
   *
   * @param bin folder of Slurm's programs; empty where they are on the path
   * @param timeout of one question
   * @param fresh how old the answer that all workers of a host share may become
   * @param margin before the end of the job's time by which its last checkpoint has been published
   * @param requeue whether a worker has its own task requeued where Slurm would not do so
   */
  public record SlurmTerms(
      String bin, Duration timeout, Duration fresh, Duration margin, boolean requeue) {}

  /**
   * Times of the upstream check.
   *
   * @param timeout of the question
   * @param answerFor how long one answer holds for all workers of a host
   */
  public record GitTimes(Duration timeout, Duration answerFor) {}

  /**
   * How W&amp;B is used.
   *
   * @param mode {@code online}, {@code offline}, {@code disabled}; empty where only the config and
   *     W&amp;B's own settings say
   * @param entity whose runs they are; empty where others say
   * @param fresh how old the shared answer may become before one worker asks again
   * @param settle after which every cluster reads what one has written
   * @param post between two posts of rows
   * @param beat at most so long between two signs of life
   * @param flush how long a worker that leaves waits for its last words to arrive
   * @param delivery how long {@code sync} tries one run for
   */
  public record Wandb(
      String mode,
      String entity,
      Duration fresh,
      Duration settle,
      Duration post,
      Duration beat,
      Duration flush,
      Duration delivery) {}

  /**
   * For tests that kill workers.
   *
   * @param events file of events; empty for none
   * @param crashAt named point, with {@code #k} for the k-th time; empty for none
   * @param crashHow {@code halt}, {@code hang} or {@code term}
   * @param resume false: ignore checkpoints, to prove that a test notices
   */
  public record Test(String events, String crashAt, String crashHow, boolean resume) {}

  /** The mode that was asked for, or empty. */
  public String wandbMode() {
    return wandb.mode();
  }

  /** The failure policy. */
  public RetryPolicy retryPolicy() {
    return policy.retryPolicy();
  }
}
