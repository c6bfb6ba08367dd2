package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.state.Mode;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a run stands at the relay when a claim's program starts in the folder of all claims. */
class BeginningTests {
  private static final RunKey KEY = new RunKey("p", "g", "0a1b2c3d", null);
  private static final TrackedRun RUN = new TrackedRun("{}", "{\"x\":1}", TrackedRun.Names.NONE);

  @TempDir Path root;
  private Layout layout;

  @BeforeEach
  void makeLayout() {
    layout = new Layout(root);
  }

  /** A dead claim has logged steps from one to another, a row per second from some second on. */
  private void logged(int epoch, long from, long to, double second) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (long step = from; step <= to; step++) {
      double at = second + step - from;
      lines.append(
          "{\"_step\":%d,\"_timestamp\":%s,\"_runtime\":%s,\"by\":%d}\n"
              .formatted(step, at, at / 10, epoch));
    }
    Path file = layout.loggedRows(KEY, epoch);
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
  }

  private static Optional<Found> found(double second) {
    return Optional.of(
        new Found(
            Path.of("/run/work/ckpt.pt"),
            OptionalLong.empty(),
            "nanogpt",
            1,
            Instant.ofEpochMilli((long) (second * 1000))));
  }

  private Beginning beginning(
      int epoch, @Nullable ProgramState state, Optional<Found> there, boolean ruled) {
    long from = state == null ? 0 : state.iter();
    return Beginning.of(
        state,
        DeadRows.of(layout, KEY, epoch, from),
        there,
        ruled,
        at -> at.changed().toEpochMilli() / 1000.0);
  }

  private static ProgramState published(long iter) {
    return new ProgramState(
        iter,
        Mode.SHARED,
        ProgramState.Seen.NOTHING,
        null,
        null,
        null,
        new ProgramState.Logged(RUN, 4.5),
        null);
  }

  private static List<Long> steps(Beginning beginning) {
    return beginning.inherited().stream().map(Row::step).toList();
  }

  @Test
  void the_rows_up_to_the_checkpoint_are_inherited_and_no_others() throws IOException {
    logged(1, 0, 9, 100);

    Beginning beginning = beginning(2, null, found(104.5), false);

    assertThat(beginning.base()).isEqualTo(new Relay.Base.At(4, 10.4, TrackedRun.UNSAID));
    assertThat(steps(beginning)).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(beginning.checkpoint()).extracting(Covered::step).isEqualTo(4L);
  }

  @Test
  void of_several_dead_claims_each_went_on_from_the_one_before() throws IOException {
    logged(1, 0, 9, 100);
    logged(3, 5, 7, 200);

    Beginning beginning = beginning(5, null, found(201.5), false);

    assertThat(beginning.base()).isEqualTo(new Relay.Base.At(6, 20.1, TrackedRun.UNSAID));
    assertThat(beginning.inherited())
        .extracting(row -> row.values().get("by"))
        .containsExactly(1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0);
  }

  @Test
  void one_that_made_no_checkpoint_is_dropped_again() throws IOException {
    logged(1, 0, 9, 100);
    logged(3, 5, 7, 200);

    assertThat(steps(beginning(5, null, found(104.5), false))).endsWith(4L).hasSize(5);
  }

  @Test
  void what_is_published_is_not_inherited_again() throws IOException {
    logged(1, 0, 9, 100);

    assertThat(steps(beginning(2, published(3), found(104.5), false))).containsExactly(3L, 4L);
    assertThat(beginning(2, published(5), found(104.5), false).base())
        .isEqualTo(new Relay.Base.At(4, 4.5, RUN));
  }

  @ParameterizedTest
  @CsvSource({"true, Fresh", "false, Unknown"})
  void without_a_checkpoint_only_a_rule_tells_that_there_is_none(boolean ruled, String base)
      throws IOException {
    logged(1, 0, 9, 100);

    assertThat(beginning(2, null, Optional.empty(), ruled).base())
        .extracting(each -> each.getClass().getSimpleName())
        .isEqualTo(base);
  }

  @Test
  void a_checkpoint_before_the_first_row_has_none() throws IOException {
    logged(1, 0, 9, 100);

    assertThat(beginning(2, null, found(99.5), false).base())
        .isEqualTo(new Relay.Base.At(-1, 0, TrackedRun.UNSAID));
  }

  @Test
  void a_published_state_says_it_all_where_nobody_shares_a_folder() {
    assertThat(Beginning.of(null).base()).isEqualTo(new Relay.Base.Fresh());
    assertThat(Beginning.of(published(8)).base()).isEqualTo(new Relay.Base.At(7, 4.5, RUN));
  }

  @Test
  void a_torn_last_line_is_read_over() throws IOException {
    logged(1, 0, 3, 100);
    Path file = layout.loggedRows(KEY, 1);
    Files.writeString(file, Files.readString(file) + "{\"_step\":4,\"_times");

    assertThat(DeadRows.of(layout, KEY, 2, 0).all()).hasSize(4);
    assertThat(DeadRows.any(layout, KEY, 2)).isTrue();
    assertThat(DeadRows.any(layout, KEY, 1)).isFalse();
  }
}
