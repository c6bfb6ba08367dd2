package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FellowsTests {
  private final Fellows fellows = new Fellows();

  @Test
  void a_point_that_ends_in_a_fraction_of_its_fellows_time_is_named() {
    for (int seconds : new int[] {100, 120, 90}) {
      assertThat(fellows.ended("p", Duration.ofSeconds(seconds))).isEmpty();
    }

    assertThat(fellows.ended("q", Duration.ofSeconds(10))).isEmpty();
    assertThat(fellows.ended("r", Duration.ofMillis(9_500)))
        .contains(
            "Point r finished in 9.5 s, its fellows in 100.0 s: it may have gone on from another"
                + " point's checkpoint");
  }

  @Test
  void two_fellows_are_too_few() {
    fellows.ended("a", Duration.ofSeconds(100));
    fellows.ended("b", Duration.ofSeconds(100));

    assertThat(fellows.ended("c", Duration.ofSeconds(1))).isEmpty();
  }
}
