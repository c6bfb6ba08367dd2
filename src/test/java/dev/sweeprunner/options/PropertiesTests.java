package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesTests {
  @ParameterizedTest
  @ValueSource(strings = {"9999999999999999999s", "36501d", "-1s", "5", "1 y", "0s"})
  void a_time_that_cannot_be_waited_is_refused_with_its_place(String time) {
    Properties given = given("claim.expiry", time);

    assertThatThrownBy(() -> given.duration("claim.expiry"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--claim.expiry")
        .hasMessageContaining(time);
  }

  @Test
  void a_century_can_be_waited() {
    assertThat(given("claim.expiry", "36500d").duration("claim.expiry"))
        .isEqualTo(Duration.ofDays(36_500));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4294967297", "9999999999999999999", "-1", "two"})
  void a_count_that_no_count_can_hold_is_refused(String count) {
    Properties given = given("threads", count);

    assertThatThrownBy(() -> given.count("threads", 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("sweep-runner.threads is \"" + count + "\"");
  }

  private static Properties given(String name, String value) {
    Properties properties = Properties.packed();
    properties.options(Map.of(name, value));
    return properties;
  }
}
