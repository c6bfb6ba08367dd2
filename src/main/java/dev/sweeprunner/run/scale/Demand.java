package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.judge.PointStatus;
import java.util.List;
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
 * @param lots the claimable runs by what decides who may take them and how long they last
 * @param going the runs that Slurm tasks work on
 * @param sweeps names of all sweeps in which was looked, those without work included
 */
public record Demand(
    int runs,
    int claimable,
    int taken,
    int ended,
    boolean finished,
    Map<Life, Integer> held,
    Set<String> awaited,
    Map<Lot, Integer> lots,
    List<Going> going,
    Set<String> sweeps) {
  /** Copies the collections. */
  public Demand {
    held = Map.copyOf(held);
    awaited = Set.copyOf(awaited);
    lots = Map.copyOf(lots);
    going = List.copyOf(going);
    sweeps = Set.copyOf(sweeps);
  }

  /** One of runs of which nobody knows how long they last or in which sweep they are. */
  Demand(
      int runs,
      int claimable,
      int taken,
      int ended,
      boolean finished,
      Map<Life, Integer> held,
      Set<String> awaited) {
    this(
        runs,
        claimable,
        taken,
        ended,
        finished,
        held,
        awaited,
        claimable == 0 ? Map.of() : Map.of(new Lot(Set.of(), 0), claimable),
        List.of(),
        Set.of());
  }

  /**
   * Counts the runs of sweeps whose names do not matter.
   *
   * @param statuses where each run stands; of points that share a run, one
   */
  public static Demand of(Iterable<PointStatus> statuses) {
    Census census = new Census();
    statuses.forEach(status -> census.count(Set.of(), status));
    return census.demand();
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
    return Life.both(task).stream().mapToInt(life -> held.getOrDefault(life, 0)).sum();
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

    /** What the owner of this life would call it, whether or not it knows its Slurm. */
    static List<Life> both(BatchTask task) {
      Life unknown = new Life(task.id(), task.restarts(), "");
      return task.controller().isEmpty()
          ? List.of(unknown)
          : List.of(new Life(task.id(), task.restarts(), task.controller()), unknown);
    }
  }

  /**
   * Claimable runs that are alike.
   *
   * @param sweeps names of those that they are in; empty where that does not matter
   * @param left updates to go, 0 where that is not known
   */
  public record Lot(Set<String> sweeps, long left) {
    /** Copies the set. */
    public Lot {
      sweeps = Set.copyOf(sweeps);
    }

    /** Whether who was sent for these sweeps may take them; empty means for all. */
    boolean servedBy(Set<String> others) {
      return others.isEmpty() || sweeps.isEmpty() || others.stream().anyMatch(sweeps::contains);
    }
  }

  /**
   * A run in the hands of a Slurm task.
   *
   * @param life the task's
   * @param run its id
   * @param iter completed updates
   * @param goal updates until its end, 0 where that is not known
   */
  record Going(Life life, String run, long iter, long goal) {
    long left() {
      return goal == 0 ? 0 : Math.max(1, goal - iter);
    }
  }
}
