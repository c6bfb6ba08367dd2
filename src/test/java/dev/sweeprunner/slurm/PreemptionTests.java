package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.FakeProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreemptionTests {
  private static final Map<String, String> JOB = Map.of("Partition", "low", "QOS", "spare");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "preempt/partition_prio, REQUEUE, CANCEL, REQUEUE, true",
    "preempt/partition_prio, CANCEL, REQUEUE, CANCEL, false",
    "preempt/qos, REQUEUE, REQUEUE, cancel, true",
    "preempt/qos, CANCEL, CANCEL, requeue, false",
    "preempt/qos, CANCEL, REQUEUE, cluster, true",
    "preempt/none, 'GANG,SUSPEND', 'GANG,SUSPEND', cancel, false"
  })
  void who_decides_on_preemption_says_what_it_means(
      String type, String cluster, String partition, String qos, boolean cancels)
      throws IOException {
    slurm(type, cluster, "echo PartitionName=low PreemptMode=" + partition, "echo " + qos);

    assertThat(preemption().cancels(JOB)).isEqualTo(cancels);
  }

  @Test
  void where_the_narrower_word_is_missing_the_clusters_stands() throws IOException {
    slurm("preempt/qos", "CANCEL", "exit 1", "exit 1");
    assertThat(preemption().cancels(JOB)).isTrue();

    slurm("preempt/partition_prio", "REQUEUE", "exit 1", "exit 1");
    assertThat(preemption().cancels(JOB)).isFalse();
  }

  @Test
  void what_slurm_does_not_say_is_no_end() {
    assertThat(preemption().cancels(JOB)).isFalse();
  }

  private Preemption preemption() {
    return new Preemption(new SlurmCommands(folder.toString()), Duration.ofSeconds(20));
  }

  private void slurm(String type, String cluster, String partition, String qos) throws IOException {
    FakeProgram.put(
        folder,
        "scontrol",
        """
        case "$*" in
          'show config') echo 'PreemptMode             = %s'; echo 'PreemptType             = %s' ;;
          '-o show partition low') %s ;;
        esac
        """
            .formatted(cluster, type, partition));
    FakeProgram.put(
        folder,
        "sacctmgr",
        "[ \"$*\" = '-nP show qos spare format=PreemptMode' ] || exit 1; " + qos);
  }
}
