package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Scheduler.Job;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlurmSchedulerTests {
  private static final String HERE = "sweeptest@ctl1(10.0.0.1):6817";
  private static final SlurmTask OWN = task("11", "1", 0, HERE);
  private static final String OWN_LINE = Recorded.line("11", "1", "12", "RUNNING", 0);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  @BeforeEach
  void aSlurm() throws IOException {
    FakeProgram.put(folder, "scontrol", "cat " + Recorded.file(folder, "config.txt"));
    listed(OWN_LINE);
    named("");
  }

  /** The life of an owner in restart 1, by what the queue says of its task now. */
  @ParameterizedTest
  @CsvSource({
    "RUNNING, 1, 5:00, None, Present",
    "COMPLETING, 1, 5:00, None, Present",
    "SUSPENDED, 1, 5:00, None, Present",
    "A_STATE_OF_TOMORROW, 1, 5:00, None, Present",
    "COMPLETING, 2, 0:00, None, Present",
    "PENDING, 2, 0:00, BeginTime, Returning",
    "CONFIGURING, 2, 0:00, None, Returning",
    "PENDING, 1, 0:00, Resources, Unknown",
    "CONFIGURING, 1, 0:00, None, Unknown",
    "RUNNING, 2, 0:59, None, Returning",
    "RUNNING, 2, 1:00, None, Gone",
    "RUNNING, 0, 9:00, None, Unknown",
    "COMPLETING, 0, 9:00, None, Unknown",
    "FAILED, 0, 9:00, NonZeroExitCode, Unknown",
    "PENDING, 1, 0:00, JobHeldUser, Unknown",
    "PENDING, 2, 0:00, JobHeldUser, Gone",
    "PENDING, 2, 0:00, launch failed requeued held, Gone",
    "PENDING, 2, 0:00, job requeued in held state, Gone",
    "COMPLETED, 1, 9:00, None, Gone",
    "FAILED, 1, 9:00, NonZeroExitCode, Gone",
    "CANCELLED, 2, 9:00, None, Gone",
    "TIMEOUT, 1, 9:00, TimeLimit, Gone",
    "NODE_FAIL, 1, 9:00, None, Gone",
    "OUT_OF_MEMORY, 1, 9:00, None, Gone",
    "PREEMPTED, 1, 9:00, None, Gone"
  })
  void the_life_of_a_task(String state, int restarts, String used, String reason, String view)
      throws IOException {
    listed(OWN_LINE + Recorded.line("9", "4", "10", state, restarts, "1:00", used, reason));

    assertThat(kind(view(task("9", "4", 1, HERE)))).isEqualTo(view);
  }

  @Test
  void the_job_is_told_with_all_that_is_known() throws IOException {
    listed(OWN_LINE + Recorded.line("9", "4", "10", "PENDING", 2, "1:00:00", "0:00", "BeginTime"));

    var known = view(task("9", "4", 1, HERE)).known().orElseThrow();

    assertThat(known.id()).isEqualTo("9_4");
    assertThat(known.state()).isEqualTo("PENDING");
    assertThat(known.reason()).isEqualTo("BeginTime");
    assertThat(known.restarts()).isEqualTo(2);
    assertThat(known.left()).isEqualTo(Duration.ofHours(1));
  }

  /** An answer is shared for half a minute: a task may start, and claim, after it was asked for. */
  @Test
  void an_answer_from_before_this_life_says_nothing_of_it() throws IOException {
    listed(OWN_LINE + Recorded.line("9", "4", "10", "PENDING", 0, "1:00:00", "0:00", "Resources"));

    assertThat(view(task("9", "4", 0, HERE)))
        .isEqualTo(new View.Unknown("squeue's answer about 9_4 is older than this claim"));
  }

  @Test
  void an_ended_job_is_told_without_the_time_that_it_did_not_use() throws IOException {
    listed(
        OWN_LINE
            + Recorded.line("9", "4", "10", "FAILED", 0, "1:00:00", "9:00", "NonZeroExitCode"));

    assertThat(view(task("9", "4", 0, HERE)))
        .isEqualTo(
            new View.Gone(
                "9_4", "is FAILED", new Job("9_4", "FAILED", "NonZeroExitCode", 0, null)));
  }

  @Test
  void while_the_question_by_name_fails_it_is_asked_once_for_all() throws IOException {
    FakeProgram.put(
        folder,
        "squeue",
        """
        cd '%s'
        echo "$@" >> calls
        case "$*" in *--user*) cat list;; *) exit 1;; esac
        """
            .formatted(folder));
    SlurmScheduler scheduler = scheduler(OWN);

    for (String index : List.of("4", "5", "6")) {
      assertThat(kind(scheduler.view(owner("ann", task("9", index, 0, HERE)))))
          .isEqualTo("Unknown");
    }

    assertThat(calls()).filteredOn(call -> !call.contains("--user")).hasSize(1);
  }

  @Test
  void a_job_that_slurm_does_not_know_by_name_is_gone() {
    assertThat(view(task("9", "4", 0, HERE)))
        .isEqualTo(new View.Gone("9_4", "is not known to Slurm any more"));
  }

  @Test
  void a_job_that_only_the_long_list_lacks_is_not_gone() throws IOException {
    named(Recorded.line("9", "4", "10", "RUNNING", 0));

    assertThat(kind(view(task("9", "4", 0, HERE)))).isEqualTo("Unknown");
  }

  @Test
  void a_list_without_the_own_job_proves_nothing() throws IOException {
    listed("");

    assertThat(kind(view(task("9", "4", 0, HERE)))).isEqualTo("Unknown");
    assertThat(calls()).noneMatch(call -> !call.contains("--user"));
  }

  @Test
  void who_is_in_no_job_still_asks_for_the_missing_one_by_name() throws IOException {
    listed("");

    assertThat(kind(scheduler(null).view(owner("ann", task("9", "4", 0, HERE))))).isEqualTo("Gone");
  }

  @Test
  void a_question_that_fails_is_no_evidence() throws IOException {
    FakeProgram.put(folder, "squeue", "exit 1");

    assertThat(kind(view(task("9", "4", 0, HERE)))).isEqualTo("Unknown");
  }

  @Test
  void a_missing_job_is_not_gone_while_the_question_by_name_fails() throws IOException {
    FakeProgram.put(
        folder,
        "squeue",
        "case \"$*\" in *--user*) ;; *) exit 1;; esac; cat '%s/list'".formatted(folder));

    assertThat(kind(view(task("9", "4", 0, HERE)))).isEqualTo("Unknown");
  }

  @Test
  void another_slurms_another_users_and_an_old_records_job_prove_nothing() {
    assertThat(kind(view(task("9", "4", 0, "sweeptest@ctl2:6817")))).isEqualTo("Unknown");
    assertThat(kind(view(task("9", "4", 0, "")))).isEqualTo("Unknown");
    assertThat(kind(scheduler(OWN).view(owner("bob", task("9", "4", 0, HERE)))))
        .isEqualTo("Unknown");
    assertThat(kind(scheduler(OWN).view(owner("ann", null)))).isEqualTo("Unknown");
  }

  @Test
  void an_earlier_life_of_the_own_task_is_gone_without_a_question() throws IOException {
    SlurmTask later = task("11", "1", 1, HERE);

    View view = scheduler(later).view(owner("ann", OWN));

    assertThat(kind(view)).isEqualTo("Gone");
    assertThat(calls()).isEmpty();
  }

  @Test
  void an_answer_serves_all_processes_of_a_host_until_it_is_old() throws IOException {
    view(OWN);
    view(OWN);
    int asked = calls().size();
    assertThat(asked).isEqualTo(1);

    clock.advance(Duration.ofSeconds(31));
    view(OWN);

    assertThat(calls()).hasSize(2);
  }

  private View view(SlurmTask task) {
    return scheduler(OWN).view(owner("ann", task));
  }

  private SlurmScheduler scheduler(@Nullable SlurmTask own) {
    Slurm.Options options =
        new Slurm.Options("", "ann", "", Duration.ofSeconds(20), Duration.ofSeconds(30));
    Queue queue =
        new Queue(
            new SlurmCommands(folder.toString()),
            new SharedAnswer(
                new LocalFiles(), folder.resolve("shared"), new Layout(folder), clock, options),
            new JobsInQuestion(() -> own, List::of, "ann", clock),
            clock,
            Runnable::run,
            options);
    return new SlurmScheduler(queue, "ann", own);
  }

  /** What squeue says when it is asked for all jobs. */
  private void listed(String lines) throws IOException {
    Files.writeString(folder.resolve("list"), Recorded.heading() + lines);
  }

  /** What squeue says when it is asked for one job. */
  private void named(String lines) throws IOException {
    Files.writeString(folder.resolve("one"), Recorded.heading() + lines);
    FakeProgram.put(
        folder,
        "squeue",
        """
        cd '%s'
        echo "$@" >> calls
        case "$*" in *--user*) cat list;; *) cat one;; esac
        """
            .formatted(folder));
  }

  private List<String> calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private static String kind(View view) {
    return view.getClass().getSimpleName();
  }

  private static SlurmTask task(String array, String index, int restarts, String controller) {
    return new SlurmTask("1" + array, array, index, restarts, "n1", controller);
  }

  private static Owner owner(String user, @Nullable SlurmTask task) {
    return new Owner("i", "w", "a", "host", "m", "b", 1, "1", "1", user, "cpu", task);
  }
}
