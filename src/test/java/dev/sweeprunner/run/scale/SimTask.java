package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import dev.sweeprunner.run.scale.Demand.Life;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** A Slurm task in a simulation. */
@NullMarked
final class SimTask {
  final long job;
  final int index;
  final SimRules.Site site;
  final Set<String> sweeps;
  final List<SimRun> runs = new ArrayList<>();
  Phase phase = Phase.PENDING;
  String state = "PENDING";
  String exit = "";
  int restarts;
  int claims;
  boolean held;
  boolean eligible;
  boolean spoke;
  boolean left;
  long started;
  long ended;

  SimTask(long job, int index, SimRules.Site site, Set<String> sweeps) {
    this.job = job;
    this.index = index;
    this.site = site;
    this.sweeps = sweeps;
  }

  String id() {
    return job + "_" + index;
  }

  Life life() {
    return new Life(id(), restarts, "sim");
  }

  boolean pending() {
    return phase == Phase.PENDING;
  }

  boolean over() {
    return phase == Phase.ENDED;
  }

  BatchTask listed(long now, boolean blocked) {
    Phase shown = pending() && (blocked || held) ? Phase.BLOCKED : phase;
    String reason = shown == Phase.BLOCKED ? held ? "JobHeldUser" : "PartitionConfig" : "";
    Duration used =
        phase == Phase.RUNNING || phase == Phase.SUSPENDED
            ? Duration.ofSeconds(now - started)
            : Duration.ZERO;
    String name = site.profile().name();
    return new BatchTask(job, index, name, shown, state, reason, exit, restarts, used, "sim");
  }
}
