package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker of the built jar in a Slurm job that consists of fake programs on its path. What a real
 * Slurm makes of the same is tried by {@code bench/slurm/slurm-test}.
 */
class SlurmIT {
  private static final String RUNNING = "JobState=RUNNING Reason=None Restarts=0 PreemptTime=None";

  @TempDir Path folder;
  private static final String HEADING =
      String.format(
          "%-24s%-24s%-24s%-24s%-16s%-24s%-24s%-96s%n",
          "ARRAY_JOB_ID",
          "ARRAY_TASK_ID",
          "JOBID",
          "STATE",
          "RESTART_COUNT",
          "TIME_LEFT",
          "TIME",
          "REASON");

  private Path bin;
  private Toy toy;

  @BeforeEach
  void aCluster() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    toy = Toy.of(folder, 200_000, "training.seed: {values: [1, 2]}");
    FakeProgram.put(
        bin,
        "scontrol",
        """
        cd '%s'
        case "$1 $2" in
          "show config")
            printf 'ClusterName = a\\nSlurmctldHost[0] = ctl\\nSlurmctldPort = 6817\\nKillWait = 30 sec\\n';;
          *) echo "$@" >> calls; cat job 2>/dev/null;;
        esac
        """
            .formatted(bin));
    FakeProgram.put(bin, "squeue", "cat '%s/list'".formatted(bin));
    listed("1:00:00", 0);
    shown(RUNNING);
  }

  /** Signal, what Slurm shows of the job then, and whether the worker must bring its task back. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "USR1 | " + RUNNING + " | true",
        "TERM | JobState=COMPLETING Reason=TimeLimit Restarts=0 | true",
        "TERM | JobState=RUNNING Reason=None Restarts=0 PreemptTime=2026-11-27T11:26:43 | true",
        "TERM | JobState=COMPLETING Reason=None Restarts=0 PreemptTime=2026-11-27T11:26:43 | true",
        "TERM | JobState=COMPLETING Reason=None Restarts=1 | false",
        "TERM | JobState=COMPLETING Reason=None Restarts=0 PreemptTime=None | false",
        "TERM | " + RUNNING + " | false",
        "INT | " + RUNNING + " | false"
      })
  void a_task_comes_back_where_slurm_would_not_bring_it(String signal, String job, boolean back)
      throws IOException {
    Events events = new Events(folder.resolve("events"));
    try (JarProcess worker = start(events, "0")) {
      events.await(worker, event -> event.is("iteration"));
      shown(job);

      worker.signal(signal);
      worker.signal(signal);
      var ended = worker.await(Duration.ofMinutes(5));

      assertThat(ended.code()).as(ended.err()).isEqualTo(75);
      assertThat(calls().contains("requeue 11_3")).as(ended.out()).isEqualTo(back);
      assertThat(calls()).noneMatch(call -> call.matches("requeue (11|12)"));
      var last = events.of(worker).get(events.of(worker).size() - 1);
      assertThat(last.name()).isEqualTo("ended.RELEASED");
    }
  }

  @Test
  void a_worker_leaves_before_its_time_limit_without_any_signal() throws IOException {
    listed("0:40", 0);
    Events events = new Events(folder.resolve("events"));
    try (JarProcess worker = start(events, "0", "--slurm.margin", "30s")) {
      var ended = worker.await(Duration.ofMinutes(5));

      assertThat(ended.code()).as(ended.err()).isEqualTo(75);
      assertThat(ended.out()).contains("given back: on its job's time limit, in ");
      assertThat(calls()).contains("requeue 11_3");
    }
  }

  @Test
  void a_job_too_short_for_a_single_checkpoint_is_requeued_once_and_not_for_ever()
      throws IOException {
    listed("0:10", 0);
    var first = JarProcess.run(folder, environment("0"), words("--slurm.margin", "30s"));
    List<String> asked = List.copyOf(calls());
    listed("0:10", 1);
    var second = JarProcess.run(folder, environment("1"), words("--slurm.margin", "30s"));

    assertThat(first.code()).as(first.err()).isEqualTo(75);
    assertThat(first.out()).contains("if its next life does not either, it is not requeued again");
    assertThat(asked).contains("requeue 11_3");
    assertThat(second.code()).as(second.err()).isEqualTo(75);
    assertThat(second.out()).contains("not requeued again", "Submit it with a longer --time");
    assertThat(calls()).filteredOn(call -> call.startsWith("requeue")).hasSize(1);
    assertThat(Files.exists(folder.resolve("out/e2e/.locks"))).isFalse();
  }

  @Test
  void an_early_warning_ends_no_work_while_slurm_leaves_time_for_more() throws IOException {
    listed("1:00", 0);
    shown(RUNNING + " RunTime=00:01:10 TimeLimit=00:02:00");
    Events events = new Events(folder.resolve("events"));
    try (JarProcess worker = start(events, "0", "--slurm.margin", "30s")) {
      events.await(worker, event -> event.is("iteration"));
      worker.signal("USR1");
      var ended = worker.await(Duration.ofMinutes(5));

      assertThat(ended.code()).as(ended.err()).isEqualTo(75);
      assertThat(ended.out())
          .contains(
              "SIGUSR1 warns of the job's time limit: ", "given back: on its job's time limit");
      assertThat(calls()).contains("requeue 11_3");
    }
  }

  @Test
  void where_the_site_counts_failures_an_idle_worker_and_a_stopped_one_end_with_0()
      throws IOException {
    String[] zero = {"--max-runs", "1", "--slurm.exit-codes", "zero"};
    toy = Toy.of(folder, 20, "training.seed: {values: [1, 2, 3]}");

    assertThat(JarProcess.run(folder, environment("0"), words(zero)).code()).isZero();
    assertThat(JarProcess.run(folder, words(zero)).code()).as("outside a job").isEqualTo(75);
  }

  @Test
  void the_next_life_of_a_killed_task_goes_on_with_its_own_run_at_once() throws IOException {
    toy = Toy.of(folder, 2000, "training.seed: {values: [1, 2]}");
    Events events = new Events(folder.resolve("events"));
    String run;
    try (JarProcess first = start(events, "0")) {
      events.await(first, event -> event.is("publish"));
      run = events.of(first).get(0).run();
      first.kill();
    }
    listed("1:00:00", 1);

    try (JarProcess second = start(events, "1", "--max-runs", "1")) {
      var ended = second.await(Duration.ofMinutes(5));
      assertThat(ended.code()).as(ended.err()).isEqualTo(75);
      assertThat(ended.out()).contains("Worker local-11_3 ");
      assertThat(events.of(second).get(0).name()).isEqualTo("resume");
      assertThat(events.of(second).get(0).run()).isEqualTo(run);
    }
    assertThat(folder.resolve("out/.batch")).isDirectoryContaining("glob:**/local-11_3.mv.db");
  }

  /** No answer of Slurm must ever keep a worker from its work, or change what it makes. */
  @ParameterizedTest
  @ValueSource(strings = {"exit 1", "sleep 600", "exit 0", "head -c 400 list", "kill -9 $$"})
  void a_broken_squeue_keeps_nobody_from_work(String squeue) throws IOException {
    toy = Toy.of(folder, 40, "training.seed: {values: [1, 2]}");
    FakeProgram.put(bin, "squeue", "cd '" + bin + "'; " + squeue);
    var inJob = JarProcess.run(folder, environment("0"), wordsIn("in", "--slurm.timeout", "2s"));
    var outside = JarProcess.run(folder, wordsIn("outside"));

    assertThat(inJob.code()).as(inJob.err()).isZero();
    assertThat(outside.code()).as(outside.err()).isZero();
    assertThat(Results.of(folder.resolve("in"), toy.last()))
        .hasSize(2)
        .isEqualTo(Results.of(folder.resolve("outside"), toy.last()));
  }

  private JarProcess start(Events events, String restarts, String... more) {
    List<String> words = new ArrayList<>(words(more));
    words.addAll(List.of("--test.events", events.file().toString()));
    return JarProcess.start(folder, environment(restarts), words);
  }

  private List<String> words(String... more) {
    return wordsIn(".", more);
  }

  private List<String> wordsIn(String root, String... more) {
    List<String> words = new ArrayList<>(toy.worker(root, ""));
    int worker = words.indexOf("--worker");
    words.subList(worker, worker + 2).clear(); // the default name is the one that Slurm gives
    words.addAll(List.of(more));
    return words;
  }

  private Map<String, String> environment(String restarts) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
    environment.put("SLURM_CONF", folder.resolve("slurm.conf").toString());
    environment.put("SLURM_JOB_ID", "12");
    environment.put("SLURM_ARRAY_JOB_ID", "11");
    environment.put("SLURM_ARRAY_TASK_ID", "3");
    if (!restarts.equals("0")) {
      environment.put("SLURM_RESTART_COUNT", restarts);
    }
    return environment;
  }

  /** What squeue says of the worker's own job. */
  private void listed(String left, int restarts) throws IOException {
    Files.writeString(
        bin.resolve("list"),
        HEADING + line("11", "3", "12", "RUNNING", Integer.toString(restarts), left));
  }

  private static String line(
      String array, String index, String raw, String state, String restarts, String left) {
    return String.format(
        "%-24s%-24s%-24s%-24s%-16s%-24s%-24s%-96s%n",
        array, index, raw, state, restarts, left, "0:05", "None");
  }

  /** What scontrol shows of it. */
  private void shown(String job) throws IOException {
    Files.writeString(bin.resolve("job"), job + "\n");
  }

  private List<String> calls() throws IOException {
    Path calls = bin.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }
}
