package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.problem.UserError;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeLineTests {
  private static Invocation parse(String line) {
    return CommandLine.parse(line.split(" ", -1), Set.of());
  }

  @Test
  void the_page_takes_a_place_and_a_token_or_a_file() {
    Invocation served =
        parse("serve --sweep a.yaml --port 80 --address node7 --token-file ~/token");
    Invocation exported = parse("serve --sweep a.yaml --sweep b.yaml --export page.html");

    assertThat(served.command()).isEqualTo(Command.SERVE);
    assertThat(served.text(Option.PORT)).contains("80");
    assertThat(served.text(Option.ADDRESS)).contains("node7");
    assertThat(served.text(Option.TOKEN_FILE)).contains("~/token");
    assertThat(exported.text(Option.EXPORT)).contains("page.html");
    assertThat(exported.sweeps()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--sweep a.yaml --export page.html",
        "--sweep a.yaml --address 0.0.0.0",
        "status --sweep a.yaml --token-file x"
      })
  void nothing_else_takes_them(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("serve");
  }

  @Test
  void the_page_is_about_a_sweep() {
    assertThatThrownBy(() -> parse("serve")).hasMessageContaining("serve --sweep PATH.yaml");
  }

  @Test
  void workers_are_handed_none_of_it() {
    assertThat(parse("serve --sweep a.yaml --export x --token-file y --address z").forWorkers())
        .isEmpty();
  }
}
