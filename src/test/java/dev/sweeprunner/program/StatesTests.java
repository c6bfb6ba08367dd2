package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.state.Mode;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.Row;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How far a program has come, and what can be published of it. */
class StatesTests {
  private static final Path FOLDER = Path.of("/storage/run/work");
  private static final Instant CHANGED = Instant.parse("2026-01-01T00:00:00Z");

  private final List<String> notes = new ArrayList<>();

  private States states(Mode mode, long base) {
    return new States(mode, FOLDER, base, notes::add);
  }

  private static Optional<Found> found(String name, OptionalLong iter) {
    return Optional.of(new Found(FOLDER.resolve(name), iter, "pattern", 42, CHANGED));
  }

  private static Optional<Found> found(long iter) {
    return found("ckpt-" + iter + ".pt", OptionalLong.of(iter));
  }

  @Test
  void it_begins_where_the_run_goes_on_from_with_nothing_to_publish() {
    States states = states(Mode.SHARED, 7);

    assertThat(states.iter()).isEqualTo(7);
    assertThat(states.savable()).isEqualTo(7);
    assertThat(states.pending()).isFalse();
    assertThat(states.take(Optional.empty())).isFalse();
  }

  @Test
  void steps_only_grow() {
    States states = states(Mode.SHARED, 7);

    states.come(9);
    states.come(3);

    assertThat(states.iter()).isEqualTo(9);
    assertThat(states.savable()).isEqualTo(7);
  }

  @Test
  void a_checkpoint_is_pending_until_it_is_given() {
    States states = states(Mode.SHARED, 0);
    states.come(12);

    assertThat(states.take(found(10))).isTrue();
    assertThat(states.pending()).isTrue();
    ProgramState given = states.snapshot(null);

    assertThat(states.pending()).isFalse();
    assertThat(states.iter()).isEqualTo(12);
    assertThat(given.iter()).isEqualTo(10);
    assertThat(given.exit()).isNull();
    assertThat(given.mode()).isEqualTo(Mode.SHARED);
    assertThat(given.folder()).isEqualTo(FOLDER);
    assertThat(given.seen()).isEqualTo(new ProgramState.Seen("pattern", "ckpt-10.pt", 42, CHANGED));
  }

  @Test
  void a_checkpoint_ahead_of_what_was_told_brings_the_step_with_it() {
    States states = states(Mode.SHARED, 0);
    states.come(5);

    states.take(found(10));

    assertThat(states.iter()).isEqualTo(10);
  }

  @Test
  void a_checkpoint_that_is_no_further_means_that_it_began_anew() {
    States states = states(Mode.SHARED, 100);

    assertThat(states.take(found(10))).isFalse();
    assertThat(states.take(found(100))).isFalse();

    assertThat(states.pending()).isFalse();
    assertThat(states.savable()).isEqualTo(100);
    assertThat(notes)
        .hasSize(2)
        .first()
        .asString()
        .isEqualTo(
            "it made a checkpoint of step 10, but step 100 is published already: it seems to have"
                + " begun anew");
  }

  @Test
  void a_checkpoint_that_tells_no_step_has_the_newest_one() {
    States states = states(Mode.SHARED, 0);
    states.come(50);

    states.take(found("last.pt", OptionalLong.empty()));

    assertThat(states.savable()).isEqualTo(50);
  }

  @Test
  void checkpoints_of_which_nothing_tells_a_step_are_counted() {
    States states = states(Mode.SHARED, 3);

    assertThat(states.take(found("a.pt", OptionalLong.empty()))).isTrue();
    assertThat(states.savable()).isEqualTo(4);
    assertThat(states.take(found("b.pt", OptionalLong.empty()))).isTrue();
    assertThat(states.savable()).isEqualTo(5);
    assertThat(states.iter()).isEqualTo(5);
    assertThat(notes).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SHARED, 0, 0, 1",
    "SHARED, 4, 7, 7",
    "SHARED, 7, 7, 7",
    "COPY, 0, 0, 1",
    "COPY, 4, 7, 7",
    "COPY, 7, 7, 7"
  })
  void once_complete_its_end_can_be_published(Mode mode, long saved, long step, long end) {
    States states = states(mode, 0);
    if (saved > 0) {
      states.take(found(saved));
      states.snapshot(null);
    }
    states.come(step);

    states.complete(null, OptionalLong.empty());

    assertThat(states.savable()).isEqualTo(end);
    assertThat(states.iter()).isEqualTo(end);
    assertThat(states.snapshot(null).exit()).isZero();
    assertThat(states.snapshot(null).iter()).isEqualTo(end);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void without_any_checkpoint_the_end_has_seen_none(Mode mode) {
    States states = states(mode, 0);
    states.come(6);

    states.complete(null, OptionalLong.empty());

    assertThat(states.snapshot(null).seen()).isEqualTo(ProgramState.Seen.NOTHING);
    assertThat(states.snapshot(null).iter()).isEqualTo(6);
  }

  @Test
  void a_checkpoint_elsewhere_is_named_in_full() {
    States states = states(Mode.SHARED, 0);
    Path elsewhere = Path.of("/home/ann/last.ckpt");

    states.take(Optional.of(new Found(elsewhere, OptionalLong.of(1), "lightning", 1, CHANGED)));

    assertThat(states.snapshot(null).seen().path()).isEqualTo(elsewhere.toString());
  }

  @Test
  void the_row_of_its_step_goes_with_it() {
    States states = states(Mode.SHARED, 0);
    Row row = new Row(1, Map.of("loss", 1.0), Map.of());
    states.take(found(1));

    assertThat(states.snapshot(row).row()).isEqualTo(row);
  }
}
