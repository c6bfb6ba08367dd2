package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the earlier Python runner left: read, judged, never touched. */
class EarlierRunnerTests {
  @TempDir Path root;

  private Workers workers;
  private DirectoryClaims claims;
  private Path checkpoints;

  @BeforeEach
  void a_root() {
    workers = new Workers(root);
    claims = workers.start("a");
    checkpoints = workers.layout.earlierCheckpoints(RUN);
  }

  @Test
  void nothing_there_is_nothing() throws IOException {
    assertThat(traces()).isEqualTo(EarlierTraces.NONE);

    Files.createDirectories(checkpoints);
    assertThat(traces()).isEqualTo(EarlierTraces.NONE);
  }

  @Test
  void latest_with_all_iterations_is_finished() throws IOException {
    state("step-1000", "{\"iter_num\": 1000, \"best_val_loss\": NaN}");
    Files.createSymbolicLink(checkpoints.resolve("latest"), Path.of("step-1000"));

    EarlierTraces traces = traces();

    assertThat(traces.kind()).isEqualTo(EarlierTraces.Kind.FINISHED);
    assertThat(traces.iter()).isEqualTo(1000);
    assertThat(traces.detail()).contains("trainer_state.json").contains("1000");
  }

  @Test
  void without_latest_the_highest_readable_step_says_it() throws IOException {
    state("step-900", "{\"iter_num\": 900}");
    state("step-1000", "{\"iter_num\": 1000.0}");
    state("step-1100", "{\"iter_nu");

    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.FINISHED);
  }

  @Test
  void a_latest_that_lies_behind_does_not_hide_a_finished_step() throws IOException {
    state("_rolling", "{\"iter_num\": 700}");
    state("step-1000", "{\"iter_num\": 1000}");
    Files.createSymbolicLink(checkpoints.resolve("latest"), Path.of("_rolling"));

    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.FINISHED);
  }

  @Test
  void fewer_iterations_are_partial() throws IOException {
    state("step-900", "{\"iter_num\": 900}");

    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.PARTIAL);
    assertThat(traces().iter()).isEqualTo(900);
  }

  @Test
  void a_step_without_a_state_is_partial_whatever_its_name_says() throws IOException {
    Files.createDirectories(checkpoints.resolve("step-1000"));

    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.PARTIAL);
    assertThat(traces().iter()).isEqualTo(-1);
  }

  @Test
  void checkpoints_that_cannot_be_read_count_as_there() throws IOException {
    Files.createDirectories(checkpoints.getParent());
    Files.writeString(checkpoints, "not a folder");

    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.PARTIAL);
  }

  @Test
  void a_folder_that_may_not_be_read_is_unknown() throws IOException {
    state("step-1000", "{\"iter_num\": 1000}");
    refuse("list", "checkpoints");

    assertThat(traces())
        .isEqualTo(
            new EarlierTraces(
                EarlierTraces.Kind.UNREADABLE,
                checkpoints + " cannot be read: permission denied",
                -1));
  }

  @Test
  void a_state_that_may_not_be_read_is_unknown_unless_another_says_finished() throws IOException {
    state("step-1000", "{\"iter_num\": 1000}");
    state("step-900", "{\"iter_num\": 900}");
    refuse("read", "trainer_state.json");
    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.UNREADABLE);

    claims = workers.start("c");
    Files.createSymbolicLink(checkpoints.resolve("latest"), Path.of("latest"));

    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.FINISHED);
  }

  @Test
  void without_a_goal_nobody_can_say_whether_a_checkpoint_is_the_last() throws IOException {
    state("step-900", "{\"iter_nu");
    assertThat(claims.earlier(RUN, null).kind()).isEqualTo(EarlierTraces.Kind.PARTIAL);

    state("step-1000", "{\"iter_num\": 1000}");

    assertThat(claims.earlier(RUN, null).kind()).isEqualTo(EarlierTraces.Kind.UNDECIDED);
    assertThat(claims.earlier(RUN, null).iter()).isEqualTo(1000);
  }

  private void refuse(String call, String name) {
    FaultyFiles faulty = new FaultyFiles(workers.files);
    faulty.refuse(call, name::equals, () -> new AccessDeniedException("x"), 99);
    claims = workers.start("b", faulty, workers.clock, Workers.SETTINGS);
  }

  @Test
  void a_lock_outranks_a_partial_checkpoint_and_a_finished_run_outranks_both() throws IOException {
    state("step-900", "{\"iter_num\": 900}");
    Files.createDirectories(workers.layout.lock(RUN));
    Files.writeString(workers.layout.lock(RUN).resolve("lock_meta.json"), "{}");

    EarlierTraces locked = traces();
    state("step-1000", "{\"iter_num\": 1000}");

    assertThat(locked.kind()).isEqualTo(EarlierTraces.Kind.LOCKED);
    assertThat(locked.detail()).contains("lock_meta.json");
    assertThat(locked.iter()).isEqualTo(900);
    assertThat(traces().kind()).isEqualTo(EarlierTraces.Kind.FINISHED);
  }

  @Test
  void our_own_log_is_no_earlier_trace() {
    Workers.claim(claims);

    assertThat(traces()).isEqualTo(EarlierTraces.NONE);
  }

  private EarlierTraces traces() {
    return claims.earlier(RUN, new Goal(1000, 10, ""));
  }

  private void state(String folder, String json) throws IOException {
    Files.createDirectories(checkpoints.resolve(folder));
    Files.writeString(checkpoints.resolve(folder).resolve("trainer_state.json"), json);
  }
}
