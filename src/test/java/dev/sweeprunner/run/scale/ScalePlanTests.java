package dev.sweeprunner.run.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.scale.Demand.Life;
import dev.sweeprunner.testkit.BatchTasks;
import dev.sweeprunner.testkit.Situations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScalePlanTests {
  private static final TaskProfile FAST = profile("fast", 2, 1);
  private static final TaskProfile SLOW = profile("slow", 10, 1);
  private static final TaskProfile NODE = profile("node", 10, 4);

  private static TaskProfile profile(String name, int limit, int workers) {
    return new TaskProfile(name, "", "", limit, workers, List.of(), "script");
  }

  private static BatchTask task(long job, int index, String profile, boolean pending) {
    return BatchTasks.task(job, index, profile, pending, 0, "ctl");
  }

  private static Demand claimable(int claimable) {
    return demand(claimable, Map.of(), Set.of());
  }

  private static Demand demand(int claimable, Map<Life, Integer> held, Set<String> awaited) {
    return new Demand(100, claimable, held.size(), 0, true, held, awaited);
  }

  /** What a profile gets. */
  private record Submission(TaskProfile profile, int count) {}

  /** Without a memory, and as many at a look as there is work. */
  private static ScalePlan plan(List<TaskProfile> profiles, Demand demand, List<BatchTask> tasks) {
    Rules rules = new Rules(1000, 1000);
    return ScalePlan.of(profiles, demand, tasks, new Memory(), rules, Situations.WRITTEN);
  }

  private static List<Submission> submissions(ScalePlan plan) {
    return plan.shares().stream()
        .filter(share -> share.count() > 0)
        .map(share -> new Submission(share.profile(), share.count()))
        .toList();
  }

  private static Tally tally(ScalePlan plan) {
    return plan.shares().get(0).tally();
  }

  @Test
  void profiles_are_filled_in_their_order_up_to_their_limits() {
    ScalePlan plan = plan(List.of(FAST, SLOW), claimable(5), List.of());

    assertThat(submissions(plan)).containsExactly(new Submission(FAST, 2), new Submission(SLOW, 3));
    assertThat(plan.without()).isZero();
  }

  @Test
  void what_has_no_room_is_said() {
    ScalePlan plan = plan(List.of(FAST), claimable(5), List.of(task(7, 0, "fast", false)));

    assertThat(submissions(plan)).containsExactly(new Submission(FAST, 1));
    assertThat(plan.without()).isEqualTo(3);
  }

  @Test
  void whoever_is_pending_or_has_no_run_yet_counts() {
    List<BatchTask> tasks = List.of(task(7, 0, "slow", true), task(7, 1, "slow", false));

    ScalePlan plan = plan(List.of(SLOW), claimable(3), tasks);

    assertThat(submissions(plan)).containsExactly(new Submission(SLOW, 1));
    assertThat(tally(plan).pending()).isEqualTo(1);
    assertThat(tally(plan).idle()).isEqualTo(1);
    assertThat(tally(plan).working()).isZero();
  }

  @Test
  void whoever_holds_a_run_does_not_count_for_the_others() {
    Demand demand = demand(1, Map.of(new Life("7_0", 0, "ctl"), 1), Set.of());

    ScalePlan plan = plan(List.of(SLOW), demand, List.of(task(7, 0, "slow", false)));

    assertThat(submissions(plan)).containsExactly(new Submission(SLOW, 1));
    assertThat(tally(plan).working()).isEqualTo(1);
  }

  @Test
  void an_owner_that_did_not_know_its_slurm_is_believed() {
    Demand demand = demand(1, Map.of(new Life("7_0", 0, ""), 1), Set.of());

    ScalePlan plan = plan(List.of(SLOW), demand, List.of(task(7, 0, "slow", false)));

    assertThat(tally(plan).working()).isEqualTo(1);
  }

  @Test
  void another_life_or_another_slurms_task_of_the_same_id_holds_nothing() {
    Map<Life, Integer> held = Map.of(new Life("7_0", 1, "ctl"), 1, new Life("7_0", 0, "else"), 1);

    ScalePlan plan =
        plan(List.of(SLOW), demand(1, held, Set.of()), List.of(task(7, 0, "slow", false)));

    assertThat(plan.isEmpty()).isTrue();
    assertThat(tally(plan).idle()).isEqualTo(1);
  }

  @Test
  void a_task_that_comes_back_for_its_run_is_neither_counted_nor_cancelled() {
    List<BatchTask> tasks = List.of(task(7, 0, "slow", true));

    assertThat(plan(List.of(SLOW), demand(0, Map.of(), Set.of("7_0")), tasks).isEmpty()).isTrue();
    assertThat(submissions(plan(List.of(SLOW), demand(1, Map.of(), Set.of("7_0")), tasks)))
        .containsExactly(new Submission(SLOW, 1));
  }

  @Test
  void the_newest_pending_ones_are_cancelled_first_and_running_ones_never() {
    List<BatchTask> tasks =
        List.of(
            task(9, 10, "slow", true),
            task(10, 0, "slow", true),
            task(9, 9, "slow", true),
            task(11, 0, "slow", false));

    ScalePlan plan = plan(List.of(SLOW), claimable(2), tasks);

    assertThat(plan.surplus()).extracting(BatchTask::id).containsExactly("10_0", "9_10");
    assertThat(plan(List.of(SLOW), claimable(0), tasks).surplus())
        .extracting(BatchTask::id)
        .containsExactly("10_0", "9_10", "9_9");
  }

  @Test
  void a_task_of_several_workers_counts_for_each() {
    ScalePlan empty = plan(List.of(NODE), claimable(5), List.of());
    assertThat(submissions(empty)).containsExactly(new Submission(NODE, 2));

    List<BatchTask> tasks = List.of(task(7, 0, "node", true), task(7, 1, "node", true));
    assertThat(plan(List.of(NODE), claimable(5), tasks).isEmpty()).isTrue();
    assertThat(plan(List.of(NODE), claimable(4), tasks).surplus()).hasSize(1);

    Demand demand = demand(2, Map.of(new Life("7_0", 0, "ctl"), 2), Set.of());
    assertThat(plan(List.of(NODE), demand, tasks.subList(0, 1)).isEmpty()).isTrue();
  }

  @Test
  void tasks_of_a_profile_that_is_gone_count_too() {
    List<BatchTask> tasks = List.of(task(7, 0, "gone", true));

    assertThat(plan(List.of(SLOW), claimable(1), tasks).isEmpty()).isTrue();
    assertThat(plan(List.of(SLOW), claimable(0), tasks).surplus()).hasSize(1);
  }

  /** Tasks start, take runs, end and are requeued in any order; runs come and go. */
  @Test
  void never_more_than_there_is_work_whatever_happens() {
    for (int seed = 0; seed < 300; seed++) {
      World world = new World(new SplittableRandom(seed));
      for (int step = 0; step < 60; step++) {
        world.happen();
        world.scale();
      }
      world.end();
      assertThat(world.tasks).as("seed %d", seed).noneMatch(BatchTask::pending);
    }
  }

  /** A queue and a sweep. */
  private static final class World {
    private static final List<TaskProfile> PROFILES = List.of(FAST, SLOW);

    private final SplittableRandom random;
    private final List<BatchTask> tasks = new ArrayList<>();
    private final Map<Life, Integer> held = new HashMap<>();
    private int claimable;
    private long job = 100;

    World(SplittableRandom random) {
      this.random = random;
      this.claimable = random.nextInt(20);
    }

    private static Life life(BatchTask task) {
      return new Life(task.id(), task.restarts(), task.controller());
    }

    void happen() {
      if (random.nextInt(5) == 0) {
        claimable += random.nextInt(4);
      }
      for (int i = tasks.size() - 1; i >= 0; i--) {
        BatchTask task = tasks.get(i);
        boolean holds = held.containsKey(life(task));
        switch (random.nextInt(8)) {
          case 0, 1 -> tasks.set(i, moved(task, false, 0));
          case 2, 3 -> claim(task, holds);
          case 4 -> held.remove(life(task)); // finished its run
          case 5 -> {
            claimable += held.remove(life(task)) == null ? 0 : 1;
            tasks.set(i, task.pending() ? task : moved(task, true, 1)); // requeued
          }
          case 6 -> {
            if (!task.pending() && !holds) {
              tasks.remove(i);
            }
          }
          default -> {}
        }
      }
    }

    private void claim(BatchTask task, boolean holds) {
      if (!task.pending() && !holds && claimable > 0) {
        claimable--;
        held.put(life(task), 1);
      }
    }

    private static BatchTask moved(BatchTask task, boolean pending, int more) {
      return BatchTasks.task(
          task.job(), task.index(), task.profile(), pending, task.restarts() + more, "ctl");
    }

    void scale() {
      ScalePlan plan = plan();
      long free = free();
      int added = submissions(plan).stream().mapToInt(Submission::count).sum();
      assertThat(added).isLessThanOrEqualTo((int) Math.max(0, claimable - free));
      assertThat(added == 0 || plan.surplus().isEmpty()).isTrue();
      carryOut(plan);
      assertThat(plan().isEmpty()).as("a second look changes nothing").isTrue();
      for (TaskProfile profile : PROFILES) {
        assertThat(tasks.stream().filter(task -> task.profile().equals(profile.name())))
            .hasSizeLessThanOrEqualTo(profile.limit());
      }
      assertThat(tasks.stream().noneMatch(BatchTask::pending) || free() <= claimable).isTrue();
    }

    private long free() {
      return tasks.stream().filter(task -> !held.containsKey(life(task))).count();
    }

    private ScalePlan plan() {
      return ScalePlanTests.plan(PROFILES, demand(claimable, held, Set.of()), tasks);
    }

    private void carryOut(ScalePlan plan) {
      tasks.removeAll(plan.surplus());
      for (Submission part : submissions(plan)) {
        job++;
        for (int i = 0; i < part.count(); i++) {
          tasks.add(task(job, i, part.profile().name(), true));
        }
      }
    }

    void end() {
      claimable = 0;
      held.clear();
      carryOut(plan());
    }
  }
}
