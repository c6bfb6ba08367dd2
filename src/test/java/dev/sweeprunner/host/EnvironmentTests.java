package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTests {
  @ParameterizedTest
  @CsvSource({
    "~/x y/z, /home/me/x y/z",
    "~, /home/me",
    "./~/x, ./~/x",
    "~me/x, ~me/x",
    "a/~/b, a/~/b",
    "/a, /a",
    "'', ''"
  })
  void a_path_may_start_at_the_home(String given, String expected) {
    Environment environment = new Environment(Map.of("HOME", "/home/me"), Map.of());

    assertThat(environment.path(given)).isEqualTo(Path.of(expected));
  }
}
