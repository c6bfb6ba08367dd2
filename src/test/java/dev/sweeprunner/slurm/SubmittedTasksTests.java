package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.TaskQueue.Refusal;
import dev.sweeprunner.testkit.BatchTasks;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.UnreadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmittedTasksTests {
  private static final String HERE = "sweeptest@ctl1(10.0.0.1):6817";
  private static final TaskProfile GPU =
      new TaskProfile(
          "gpu", "big", "a100:1", 8, 1, List.of("--comment=two words"), "slurm/run_sweep.sh");

  @TempDir Path folder;

  @BeforeEach
  void aSlurm() throws IOException {
    FakeProgram.put(folder, "scontrol", "cat " + Recorded.file(folder, "config.txt"));
    FakeProgram.put(folder, "squeue", "cat '%s/list'".formatted(folder));
  }

  private TaskQueue submitted(String... arguments) {
    return submitted(Map.of(), arguments);
  }

  private TaskQueue submitted(Map<String, String> environment, String... arguments) {
    return submitted(Duration.ofSeconds(10), environment, arguments);
  }

  private TaskQueue submittedWithin(Duration timeout) {
    return submitted(timeout, Map.of());
  }

  private TaskQueue submitted(
      Duration timeout, Map<String, String> environment, String... arguments) {
    Slurm.Options access =
        new Slurm.Options(folder.toString(), "ann", "", timeout, Duration.ofSeconds(30));
    return new Slurm(
            access,
            new LocalFiles(),
            new Slurm.Places(folder.resolve("shared"), new Layout(folder), new UnreadReport()),
            new SettableClock(),
            Runnable::run,
            null)
        .submitted("sr-12345678", List.of(GPU), List.of(arguments), environment);
  }

  private void listed(String... lines) throws IOException {
    Files.writeString(folder.resolve("list"), Recorded.heading() + String.join("", lines));
  }

  private static String line(String array, String index, String state, int restarts, String name) {
    String line = Recorded.line(array, index, "99", state, restarts);
    int from = line.lastIndexOf("sweep");
    return line.substring(0, from) + String.format("%-128s%n", name);
  }

  @Test
  void tasks_are_known_by_the_name_of_their_job() throws IOException {
    listed(
        line("11", "1", "RUNNING", 2, "sr-12345678-gpu"),
        line("11", "2", "PENDING", 0, "sr-12345678-gpu"),
        line("12", "N/A", "COMPLETING", 0, "sr-12345678-a-b"),
        line("11", "3", "COMPLETED", 0, "sr-12345678-gpu"),
        line("13", "0", "PENDING", 0, "sr-87654321-gpu"),
        line("14", "0", "PENDING", 0, "sweep"));

    assertThat(submitted().tasks())
        .containsExactly(
            task(11, 1, "gpu", Phase.RUNNING, "RUNNING", 2),
            task(11, 2, "gpu", Phase.PENDING, "PENDING", 0),
            task(12, -1, "a-b", Phase.RUNNING, "COMPLETING", 0),
            task(11, 3, "gpu", Phase.ENDED, "COMPLETED", 0));
    assertThat(submitted().tasks())
        .extracting(BatchTask::id)
        .containsExactly("11_1", "11_2", "12", "11_3");
  }

  private static BatchTask task(
      long job, int index, String profile, Phase phase, String state, int restarts) {
    return new BatchTask(
        job, index, profile, phase, state, "", "", restarts, Duration.ofMinutes(5), HERE);
  }

  @Test
  void they_are_asked_for_by_name_and_one_of_a_profile_that_is_gone_too() throws IOException {
    FakeProgram.put(
        folder,
        "squeue",
        """
        cd '%s'
        echo "$@" >> calls
        case "$*" in *--noheader*) printf 'x\\nsr-12345678-old\\nsr-12345678-old\\n';; *) cat list;; esac
        """
            .formatted(folder));
    listed(line("11", "1", "RUNNING", 2, "sr-12345678-gpu"));
    TaskQueue tasks = submitted();

    tasks.tasks();
    tasks.tasks();

    List<String> calls = Files.readAllLines(folder.resolve("calls"));
    assertThat(calls).hasSize(3);
    assertThat(calls.get(0)).contains("--user=ann").doesNotContain("--Format");
    assertThat(calls.subList(1, 3))
        .allMatch(
            call -> call.contains("--user=ann --name=sr-12345678-gpu,sr-12345678-old --Format="));
  }

  @Test
  void an_ended_task_is_told_with_its_code_and_output() throws IOException {
    Files.writeString(
        folder.resolve("list"),
        Recorded.tasks("EXIT_CODE", "NAME")
            + Recorded.task("11", "1", "FAILED", "NonZeroExitCode", "256", "sr-12345678-gpu"));
    TaskQueue tasks = submitted();
    BatchTask failed = tasks.tasks().get(0);
    assertThat(failed.exit()).isEqualTo("1:0");

    FakeProgram.put(
        folder,
        "scontrol",
        "echo \"$@\" > '%s/heard'; cat %s"
            .formatted(folder, Recorded.file(folder, "show-failed.txt")));
    assertThat(tasks.ending(failed))
        .isEqualTo("FAILED, exit code 3, output in /home/ann/my sweep/slurm-6753014.out");
    assertThat(Files.readString(folder.resolve("heard"))).isEqualTo("-o show job 11_1\n");

    FakeProgram.put(folder, "scontrol", "echo 'Invalid job id specified' >&2; exit 1");
    assertThat(tasks.ending(failed)).isEqualTo("FAILED, exit code 1");
  }

  @Test
  void one_that_was_ended_by_a_signal_is_told_with_it() throws IOException {
    FakeProgram.put(folder, "scontrol", "cat " + Recorded.file(folder, "show-ended-by-signal.txt"));

    assertThat(submitted().ending(task(11, 1, "gpu", Phase.ENDED, "CANCELLED", 0)))
        .startsWith("CANCELLED")
        .contains("signal 15");
  }

  @Test
  void an_answer_that_is_not_whole_is_none() throws IOException {
    FakeProgram.put(folder, "squeue", "echo slurm_load_jobs error: no answer >&2; exit 1");
    assertThatThrownBy(() -> submitted().tasks())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("unknown: squeue failed: slurm_load_jobs error: no answer")
        .hasMessageContaining("Nothing was submitted");

    listed(line("11", "1", "RUNNING", 0, "sr-12345678-gpu").substring(0, 40));
    FakeProgram.put(folder, "squeue", "cat '%s/list'".formatted(folder));
    assertThatThrownBy(() -> submitted().tasks()).isInstanceOf(UserError.class);

    FakeProgram.put(folder, "scontrol", "exit 1");
    assertThatThrownBy(() -> submitted().tasks())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("scontrol");
  }

  @Test
  void a_submission_is_one_array_whose_name_no_flag_takes_away() {
    assertThat(submitted("--sweep", "a.yaml", "--storage", "/d").submission(GPU, 3))
        .containsExactly(
            "sbatch",
            "--partition=big",
            "--gpus=a100:1",
            "--comment=two words",
            "--parsable",
            "--job-name=sr-12345678-gpu",
            "--array=0-2",
            "slurm/run_sweep.sh",
            "--sweep",
            "a.yaml",
            "--storage",
            "/d");
    TaskProfile bare = new TaskProfile("cpu", "", "", 8, 1, List.of(), "s.sh");
    assertThat(submitted().submission(bare, 1))
        .containsExactly(
            "sbatch", "--parsable", "--job-name=sr-12345678-cpu", "--array=0-0", "s.sh");
  }

  @Test
  void tasks_are_cancelled_by_their_place_in_the_array() {
    List<BatchTask> tasks =
        List.of(
            BatchTasks.task(11, 1, "gpu", true, 0, HERE),
            BatchTasks.task(12, -1, "gpu", true, 0, HERE));

    assertThat(submitted().cancellation(tasks)).containsExactly("scancel", "11_1", "12");
  }

  @Test
  void the_answer_of_sbatch_is_cut_before_the_cluster() throws IOException {
    FakeProgram.put(folder, "sbatch", "printf '%s\\n' \"$@\" >'" + folder + "/heard'; echo '42;c'");

    TaskQueue.Done done = submitted().call(submitted("--sweep", "a b").submission(GPU, 2));

    assertThat(done).isEqualTo(new TaskQueue.Done(Refusal.NONE, "42"));
    assertThat(Files.readAllLines(folder.resolve("heard")))
        .contains("--comment=two words", "--array=0-1", "a b");
  }

  @Test
  void a_refusal_is_told_in_slurms_words() throws IOException {
    FakeProgram.put(
        folder, "sbatch", "echo 'sbatch: error: invalid partition specified: big' >&2; exit 1");

    assertThat(submitted().call(submitted().submission(GPU, 1)))
        .isEqualTo(
            new TaskQueue.Done(
                Refusal.INVALID, "sbatch failed: sbatch: error: invalid partition specified: big"));
  }

  /** What Slurm 22.05 with slurmdbd, and others by their sources, answer to sbatch. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AssocMaxSubmitJobLimit~Batch job submission failed: Job violates accounting/QOS policy"
            + " (job submit limit, user's size and/or time limits) | LIMIT",
        "QOSMaxSubmitJobPerUserLimit~Batch job submission failed: Job violates accounting/QOS"
            + " policy (job submit limit, user's size and/or time limits) | LIMIT",
        "AssocGrpSubmitJobsLimit~Job violates accounting/QOS policy | LIMIT",
        "MaxSubmitJobsPerAccount~Job violates accounting/QOS policy | LIMIT",
        "Job violates accounting/QOS policy (job submit limit, user's size ...) | LIMIT",
        "Batch job submission failed: MaxJobCount limit reached | LIMIT",
        "Batch job submission failed: Resource temporarily unavailable | LIMIT",
        "Batch job submission failed: Invalid job array specification | LIMIT",
        "QOSMaxWallDurationPerJobLimit~Job violates accounting/QOS policy (job sub...) | INVALID",
        "AssocMaxCpuPerJobLimit~Job violates accounting/QOS policy (job submit ...) | INVALID",
        "Batch job submission failed: Invalid account or account/partition combination | INVALID",
        "Batch job submission failed: Invalid partition name specified | INVALID",
        "Batch job submission failed: Invalid qos specification | INVALID",
        "Batch job submission failed: Requested node configuration is not available | INVALID",
        "Batch job submission failed: Access/permission denied | INVALID",
        "Invalid --time specification | INVALID",
        "unrecognized option '--nonsense' | INVALID",
        "Unable to open file slurm/run_sweep.sh | INVALID",
        "Batch job submission failed: Unable to contact slurm controller (connect failure)"
            + " | UNREACHABLE",
        "Batch job submission failed: Socket timed out on send/recv operation | UNREACHABLE",
        "Batch job submission failed: Zero Bytes were transmitted or received | UNREACHABLE",
        "Batch job submission failed: Slurm backup controller in standby mode | UNREACHABLE",
      })
  void a_refusal_is_of_a_kind(String said, Refusal kind) throws IOException {
    Files.writeString(
        folder.resolve("said"), "sbatch: error: " + said.replace("~", "\nsbatch: error: ") + "\n");
    FakeProgram.put(folder, "sbatch", "cat '%s/said' >&2; exit 1".formatted(folder));

    assertThat(submitted().call(List.of("sbatch")).refusal()).isEqualTo(kind);
  }

  @Test
  void an_sbatch_that_waits_for_a_place_has_met_a_limit_and_one_that_says_nothing_has_not()
      throws IOException {
    FakeProgram.put(
        folder,
        "sbatch",
        "echo 'sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying' >&2;"
            + " exec sleep 60");
    assertThat(submittedWithin(Duration.ofSeconds(1)).call(List.of("sbatch")).refusal())
        .isEqualTo(Refusal.LIMIT);

    FakeProgram.put(folder, "sbatch", "exec sleep 60");
    assertThat(submittedWithin(Duration.ofMillis(300)).call(List.of("sbatch")).refusal())
        .isEqualTo(Refusal.UNREACHABLE);
  }

  @Test
  void the_environment_is_the_users_without_another_job() {
    Map<String, String> inJob = new HashMap<>();
    for (String name :
        List.of(
            "SLURM_RESTART_COUNT",
            "SLURM_ARRAY_TASK_ID",
            "SLURM_JOB_GPUS",
            "SLURMD_NODENAME",
            "SBATCH_PARTITION",
            "CUDA_VISIBLE_DEVICES",
            "SLURM_CONF",
            "SWEEP_RUNNER_DEVICE",
            "LC_ALL",
            "PATH")) {
      inJob.put(name, "x");
    }

    assertThat(submitted(inJob).leftOut())
        .containsExactly(
            "CUDA_VISIBLE_DEVICES",
            "SBATCH_PARTITION",
            "SLURMD_NODENAME",
            "SLURM_ARRAY_TASK_ID",
            "SLURM_JOB_GPUS",
            "SLURM_RESTART_COUNT");
    assertThat(submitted(Map.of("CUDA_VISIBLE_DEVICES", "1", "SLURM_CONF", "x")).leftOut())
        .isEmpty();
  }

  @Test
  void what_is_called_sees_this_environment() throws IOException {
    FakeProgram.put(folder, "sbatch", "env >'" + folder + "/seen'; echo 42");

    submitted().call(List.of("sbatch"));

    assertThat(Files.readAllLines(folder.resolve("seen")))
        .contains("PATH=" + System.getenv("PATH"))
        .noneMatch(line -> line.matches("(SLURM|SBATCH)_(?!CONF=).*"));
  }
}
