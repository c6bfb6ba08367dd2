package dev.sweeprunner.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTests {
  @Test
  void a_line_is_split_as_a_posix_shell_does() {
    assertThat(Words.of("  status \t--sweep  a.yaml "))
        .containsExactly("status", "--sweep", "a.yaml");
    assertThat(Words.of("sweep 'a b.yaml' \"c d\"'e'f\\ g"))
        .containsExactly("sweep", "a b.yaml", "c def g");
    assertThat(Words.of("a '' \"\"")).containsExactly("a", "", "");
    assertThat(Words.of("'it\\n' \"\\\"q\\\" \\n\" it\\'s"))
        .containsExactly("it\\n", "\"q\" \\n", "it's");
  }

  @Test
  void a_comment_begins_with_a_word() {
    assertThat(Words.of("# all of it")).isEmpty();
    assertThat(Words.of("status # why")).containsExactly("status");
    assertThat(Words.of("a#b '#c' \\#d")).containsExactly("a#b", "#c", "#d");
  }

  @Test
  void what_else_a_shell_would_obey_are_words() {
    assertThat(Words.of("status | grep $X > *.txt; rm &"))
        .isEqualTo(List.of("status", "|", "grep", "$X", ">", "*.txt;", "rm", "&"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"status \"", "'", "a 'b \"", "\"a\\\"", "status \\"})
  void what_is_not_ended_is_refused(String line) {
    assertThatThrownBy(() -> Words.of(line))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(line + ": ")
        .hasMessageContaining("no other half on this line");
  }
}
