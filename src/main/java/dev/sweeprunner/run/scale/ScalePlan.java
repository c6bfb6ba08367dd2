package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.TaskProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to submit and to cancel so that there are as many tasks as there is work to claim. Pure.
 *
 * <p>A task counts from its submission on until it holds a run: pending, starting, or looking for
 * work. Whoever carries out a plan and makes it anew, with nothing else changed, gets an empty one.
 *
 * @param pending tasks that have not started
 * @param starting tasks that run and hold no run
 * @param working tasks that hold a run
 * @param submissions in the order of the profiles; none is empty
 * @param surplus pending tasks that nobody needs, the newest first
 * @param without runs that would be left without a worker, since every profile is at its limit
 */
public record ScalePlan(
    int pending,
    int starting,
    int working,
    List<Submission> submissions,
    List<BatchTask> surplus,
    int without) {

  /**
   * Tasks to submit together.
   *
   * @param profile their kind
   * @param count how many, at least 1
   */
  public record Submission(TaskProfile profile, int count) {}

  /** Copies the lists. */
  public ScalePlan {
    submissions = List.copyOf(submissions);
    surplus = List.copyOf(surplus);
  }

  /**
   * Makes the plan.
   *
   * @param profiles the most wanted first
   * @param demand looked at after the tasks were listed: a task that claims a run in between then
   *     counts once too often and never once too little
   * @param tasks of this sweep, none that has ended
   */
  public static ScalePlan of(List<TaskProfile> profiles, Demand demand, List<BatchTask> tasks) {
    Map<String, Integer> workers = new HashMap<>();
    profiles.forEach(profile -> workers.put(profile.name(), profile.workers()));
    int starting = 0;
    int working = 0;
    int free = 0;
    List<BatchTask> spare = new ArrayList<>();
    for (BatchTask task : tasks) {
      int held = demand.held(task);
      boolean awaited = demand.awaited().contains(task.id());
      working += held > 0 ? 1 : 0;
      starting += held == 0 && !task.pending() ? 1 : 0;
      free += awaited ? 0 : Math.max(0, workers.getOrDefault(task.profile(), 1) - held);
      if (task.pending() && held == 0 && !awaited) {
        spare.add(task);
      }
    }
    int missing = demand.claimable() - free;
    List<Submission> submissions = new ArrayList<>();
    int without = missing > 0 ? submit(profiles, tasks, missing, submissions) : 0;
    int pending = (int) tasks.stream().filter(BatchTask::pending).count();
    return new ScalePlan(
        pending, starting, working, submissions, surplus(spare, workers, -missing), without);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return submissions.isEmpty() && surplus.isEmpty();
  }

  /** Fills the profiles in their order; returns how many runs none has room for. */
  private static int submit(
      List<TaskProfile> profiles, List<BatchTask> tasks, int missing, List<Submission> into) {
    int rest = missing;
    for (TaskProfile profile : profiles) {
      long there = tasks.stream().filter(task -> task.profile().equals(profile.name())).count();
      int wanted = (rest + profile.workers() - 1) / profile.workers();
      int count = (int) Math.min(wanted, profile.limit() - there);
      if (count > 0) {
        into.add(new Submission(profile, count));
        rest = Math.max(0, rest - count * profile.workers());
      }
    }
    return rest;
  }

  /** Those without which there still are workers enough. */
  private static List<BatchTask> surplus(
      List<BatchTask> spare, Map<String, Integer> workers, int tooMany) {
    List<BatchTask> surplus = new ArrayList<>();
    int rest = tooMany;
    for (BatchTask task : spare.stream().sorted(BatchTask.NEWEST).toList()) {
      int less = workers.getOrDefault(task.profile(), 1);
      if (less <= rest) {
        surplus.add(task);
        rest -= less;
      }
    }
    return surplus;
  }
}
