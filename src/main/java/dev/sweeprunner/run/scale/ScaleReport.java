package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.TaskProfile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look found, what follows from it, and what Slurm said to that.
 *
 * @param at wall time
 * @param demand what was counted
 * @param lines of each profile, in their order, and of those that are gone and still have tasks
 * @param news what is said once: failed starts, refusals, tasks found that nobody knew
 * @param steps in the order in which they were, or would be, done
 * @param without runs that no profile has room for
 * @param end when all would be done with the tasks that are there, or null where that is not known
 * @param seated whether this scaler had the right to act to the end of the look; true in a dry run
 * @param over whether every run has ended and nothing is pending any more
 */
public record ScaleReport(
    Instant at,
    Demand demand,
    List<Line> lines,
    List<String> news,
    List<Step> steps,
    int without,
    @Nullable Instant end,
    boolean seated,
    boolean over) {
  /** Copies the lists. */
  public ScaleReport {
    lines = List.copyOf(lines);
    news = List.copyOf(news);
    steps = List.copyOf(steps);
  }

  /** Whether Slurm did all that it was told. */
  public boolean done() {
    return seated
        && steps.stream()
            .noneMatch(
                step ->
                    step.outcome() == Step.Outcome.REFUSED
                        || step.outcome() == Step.Outcome.UNKNOWN);
  }

  /**
   * A profile.
   *
   * @param tally what its tasks do, before the steps
   * @param limit most tasks now: the profile's, or what Slurm took last time
   * @param failedStarts in a row
   * @param pausedUntil or null
   * @param pausedWhy empty where it is not paused
   * @param ceiling how many Slurm took before it refused more, or null where nothing is remembered
   * @param ceilingUntil until when that is believed, or null
   * @param submit how many are, or would be, submitted
   * @param cancel how many pending ones are, or would be, cancelled
   * @param reason why so many and no more
   * @param rates as measured
   * @param end when all would be done with these and those of the profiles before, or null
   */
  public record Line(
      TaskProfile profile,
      Tally tally,
      int limit,
      int failedStarts,
      @Nullable Instant pausedUntil,
      String pausedWhy,
      @Nullable Integer ceiling,
      @Nullable Instant ceilingUntil,
      int submit,
      int cancel,
      Reason reason,
      Rates rates,
      @Nullable Instant end) {}

  /**
   * A call of Slurm.
   *
   * @param cancels whether it cancels; else it submits
   * @param profile of what it submits; empty where it cancels
   * @param count how many tasks
   * @param words the command
   * @param outcome what became of it
   * @param said Slurm's answer, or why it failed; the array's id where it submitted
   */
  public record Step(
      boolean cancels,
      String profile,
      int count,
      List<String> words,
      Outcome outcome,
      String said) {
    /** Copies the list. */
    public Step {
      words = List.copyOf(words);
    }

    /** What became of a step. */
    public enum Outcome {
      /** A dry run. */
      PROPOSED,
      /** Slurm did it. */
      DONE,
      /** Slurm did not. */
      REFUSED,
      /** Slurm gave no answer; whether it did it, the next look sees. */
      UNKNOWN,
      /** Not begun: the seat was lost, or Slurm gave no answer before. */
      LEFT
    }
  }
}
