package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlurmTimeTests {
  @ParameterizedTest
  @CsvSource({
    "0:00, 0",
    "10:00, 600",
    "3:12:05, 11525",
    "1-02:03:04, 93784",
    "00:01:00, 60",
    "0:59, 59"
  })
  void a_length_of_time_is_read(String text, long seconds) {
    assertThat(SlurmTime.parse(text)).hasSeconds(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNLIMITED", "NOT_SET", "INVALID", "N/A", "", "12", "1-2", "a:b"})
  void anything_else_is_no_time(String text) {
    assertThat(SlurmTime.parse(text)).isNull();
  }
}
