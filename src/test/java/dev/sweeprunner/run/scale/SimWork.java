package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.scale.Demand.Going;
import dev.sweeprunner.run.scale.Demand.Life;
import dev.sweeprunner.run.scale.Demand.Lot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The runs of a simulation. */
@NullMarked
final class SimWork {
  final List<SimRun> runs = new ArrayList<>();
  final Set<String> active = new HashSet<>();
  private final Map<SimRun, String> awaiting = new HashMap<>();
  private final Set<SimRun> free = new LinkedHashSet<>();
  private final SimTime time;
  private int open;

  SimWork(SimTime time) {
    this.time = time;
  }

  void add(SimRun run) {
    runs.add(run);
    free.add(run);
    open++;
  }

  /** Whether who was sent for these sweeps may go. */
  boolean allEnded(Set<String> sweeps) {
    return open == 0
        || runs.stream()
            .noneMatch(run -> run.state != SimRun.State.ENDED && run.lot().servedBy(sweeps));
  }

  /** A worker that was sent for these sweeps takes a run, if there is one. */
  @Nullable SimRun claim(SimTask task) {
    for (SimRun run : free) {
      if (run.lot().servedBy(task.sweeps)) {
        free.remove(run);
        run.state = SimRun.State.HELD;
        run.holder = task.life();
        run.go(time.seconds(), task.site.speed());
        return run;
      }
    }
    return null;
  }

  /** Takes back what it waited for. */
  void resume(SimTask task) {
    for (SimRun run : List.copyOf(awaiting.keySet())) {
      if (task.id().equals(awaiting.get(run))) {
        awaiting.remove(run);
        release(run);
      }
    }
  }

  void await(SimRun run, SimTask task) {
    run.stop(time.seconds(), SimRun.State.AWAITED);
    run.holder = null;
    awaiting.put(run, task.id());
    time.in(
        1800,
        () -> {
          if (awaiting.remove(run) != null) {
            release(run);
          }
        });
  }

  /** Given back in order. */
  void release(SimRun run) {
    run.stop(time.seconds(), SimRun.State.FREE);
    run.holder = null;
    free.add(run);
  }

  /** Left without a word: that is noticed after a minute. */
  void abandon(SimRun run) {
    Life owner = run.holder;
    time.in(
        60,
        () -> {
          if (run.state == SimRun.State.HELD && owner != null && owner.equals(run.holder)) {
            run.stop(time.seconds(), SimRun.State.FREE);
            free.add(run);
          }
        });
    run.go(time.seconds(), 0);
  }

  void finish(SimRun run) {
    run.stop(time.seconds(), SimRun.State.ENDED);
    run.holder = null;
    open--;
  }

  Demand demand() {
    int[] counts = new int[4];
    Map<Life, Integer> held = new HashMap<>();
    Map<Lot, Integer> lots = new HashMap<>();
    List<Going> going = new ArrayList<>();
    for (SimRun run : runs) {
      if (run.sweeps.stream().noneMatch(active::contains)) {
        continue;
      }
      counts[0]++;
      counts[1] += run.state == SimRun.State.FREE ? 1 : 0;
      counts[2] += run.state == SimRun.State.HELD ? 1 : 0;
      counts[3] += run.state == SimRun.State.ENDED ? 1 : 0;
      if (run.state == SimRun.State.FREE) {
        lots.merge(run.lot(), 1, Integer::sum);
      }
      Life holder = run.holder;
      if (holder != null) {
        held.merge(holder, 1, Integer::sum);
        if (run.state == SimRun.State.HELD) {
          going.add(new Going(holder, run.id, (long) run.iter(time.seconds()), run.goal));
        }
      }
    }
    Set<String> awaited = Set.copyOf(awaiting.values());
    return new Demand(
        counts[0], counts[1], counts[2], counts[3], true, held, awaited, lots, going, active);
  }
}
