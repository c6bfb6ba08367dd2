package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.UnreadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyWarningTests {
  private static final Duration MARGIN = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<String> news = new ArrayList<>();
  private Slurm slurm;
  private EarlyWarning warning;

  @BeforeEach
  void aJob() throws IOException {
    FakeProgram.put(
        folder,
        "scontrol",
        """
        echo "$*" >>'%1$s/asked'
        case "$*" in
          'show config') cat %2$s ;;
          *) cat '%1$s/job' ;;
        esac
        """
            .formatted(folder, Recorded.file(folder, "config.txt")));
    FakeProgram.put(folder, "squeue", "cat '%s/list'".formatted(folder));
    slurm =
        new Slurm(
            new Slurm.Options(
                folder.toString(), "ann", "", Duration.ofSeconds(20), Duration.ofSeconds(30)),
            new LocalFiles(),
            new Slurm.Places(folder.resolve("shared"), new Layout(folder), new UnreadReport()),
            clock,
            Runnable::run,
            new SlurmTask("12", "11", "1", 0, "n1"));
    warning = new EarlyWarning(slurm, clock, news::add);
  }

  @Test
  void one_that_comes_early_lets_the_worker_go_on_to_its_own_end() throws IOException {
    TimeBudget budget = left("1:27");
    shown("RunTime=00:00:33 TimeLimit=00:02:00 PreemptTime=None");

    assertThat(warning.leaves("SIGUSR1")).isFalse();

    assertThat(budget.spare()).contains(Duration.ofSeconds(67));
    assertThat(news)
        .containsExactly(
            "SIGUSR1 warns of the job's time limit: 87 s are left, and this worker goes on for 67 s"
                + " of them. Another such signal makes it leave at once.");
  }

  @Test
  void one_without_time_for_a_checkpoint_means_to_leave() throws IOException {
    left("0:20");

    assertThat(warning.leaves("SIGUSR1")).isTrue();
    assertThat(news).isEmpty();
  }

  @Test
  void one_far_from_the_end_is_a_persons_and_nothing_is_asked() throws IOException {
    left("3:00:00");
    Files.deleteIfExists(folder.resolve("asked"));

    assertThat(warning.leaves("SIGUSR1")).isTrue();
    assertThat(folder.resolve("asked")).doesNotExist();
  }

  @Test
  void a_preempted_job_leaves_while_it_may() throws IOException {
    left("1:27");
    shown("RunTime=00:00:33 TimeLimit=00:02:00 PreemptTime=2026-11-27T11:26:43");

    assertThat(warning.leaves("SIGUSR1")).isTrue();
  }

  @Test
  void slurms_word_of_now_is_better_than_its_last_answer() throws IOException {
    TimeBudget budget = left("4:00");
    shown("RunTime=00:01:42 TimeLimit=00:02:00 PreemptTime=None");

    assertThat(warning.leaves("SIGUSR1")).as("the limit was shortened").isTrue();
    assertThat(budget.left()).contains(Duration.ofSeconds(18));
    clock.advance(Duration.ofMinutes(10));
    assertThat(budget.left()).as("a newer answer").contains(Duration.ofMinutes(4));
  }

  @Test
  void without_an_answer_now_the_last_one_stands() throws IOException {
    left("1:27");
    FakeProgram.put(folder, "scontrol", "exit 1");

    assertThat(warning.leaves("SIGUSR1")).isFalse();
  }

  @Test
  void where_no_end_is_known_it_means_to_leave() throws IOException {
    left("UNLIMITED");
    shown("RunTime=00:00:33 TimeLimit=UNLIMITED PreemptTime=None");

    assertThat(warning.leaves("SIGUSR1")).isTrue();
  }

  @Test
  void the_same_signal_twice_at_once_is_one_and_later_is_meant() throws IOException {
    left("4:00");
    shown("RunTime=00:01:00 TimeLimit=00:05:00 PreemptTime=None");

    assertThat(warning.leaves("SIGUSR1")).isFalse();
    clock.advance(Duration.ofSeconds(4));
    assertThat(warning.leaves("SIGUSR1")).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(warning.leaves("SIGUSR1")).isTrue();
    assertThat(news).hasSize(1);
  }

  private void shown(String job) throws IOException {
    Files.writeString(folder.resolve("job"), "JobId=12 JobState=RUNNING " + job + "\n");
  }

  /** What is left of the job, as the queue's answer had it. */
  private TimeBudget left(String left) throws IOException {
    Files.writeString(
        folder.resolve("list"),
        Recorded.heading() + Recorded.line("11", "1", "12", "RUNNING", 0, left, "0:33", "None"));
    slurm.verified();
    SlurmAllocation allocation = (SlurmAllocation) slurm.allocation(onTerm -> {});
    TimeBudget budget = new TimeBudget(allocation, MARGIN, why -> {});
    warning.over(allocation, budget);
    return budget;
  }
}
