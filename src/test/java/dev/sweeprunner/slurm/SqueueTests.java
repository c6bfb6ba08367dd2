package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

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
                "sweep"));
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

    Answer answer = new Squeue(new SlurmCommands(folder.toString())).ofUser("ann", LONG);

    assertThat(rows(answer)).hasSize(10);
    assertThat(Files.readString(folder.resolve("args"))).contains("--user=ann", "--array");
    assertThat(Files.readAllLines(folder.resolve("env")))
        .contains("LC_ALL=C")
        .noneMatch(line -> line.matches("(SQUEUE|SLURM)_.*") && !line.startsWith("SLURM_CONF="));
  }

  @Test
  void it_names_a_job_twice_so_that_an_unknown_one_is_no_error() throws Exception {
    FakeProgram.put(folder, "squeue", "echo \"$@\" > '%s/args'; exit 1".formatted(folder));

    Answer answer = new Squeue(new SlurmCommands(folder.toString())).ofJob("9_1", LONG);

    assertThat(answer).isInstanceOf(Answer.Unknown.class);
    assertThat(Files.readString(folder.resolve("args"))).contains("--jobs=9_1,9_1");
  }

  @Test
  void a_failure_a_hang_and_a_missing_program_are_no_answer() throws Exception {
    Squeue squeue = new Squeue(new SlurmCommands(folder.toString()));
    assertThat(squeue.ofUser("ann", LONG)).isInstanceOf(Answer.Unknown.class);

    FakeProgram.put(folder, "squeue", "echo 'Unable to contact slurm controller' >&2; exit 1");
    assertThat(squeue.ofUser("ann", LONG))
        .isEqualTo(new Answer.Unknown("squeue failed: Unable to contact slurm controller"));

    FakeProgram.put(folder, "squeue", "sleep 600");
    assertThat(squeue.ofUser("ann", Duration.ofMillis(300)))
        .isEqualTo(new Answer.Unknown("squeue gave no answer within 0.3 s"));
  }

  private static List<JobRow> rows(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Jobs.class);
    return ((Answer.Jobs) answer).rows();
  }
}
