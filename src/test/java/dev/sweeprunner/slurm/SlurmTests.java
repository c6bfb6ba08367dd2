package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Allocation;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.UnreadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlurmTests {
  private static final String HERE = "sweeptest@ctl1(10.0.0.1):6817";

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  @BeforeEach
  void aSlurm() throws IOException {
    FakeProgram.put(folder, "scontrol", "cat " + Recorded.file(folder, "config.txt"));
    FakeProgram.put(folder, "squeue", "cat '%s/list'".formatted(folder));
  }

  @Test
  void slurms_word_on_the_own_job_is_better_than_an_inherited_environment() throws IOException {
    listed(Recorded.line("12", "N/A", "12", "RUNNING", 0));
    SlurmTask leaked = new SlurmTask("12", "9", "4", 3, "n1");

    assertThat(slurm(leaked, Runnable::run).verified())
        .contains(new SlurmTask("12", null, null, 0, "n1", HERE));
  }

  @Test
  void where_slurm_does_not_answer_the_environment_stands() throws IOException {
    FakeProgram.put(folder, "squeue", "exit 1");
    SlurmTask told = new SlurmTask("12", "9", "4", 3, "n1");

    assertThat(slurm(told, Runnable::run).verified()).contains(told);
    assertThat(slurm(null, Runnable::run).verified()).isEmpty();
  }

  @Test
  void the_time_left_goes_down_with_the_clock_and_ends_at_zero() throws IOException {
    listed(Recorded.line("11", "1", "12", "RUNNING", 0, "10:00", "5:00", "None"));
    Allocation allocation = allocation(new AtomicReference<>());

    assertThat(allocation.left()).contains(Duration.ofMinutes(10));
    clock.advance(Duration.ofMinutes(4));
    assertThat(allocation.left()).contains(Duration.ofMinutes(6));
    Files.delete(folder.resolve("list"));
    clock.advance(Duration.ofMinutes(4));
    assertThat(allocation.left()).as("asked anew, in vain").contains(Duration.ofMinutes(2));
    clock.advance(Duration.ofMinutes(4));
    assertThat(allocation.left()).contains(Duration.ZERO);
  }

  @Test
  void a_limit_that_was_extended_is_noticed() throws IOException {
    listed(Recorded.line("11", "1", "12", "RUNNING", 0, "10:00", "5:00", "None"));
    Allocation allocation = allocation(new AtomicReference<>());
    listed(Recorded.line("11", "1", "12", "RUNNING", 0, "2:00:00", "5:00", "None"));

    clock.advance(Duration.ofMinutes(5));

    assertThat(allocation.left()).contains(Duration.ofHours(2));
  }

  @Test
  void after_a_term_the_sites_wait_for_the_kill_is_all_that_is_left() throws IOException {
    listed(Recorded.line("11", "1", "12", "RUNNING", 0, "10:00", "5:00", "None"));
    var term = new AtomicReference<@Nullable Runnable>();
    Allocation allocation = allocation(term);

    Objects.requireNonNull(term.get()).run();
    clock.advance(Duration.ofSeconds(4));
    Objects.requireNonNull(term.get()).run();

    assertThat(allocation.left()).contains(Duration.ofSeconds(11));
    clock.advance(Duration.ofMinutes(1));
    assertThat(allocation.left()).contains(Duration.ZERO);
  }

  @Test
  void without_a_limit_or_a_job_there_is_no_end() throws IOException {
    listed(Recorded.line("11", "1", "12", "RUNNING", 0, "UNLIMITED", "5:00", "None"));

    assertThat(allocation(new AtomicReference<>()).left()).isEmpty();
    assertThat(slurm(null, Runnable::run).allocation(onTerm -> {}).left()).isEmpty();
  }

  @Test
  void whoever_looks_does_not_wait_for_the_answer() throws IOException {
    listed(Recorded.line("11", "1", "12", "RUNNING", 0, "10:00", "5:00", "None"));
    var waiting = new ArrayDeque<Runnable>();
    Slurm slurm = slurm(task(), waiting::add);
    Allocation allocation = slurm.allocation(onTerm -> {});

    assertThat(allocation.left()).isEmpty();
    assertThat(waiting).hasSize(1);
    assertThat(allocation.left()).as("asked once at a time").isEmpty();
    assertThat(waiting).hasSize(1);
    waiting.remove().run();

    assertThat(allocation.left()).contains(Duration.ofMinutes(10));
    assertThat(waiting).isEmpty();
  }

  private Allocation allocation(AtomicReference<@Nullable Runnable> term) {
    Slurm slurm = slurm(task(), Runnable::run);
    slurm.verified();
    return slurm.allocation(term::set);
  }

  private static SlurmTask task() {
    return new SlurmTask("12", "11", "1", 0, "n1");
  }

  private void listed(String lines) throws IOException {
    Files.writeString(folder.resolve("list"), Recorded.heading() + lines);
  }

  private Slurm slurm(@Nullable SlurmTask told, Executor executor) {
    return new Slurm(
        new Slurm.Options(
            folder.toString(), "ann", "", Duration.ofSeconds(20), Duration.ofSeconds(30)),
        new LocalFiles(),
        new Slurm.Places(folder.resolve("shared"), new Layout(folder), new UnreadReport()),
        clock,
        executor,
        told);
  }
}
