package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program that says nothing. */
class SilenceTests {
  private static final Duration SILENCE = Duration.ofMinutes(10);
  private final List<String> notes = new ArrayList<>();

  private Silence silence(Duration hang) {
    return new Silence(Rules.of(SILENCE, hang), notes::add);
  }

  @Test
  void it_is_told_once_with_the_last_line() {
    Silence silence = silence(Duration.ZERO);

    silence.tooLong(SILENCE.minusSeconds(1), List.of("step 1", "step 2"));
    assertThat(notes).isEmpty();
    silence.tooLong(SILENCE, List.of("step 1", "step 2"));
    silence.tooLong(SILENCE.plusSeconds(9), List.of("step 1", "step 2"));

    assertThat(notes).containsExactly("it has printed nothing for 600 s, the last: step 2");
  }

  @Test
  void it_is_told_again_after_it_has_spoken() {
    Silence silence = silence(Duration.ZERO);
    silence.tooLong(SILENCE, List.of());

    silence.tooLong(Duration.ZERO, List.of());
    silence.tooLong(SILENCE, List.of());

    assertThat(notes)
        .containsExactly("it has printed nothing for 600 s", "it has printed nothing for 600 s");
  }

  @Test
  void it_is_never_too_long_where_the_user_allows_it_for_ever() {
    assertThat(silence(Duration.ZERO).tooLong(Duration.ofDays(99), List.of())).isFalse();
  }

  @Test
  void it_is_too_long_after_what_the_user_allows() {
    Silence silence = silence(Duration.ofMinutes(3));

    assertThat(silence.tooLong(Duration.ofSeconds(179), List.of())).isFalse();
    assertThat(silence.tooLong(Duration.ofSeconds(180), List.of())).isTrue();
    assertThat(notes).isEmpty();
  }
}
