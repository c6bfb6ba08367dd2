package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.RequeuePolicy;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.ToldWorkers;
import dev.sweeprunner.testkit.UnreadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnTaskTests {
  private static final SlurmTask TASK = new SlurmTask("12", "11", "1", 0, "n1");
  private static final Owner SELF =
      new Owner("i", "w", "c", "h", "m", "b", 4, "5", "6", "u", "cpu", TASK);

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<Predicate<String>> warnings = new ArrayList<>();
  private final List<String> stops = new ArrayList<>();
  private @Nullable String reason;

  @BeforeEach
  void aSlurm() throws IOException {
    FakeProgram.put(
        folder,
        "scontrol",
        """
        case "$*" in
          'show config') cat %2$s ;;
          requeue*) echo "$*" >>'%1$s/requeues' ;;
          *) echo 'JobId=12 JobState=RUNNING Restarts=0 RunTime=00:05:00 TimeLimit=01:05:00' ;;
        esac
        """
            .formatted(folder, Recorded.file(folder, "config.txt")));
    FakeProgram.put(folder, "squeue", "cat '%s/list'".formatted(folder));
    Files.writeString(
        folder.resolve("list"),
        Recorded.heading()
            + Recorded.line("11", "1", "12", "RUNNING", 0, "1:00:00", "5:00", "None"));
  }

  @ParameterizedTest
  @CsvSource({
    "SIGUSR1, LIMIT, true",
    "SIGUSR1, ALWAYS, true",
    "SIGUSR1, PREEMPT, false",
    "SIGUSR1, NEVER, false",
    "its job's time limit, LIMIT, true",
    "SIGTERM, ALWAYS, false",
    "SIGINT, ALWAYS, false",
    "SIGHUP, ALWAYS, false"
  })
  void who_leaves_work_undone_brings_its_task_back(String why, RequeuePolicy policy, boolean back) {
    OwnTask task = ownTask(TASK, policy);
    task.budget(Duration.ZERO);
    reason = why;

    Optional<String> said = task.leave(SELF);

    assertThat(folder.resolve("requeues").toFile().exists()).isEqualTo(back);
    assertThat(said.orElse("").contains("it comes back")).isEqualTo(back);
  }

  @Test
  void a_warning_far_from_the_end_means_to_leave() {
    OwnTask task = ownTask(TASK, RequeuePolicy.LIMIT);
    task.budget(Duration.ZERO);

    assertThat(warnings).singleElement().matches(stops -> stops.test("SIGUSR1"));
  }

  @Test
  void outside_a_job_every_signal_is_as_it_was_and_no_time_is_watched() {
    OwnTask task = ownTask(null, RequeuePolicy.LIMIT);
    reason = "SIGUSR1";

    assertThat(task.budget(Duration.ZERO).left()).isEmpty();
    assertThat(warnings).isEmpty();
    assertThat(task.leave(SELF)).isEmpty();
    assertThat(stops).isEmpty();
  }

  /** The thread that watches the time ends with the tests. */
  private static void rest(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private OwnTask ownTask(@Nullable SlurmTask told, RequeuePolicy policy) {
    Slurm slurm =
        new Slurm(
            new Slurm.Options(
                folder.toString(), "ann", "", Duration.ofSeconds(20), Duration.ofSeconds(30)),
            new LocalFiles(),
            new Slurm.Places(folder.resolve("shared"), new Layout(folder), new UnreadReport()),
            clock,
            Runnable::run,
            told);
    OwnTask.Options options =
        new OwnTask.Options(
            () -> Optional.ofNullable(reason),
            stops::add,
            onTerm -> {},
            warnings::add,
            Duration.ofSeconds(20),
            policy,
            OwnTaskTests::rest,
            clock::advance,
            news -> {});
    return slurm.ownTask(options, owner -> Processes.Verdict.GONE, new ToldWorkers());
  }
}
