package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.slurm.Squeue.Answer;
import dev.sweeprunner.testkit.FakeProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqueueTests {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void a_recorded_answer_is_read() {
    List<JobRow> rows = rows(Squeue.read(Recorded.text("squeue.txt")));

    assertThat(rows).hasSize(10);
    JobRow waiting = rows.get(4);
    assertThat(waiting.id()).isEqualTo("8037002_3");
    assertThat(waiting.state()).isEqualTo("PENDING");
    assertThat(waiting.reason()).startsWith("Nodes required for job are DOWN, DRAINED");
    JobRow again = rows.get(5);
    assertThat(again)
        .isEqualTo(
            new JobRow(
                "8037000",
                "0",
                "8037001",
                "RUNNING",
                1,
                Duration.ofSeconds(17 * 60 + 39),
                Duration.ofSeconds(141),
                "",
                "low",
                "sweep",
                ""));
    assertThat(rows.get(8).id()).isEqualTo("8037004");
    assertThat(rows.get(8).arrayTask()).isNull();
  }

  @Test
  void a_heading_alone_says_that_there_are_no_jobs() {
    assertThat(rows(Squeue.read(Recorded.heading()))).isEmpty();
  }

  @Test
  void an_answer_that_is_cut_anywhere_but_between_lines_is_none() {
    String whole = Recorded.text("squeue.txt");
    for (int length = 0; length < whole.length(); length += 7) {
      String cut = whole.substring(0, length);
      if (!cut.endsWith("\n")) {
        assertThat(Squeue.read(cut)).as("%d characters", length).isInstanceOf(Answer.Unknown.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "slurm_load_jobs error\n", "ARRAY_JOB_ID\n7\n", "ARRAY_JOB_ID\n\n"})
  void anything_else_is_none(String text) {
    assertThat(Squeue.read(text)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void a_limit_may_be_missing_and_may_be_over() {
    String text =
        Recorded.heading()
            + Recorded.line("7", "0", "8", "RUNNING", 0, "UNLIMITED", "1-02:03:04", "None")
            + Recorded.line("7", "1", "7", "COMPLETING", 0, "INVALID", "1:04", "TimeLimit");

    List<JobRow> rows = rows(Squeue.read(text));

    assertThat(rows.get(0).left()).isNull();
    assertThat(rows.get(0).used()).isEqualTo(Duration.ofSeconds(93_784));
    assertThat(rows.get(1).left()).isZero();
  }

  @Test
  void it_asks_for_one_users_jobs_without_the_users_habits() throws Exception {
    FakeProgram.put(
        folder,
        "squeue",
        "env > '%s/env'; echo \"$@\" > '%s/args'; cat %s"
            .formatted(folder, folder, Recorded.file(folder, "squeue.txt")));

    Answer answer =
        new Squeue(new SlurmCommands(folder.toString())).ofJobs("ann", List.of("9", "12"), LONG);

    assertThat(rows(answer)).hasSize(10);
    assertThat(Files.readString(folder.resolve("args")))
        .contains("--user=ann", "--array", "--jobs=9,12 ");
    assertThat(Files.readAllLines(folder.resolve("env")))
        .contains("LC_ALL=C")
        .noneMatch(line -> line.matches("(SQUEUE|SLURM)_.*") && !line.startsWith("SLURM_CONF="));
  }

  /** Of two ids, even the same one twice, the controller sends all jobs there are. */
  @Test
  void a_job_is_asked_for_by_its_name_alone_and_one_that_is_unknown_is_no_error() throws Exception {
    Squeue squeue = new Squeue(new SlurmCommands(folder.toString()));
    FakeProgram.put(folder, "squeue", "echo \"$@\" > '%s/args'; exit 1".formatted(folder));

    assertThat(squeue.ofJob("9_1", LONG)).isInstanceOf(Answer.Unknown.class);
    assertThat(Files.readString(folder.resolve("args"))).contains("--jobs=9_1 ");

    FakeProgram.put(
        folder, "squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
    assertThat(rows(squeue.ofJob("9_1", LONG))).isEmpty();
    assertThat(rows(Squeue.read(((Answer.Jobs) squeue.ofJob("9_1", LONG)).text()))).isEmpty();
  }

  @Test
  void never_is_it_asked_for_no_job_at_all() {
    Squeue squeue = new Squeue(new SlurmCommands(folder.toString()));

    assertThatThrownBy(() -> squeue.ofJobs("ann", List.of(), LONG))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Up to 22.05 the number of wait(2), later both; a Slurm without the column leaves it out. */
  @Test
  void an_exit_code_is_read_as_each_version_prints_it() {
    String heading = Recorded.tasks("EXIT_CODE", "NAME");
    String text =
        heading
            + Recorded.task("7", "0", "FAILED", "NonZeroExitCode", "768", "a")
            + Recorded.task("7", "1", "FAILED", "NonZeroExitCode", "4:0", "b")
            + Recorded.task("7", "2", "CANCELLED", "None", "15", "c");

    List<JobRow> rows = rows(Squeue.read(text));

    assertThat(rows).extracting(JobRow::exit).containsExactly("3:0", "4:0", "0:15");
    assertThat(rows).extracting(JobRow::name).containsExactly("a", "b", "c");
    String without = Recorded.without(text, 256, 16);
    assertThat(rows(Squeue.read(without))).extracting(JobRow::exit).containsOnly("");
    assertThat(rows(Squeue.read(without))).extracting(JobRow::name).containsExactly("a", "b", "c");
  }

  @Test
  void a_failure_a_hang_and_a_missing_program_are_no_answer() throws Exception {
    Squeue squeue = new Squeue(new SlurmCommands(folder.toString()));
    assertThat(squeue.ofJobs("ann", List.of("9", "12"), LONG)).isInstanceOf(Answer.Unknown.class);

    FakeProgram.put(folder, "squeue", "echo 'Unable to contact slurm controller' >&2; exit 1");
    assertThat(squeue.ofJobs("ann", List.of("9", "12"), LONG))
        .isEqualTo(new Answer.Unknown("squeue failed: Unable to contact slurm controller"));

    FakeProgram.put(folder, "squeue", "sleep 600");
    assertThat(squeue.ofJobs("ann", List.of("9", "12"), Duration.ofMillis(300)))
        .isEqualTo(new Answer.Unknown("squeue gave no answer within 0.3 s"));
  }

  private static List<JobRow> rows(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Jobs.class);
    return ((Answer.Jobs) answer).rows();
  }
}
