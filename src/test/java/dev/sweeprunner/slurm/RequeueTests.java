package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RequeuePolicy;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.slurm.Requeue.Fate;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.ToldWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequeueTests {
  private static final SlurmTask OWN = new SlurmTask("8037002", "8037002", "3", 0, "n1", "a@m:1");

  @TempDir Path folder;
  private final ToldWorkers workers = new ToldWorkers();
  private boolean fruitful = true;

  /** Each as Slurm showed the job to a process of it that had just got the signal. */
  @ParameterizedTest
  @CsvSource({
    "show-requeued.txt, false, COMES_BACK",
    "show-requeued.txt, true, COMES_BACK",
    "show-cancelled.txt, false, CANCELLED",
    "show-cancelled.txt, true, CANCELLED",
    "show-signalled.txt, false, LET_GO",
    "show-time-limit.txt, false, LIMIT",
    "show-time-limit.txt, true, LIMIT",
    "show-warned.txt, true, LIMIT",
    "show-grace.txt, false, PREEMPTED",
    "show-grace.txt, true, PREEMPTED",
    "show-preempt-cancel.txt, false, PREEMPTED"
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

    assertThat(requeue(OWN).fate(job, true)).isEqualTo(Fate.LIMIT);
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
  void a_life_that_brought_nothing_is_brought_back_once_and_says_so() throws Exception {
    shows("show-warned.txt", 0);
    fruitful = false;
    reported(OWN, 0, 0);

    String said = requeue(OWN).leave(true);

    assertThat(said)
        .isEqualTo(
            "Task 8037002_3 is requeued: it comes back. It has published no checkpoint (60 s were"
                + " left); if its next life does not either, it is not requeued again.");
    assertThat(workers.of("w")).map(WorkerReport.Status::requeues).contains(1);
  }

  @Test
  void the_second_in_a_row_is_not_and_says_what_to_do() throws Exception {
    shows("show-warned.txt", 0);
    fruitful = false;
    SlurmTask second = life(1);
    reported(second, 0, 1);

    String said = requeue(second).leave(true);

    assertThat(said)
        .contains("is not requeued again", "(60 s were left)", "Submit it with a longer --time");
    assertThat(asked()).noneMatch(line -> line.startsWith("requeue"));
  }

  @Test
  void a_checkpoint_in_between_begins_the_count_anew() throws Exception {
    shows("show-warned.txt", 0);
    SlurmTask second = life(1);
    reported(second, 0, 1);

    assertThat(requeue(second).leave(true)).isEqualTo("Task 8037002_3 is requeued: it comes back.");
    assertThat(workers.of("w")).map(WorkerReport.Status::requeues).contains(0);
  }

  @Test
  void what_another_worker_of_the_same_task_published_counts() throws Exception {
    shows("show-warned.txt", 0);
    fruitful = false;
    SlurmTask second = life(1);
    reported(second, 0, 1);
    workers.report(status(owner(second, "sibling"), 2, 0));

    assertThat(requeue(second).leave(true)).contains("is requeued");
  }

  @Test
  void a_sibling_of_the_life_before_remembers_too() throws Exception {
    shows("show-warned.txt", 0);
    fruitful = false;
    SlurmTask third = life(2);
    reported(third, 0, 0);
    workers.report(status(owner(life(1), "sibling"), 0, 1));

    assertThat(requeue(third).leave(true)).contains("is not requeued again");

    workers.all().clear();
    reported(third, 0, 0);
    workers.report(status(owner(OWN, "sibling of long ago"), 0, 1));
    assertThat(requeue(third).leave(true)).contains("it comes back");
  }

  @Test
  void a_preemption_is_no_fault_of_the_task() throws Exception {
    shows("show-grace.txt", 0);
    fruitful = false;
    SlurmTask second = life(1);
    reported(second, 0, 1);

    assertThat(requeue(second).leave(false)).contains("is requeued");
  }

  private SlurmTask life(int restarts) {
    return new SlurmTask("8037002", "8037002", "3", restarts, "n1", "a@m:1");
  }

  private void reported(SlurmTask life, int publishes, int requeues) {
    workers.report(status(owner(life), publishes, requeues));
  }

  private static WorkerReport.Status status(Owner owner, int publishes, int requeues) {
    return new WorkerReport.Status(
        owner,
        -1,
        "a.yaml",
        "stopped",
        null,
        "",
        0,
        publishes,
        publishes,
        requeues,
        List.of(),
        Instant.EPOCH);
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

  private static Owner owner(SlurmTask own) {
    return owner(own, "w");
  }

  private static Owner owner(SlurmTask own, String worker) {
    String incarnation = worker + own.restartCount();
    return new Owner(incarnation, worker, "c", "h", "m", "b", 4, "5", "6", "u", "cpu", own);
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
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
    return new Requeue(
        new SlurmCommands(folder.toString()),
        own,
        Duration.ofSeconds(20),
        RequeuePolicy.LIMIT,
        new TaskLives(workers, owner(own), fruitful, "60 s were left"));
  }
}
