package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.slurm.Requeue.Fate;
import dev.sweeprunner.testkit.FakeProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequeueTests {
  private static final SlurmTask OWN = new SlurmTask("8037002", "8037002", "3", 0, "n1", "a@m:1");

  @TempDir Path folder;

  /** Each as Slurm showed the job to a process of it that had just got the signal. */
  @ParameterizedTest
  @CsvSource({
    "show-requeued.txt, false, COMES_BACK",
    "show-requeued.txt, true, COMES_BACK",
    "show-cancelled.txt, false, CANCELLED",
    "show-cancelled.txt, true, CANCELLED",
    "show-signalled.txt, false, LET_GO",
    "show-time-limit.txt, false, LOST",
    "show-time-limit.txt, true, LOST",
    "show-warned.txt, true, LOST",
    "show-grace.txt, false, LOST",
    "show-grace.txt, true, LOST",
    "show-preempt-cancel.txt, false, LOST"
  })
  void what_becomes_of_a_task_is_read_from_its_job(String file, boolean warned, Fate fate) {
    Map<String, String> job = Requeue.members(Recorded.text(file));

    assertThat(requeue(OWN).fate(job, warned)).isEqualTo(fate);
  }

  @Test
  void a_life_that_was_itself_requeued_is_not_taken_for_requeued_again() {
    SlurmTask second = new SlurmTask("8037006", "8037002", "0", 1, "n1", "a@m:1");

    Fate fate = requeue(second).fate(Requeue.members(Recorded.text("show-requeued.txt")), false);

    assertThat(fate).isEqualTo(Fate.CANCELLED);
  }

  @Test
  void a_worker_that_outlived_its_batch_script_brings_its_task_back() {
    Map<String, String> job = Map.of("JobState", "FAILED", "Reason", "NonZeroExitCode");

    assertThat(requeue(OWN).fate(job, true)).isEqualTo(Fate.LOST);
    assertThat(requeue(OWN).fate(job, false)).isEqualTo(Fate.CANCELLED);
  }

  @Test
  void it_requeues_exactly_its_task_never_the_array() throws Exception {
    shows("show-time-limit.txt", 0);

    String said = requeue(OWN).leave(false);

    assertThat(said).isEqualTo("Task 8037002_3 is requeued: it comes back.");
    assertThat(Files.readAllLines(folder.resolve("calls")))
        .containsExactly("-o show job 8037002_3", "requeue 8037002_3");
  }

  @Test
  void it_leaves_a_cancelled_task_alone() throws Exception {
    shows("show-cancelled.txt", 0);

    assertThat(requeue(OWN).leave(true)).contains("was cancelled");
    assertThat(Files.readAllLines(folder.resolve("calls"))).hasSize(1);
  }

  @Test
  void a_refused_requeue_is_told_with_the_way_out() throws Exception {
    shows("show-warned.txt", 1);

    assertThat(requeue(OWN).leave(true))
        .contains("does not come back")
        .contains("Requested operation is presently disabled")
        .contains("--requeue at submission");
  }

  @Test
  void a_warned_worker_tries_though_slurm_does_not_say_how_its_job_stands() throws Exception {
    FakeProgram.put(
        folder, "scontrol", "echo \"$@\" >> '%s/calls'; [ \"$1\" = requeue ]".formatted(folder));

    assertThat(requeue(OWN).leave(true)).contains("is requeued");
    assertThat(requeue(OWN).leave(false)).contains("unknown");
    assertThat(Files.readAllLines(folder.resolve("calls")))
        .containsExactly("-o show job 8037002_3", "requeue 8037002_3", "-o show job 8037002_3");
  }

  private void shows(String file, int rcOfRequeue) throws IOException {
    FakeProgram.put(
        folder,
        "scontrol",
        """
        echo "$@" >> '%s/calls'
        if [ "$1" = requeue ]; then
          [ %d = 0 ] || echo 'Requested operation is presently disabled' >&2
          exit %d
        fi
        cat %s
        """
            .formatted(folder, rcOfRequeue, rcOfRequeue, Recorded.file(folder, file)));
  }

  private Requeue requeue(SlurmTask own) {
    return new Requeue(new SlurmCommands(folder.toString()), own, Duration.ofSeconds(20));
  }
}
