package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many runs want a worker that nobody has sent yet, and which Slurm tasks have one already.
 *
 * @param runs how many there are
 * @param claimable how many a new worker may claim now
 * @param taken how many somebody works on
 * @param ended how many nothing will happen to
 * @param finished whether all that ended are finished, here or elsewhere
 * @param held how many runs each life of a Slurm task holds; a hung owner holds its run too, for
 *     its task does nothing else
 * @param awaited ids of tasks that come back for the run that they were taken from
 */
public record Demand(
    int runs,
    int claimable,
    int taken,
    int ended,
    boolean finished,
    Map<Life, Integer> held,
    Set<String> awaited) {
  /** Copies the collections. */
  public Demand {
    held = Map.copyOf(held);
    awaited = Set.copyOf(awaited);
  }

  /**
   * Counts the runs.
   *
   * @param statuses where each run stands; of points that share a run, one
   */
  public static Demand of(Iterable<PointStatus> statuses) {
    int[] counts = new int[4];
    boolean finished = true;
    Map<Life, Integer> held = new HashMap<>();
    Set<String> awaited = new HashSet<>();
    for (PointStatus status : statuses) {
      Verdict verdict = status.verdict();
      counts[0]++;
      counts[1] += verdict instanceof Verdict.Claimable ? 1 : 0;
      counts[2] += verdict instanceof Verdict.Taken ? 1 : 0;
      if (verdict instanceof Verdict.Ended ended) {
        counts[3]++;
        finished &= ended.state() == State.FINISHED || ended.state() == State.ELSEWHERE;
      }
      if (verdict instanceof Verdict.NotYet
          && status.facts().scheduler() instanceof Scheduler.View.Returning returning) {
        awaited.add(returning.job().id());
      }
      if (status.facts().claim() instanceof ClaimState.Logged logged
          && logged.owner() != null
          && logged.end().owner().slurm() != null) {
        held.merge(Life.of(logged.end().owner().slurm()), 1, Integer::sum);
      }
    }
    return new Demand(counts[0], counts[1], counts[2], counts[3], finished, held, awaited);
  }

  /** Whether every run has ended. */
  public boolean allEnded() {
    return ended == runs;
  }

  /** How many neither end, nor are taken, nor can be claimed yet. */
  public int later() {
    return runs - claimable - taken - ended;
  }

  /** How many runs a task holds in its present life. */
  int held(BatchTask task) {
    Life life = new Life(task.id(), task.restarts(), task.controller());
    Life unknown = new Life(task.id(), task.restarts(), "");
    return held.getOrDefault(life, 0) + held.getOrDefault(unknown, 0);
  }

  /**
   * One life of a Slurm task.
   *
   * @param id as users write it
   * @param restarts how often it was requeued before
   * @param controller identity of the Slurm; empty where the owner did not know it
   */
  record Life(String id, int restarts, String controller) {
    static Life of(SlurmTask task) {
      return new Life(task.display(), task.restartCount(), task.controller());
    }
  }
}
