package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GuardScriptTests {
  private static final Path SCRIPT =
      Path.of("src/main/resources/dev/sweeprunner/program/guard/guard.bash");

  @Test
  void shellcheck_finds_nothing() throws Exception {
    var builder = new ProcessBuilder("shellcheck", SCRIPT.toString()).redirectErrorStream(true);
    Process check;
    try {
      check = builder.start();
    } catch (IOException none) {
      abort("NO shellcheck on the PATH");
      return;
    }

    assertThat(new String(check.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(check.waitFor()).isZero();
  }

  @Test
  void every_variable_has_a_name_that_no_user_has() throws IOException {
    var set =
        Pattern.compile(
            "(?:^|;|&&|local|local -a) *([a-z]\\w*)(?:\\[[^]]*])?\\+?=", Pattern.MULTILINE);

    assertThat(set.matcher(Files.readString(SCRIPT)).results().map(found -> found.group(1)))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("guard_"));
  }
}
