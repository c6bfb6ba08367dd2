package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.SlurmTask;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlurmEnvironmentTests {
  private static final Map<String, String> ARRAY_TASK =
      Map.of(
          "SLURM_JOB_ID", "14",
          "SLURM_ARRAY_JOB_ID", "11",
          "SLURM_ARRAY_TASK_ID", "3",
          "SLURMD_NODENAME", "n1",
          "SLURM_CLUSTER_NAME", "test");

  @Test
  void outside_slurm_there_is_no_task() {
    assertThat(SlurmEnvironment.task(Map.of())).isEmpty();
    assertThat(SlurmEnvironment.task(Map.of("SLURM_JOB_ID", " "))).isEmpty();
    assertThat(SlurmEnvironment.task(Map.of("SLURM_JOB_ID", "unknown"))).isEmpty();
    assertThat(SlurmEnvironment.task(Map.of("SLURM_CONF", "/etc/slurm.conf"))).isEmpty();
  }

  @Test
  void an_array_task_has_both_ids() {
    assertThat(SlurmEnvironment.task(ARRAY_TASK)).contains(new SlurmTask("14", "11", "3", 0, "n1"));
    assertThat(SlurmEnvironment.task(ARRAY_TASK).orElseThrow().display()).isEqualTo("11_3");
  }

  @Test
  void a_requeued_task_knows_its_life() {
    assertThat(SlurmEnvironment.task(with("SLURM_RESTART_COUNT", "2")))
        .map(SlurmTask::restartCount)
        .contains(2);
    assertThat(SlurmEnvironment.task(with("SLURM_RESTART_COUNT", "often")))
        .map(SlurmTask::restartCount)
        .contains(0);
  }

  @Test
  void half_of_an_array_is_none() {
    var half = new HashMap<>(ARRAY_TASK);
    half.remove("SLURM_ARRAY_JOB_ID");

    var task = SlurmEnvironment.task(half).orElseThrow();

    assertThat(task).isEqualTo(new SlurmTask("14", null, null, 0, "n1"));
    assertThat(task.display()).isEqualTo("14");
  }

  @Test
  void a_worker_is_named_after_cluster_and_task() {
    var task = new SlurmTask("14", "11", "3", 2, "n1");

    assertThat(SlurmEnvironment.workerName("a", task, ARRAY_TASK)).isEqualTo("a-11_3");
    assertThat(SlurmEnvironment.workerName("a", new SlurmTask("14", null, null, 0, null), Map.of()))
        .isEqualTo("a-14");
  }

  @Test
  void workers_of_one_step_are_told_apart_by_their_rank() {
    var task = new SlurmTask("14", "11", "3", 2, "n1");
    var second = Map.of("SLURM_STEP_NUM_TASKS", "4", "SLURM_PROCID", "1");
    var alone = Map.of("SLURM_STEP_NUM_TASKS", "1", "SLURM_PROCID", "0");

    assertThat(SlurmEnvironment.workerName("a", task, second)).isEqualTo("a-11_3-1");
    assertThat(SlurmEnvironment.workerName("a", task, alone)).isEqualTo("a-11_3");
  }

  private static Map<String, String> with(String name, String value) {
    var more = new HashMap<>(ARRAY_TASK);
    more.put(name, value);
    return more;
  }
}
