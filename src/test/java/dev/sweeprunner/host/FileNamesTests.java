package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileNamesTests {
  private static final Map<String, String> CARRIED_OVER = Map.of("LANG", "de_DE.UTF-8");

  @Test
  void a_working_directory_that_java_cannot_name_is_told_with_the_way_out() {
    FileNames names = names("/home/m\uFFFD\uFFFDller");

    assertThatThrownBy(names::check)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/home/m??ller")
        .hasMessageContaining("de_DE.UTF-8")
        .hasMessageContaining("ANSI_X3.4-1968")
        .hasMessageContaining("LC_ALL=C.UTF-8");
  }

  @Test
  void plain_names_need_no_locale() {
    names("/home/me").check();
  }

  @Test
  void the_locale_that_counts_is_named() {
    Map<String, String> variables = Map.of("LANG", "C.UTF-8", "LC_ALL", "fr_FR");

    UserError error = new FileNames(new Environment(variables, Map.of())).cannot("\uFFFD.yaml");

    assertThat(error).hasMessageContaining("?.yaml").hasMessageContaining("fr_FR");
  }

  private static FileNames names(String folder) {
    return new FileNames(
        new Environment(
            CARRIED_OVER, Map.of("user.dir", folder, "sun.jnu.encoding", "ANSI_X3.4-1968")));
  }
}
