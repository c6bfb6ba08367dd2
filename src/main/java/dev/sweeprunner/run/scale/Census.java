package dev.sweeprunner.run.scale;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import dev.sweeprunner.run.scale.Demand.Going;
import dev.sweeprunner.run.scale.Demand.Life;
import dev.sweeprunner.run.scale.Demand.Lot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Counts the demand of several sweeps, one run at a time: a large grid's statuses do not fit into
 * memory together. A run that is in two sweeps counts once, and for both. Belongs to one thread.
 */
public final class Census {
  private final Set<String> sweeps = new TreeSet<>();
  private final Set<String> seen = new HashSet<>();

  /** Of runs that may turn up again in a later sweep. */
  private final Map<String, Lot> claimable = new HashMap<>();

  private final Map<Lot, Integer> lots = new HashMap<>();
  private final Map<Life, Integer> held = new HashMap<>();
  private final Set<String> awaited = new HashSet<>();
  private final List<Going> going = new ArrayList<>();
  private int runs;
  private int free;
  private int taken;
  private int ended;
  private boolean finished = true;

  /** Nothing counted yet. */
  public Census() {}

  /**
   * Counts the runs of a sweep.
   *
   * @param name by which a task's submission tells what it was sent for
   * @param look where a point stands; asked once for each run
   */
  public void add(String name, Points points, Function<Point, PointStatus> look) {
    sweeps.add(name);
    for (int index = 0; index < points.size(); index++) {
      if (!points.isDuplicate(index)) {
        String run = points.projectSlug() + "/" + points.runId(index);
        if (seen.add(run)) {
          PointStatus status = look.apply(points.at(index));
          count(Set.of(name), status);
          if (status.verdict() instanceof Verdict.Claimable open) {
            claimable.put(run, lot(Set.of(name), status, open));
          }
        } else {
          claimable.computeIfPresent(run, (same, lot) -> alsoIn(name, lot));
        }
      }
    }
  }

  private Lot alsoIn(String name, Lot lot) {
    Set<String> both = new TreeSet<>(lot.sweeps());
    both.add(name);
    Lot wider = new Lot(both, lot.left());
    lots.merge(lot, -1, (there, less) -> there + less == 0 ? null : there + less);
    lots.merge(wider, 1, Integer::sum);
    return wider;
  }

  /** Counts one run. */
  void count(Set<String> in, PointStatus status) {
    Verdict verdict = status.verdict();
    runs++;
    taken += verdict instanceof Verdict.Taken ? 1 : 0;
    if (verdict instanceof Verdict.Claimable open) {
      free++;
      lots.merge(lot(in, status, open), 1, Integer::sum);
    }
    if (verdict instanceof Verdict.Ended end) {
      ended++;
      finished &= end.state() == State.FINISHED || end.state() == State.ELSEWHERE;
    }
    if (verdict instanceof Verdict.NotYet
        && status.facts().scheduler() instanceof Scheduler.View.Returning returning) {
      awaited.add(returning.job().id());
    }
    if (status.facts().claim() instanceof ClaimState.Logged logged
        && logged.owner() != null
        && logged.end().owner().slurm() != null) {
      held(logged.end().owner().slurm(), status);
    }
  }

  private void held(SlurmTask task, PointStatus status) {
    held.merge(Life.of(task), 1, Integer::sum);
    if (status.verdict() instanceof Verdict.Taken) {
      String run = status.facts().key().runId();
      going.add(new Going(Life.of(task), run, status.iter(), Math.max(0, status.maxIters())));
    }
  }

  private static Lot lot(Set<String> in, PointStatus status, Verdict.Claimable open) {
    long done = open.resume() == null ? 0 : open.resume().iter();
    long goal = status.maxIters();
    return new Lot(in, goal <= 0 ? 0 : Math.max(1, goal - done));
  }

  /** What was counted. */
  public Demand demand() {
    return new Demand(runs, free, taken, ended, finished, held, awaited, lots, going, sweeps);
  }
}
