package dev.sweeprunner.testkit;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A batch system of which a test tells what it says, and that remembers who was asked for. */
public final class ToldScheduler implements Scheduler {
  private final Map<String, View> views = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** From now on it says this of a job, named as users write it. */
  public ToldScheduler tell(String job, View view) {
    views.put(job, view);
    return this;
  }

  /** The jobs that were asked for, in order. */
  public List<String> asked() {
    return asked;
  }

  @Override
  public View view(Owner owner) {
    SlurmTask task = owner.slurm();
    String job = task == null ? "" : task.display();
    asked.add(job);
    return views.getOrDefault(job, new View.Unknown("Slurm was not asked"));
  }
}
