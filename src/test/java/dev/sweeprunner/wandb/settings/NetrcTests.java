package dev.sweeprunner.wandb.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The syntax of netrc; {@code |} stands for a line end. */
class NetrcTests {
  @ParameterizedTest
  @CsvSource({
    "machine h login u password p, p",
    "machine h|  login u|  password p|, p",
    "machine h password p login u account a, p",
    "machine h user u password p, p",
    "machine h password one|machine h password two, two",
    "machine x password n|default password d, d",
    "default password d|machine h password p, p",
    "machine h|default password d, ''",
    "# a comment of words|machine h password p, p",
    "#comment of words|machine h password p, p",
    "#|machine h password p, p",
    "machine h # why|  # and why|  #x|  password p # so|  login u, p",
    "machine h password #p, #p",
    "macdef init|cd /tmp|machine h password no||machine h password p, p",
    "machine x password n macdef m|line||machine h password p, p",
    "machine h password \"a b\", a b",
    "machine h password \"a\\\"b\", a\"b",
    "machine h password \"\" login u, ''",
    "machine h password a\\ b, a b",
    "machine h password a\"b, a\"b",
    "\"machine\" \"h\" \"password\" \"p\", p",
  })
  void a_password_is_found(String text, String password) throws UnreadableText {
    Netrc netrc = Netrc.read(text.replace('|', '\n'));

    assertThat(netrc.password("h")).contains(password);
  }

  @Test
  void single_quotes_hold_as_in_a_shell_where_they_come_in_pairs() throws UnreadableText {
    Netrc netrc =
        Netrc.read("machine a password 'x y\\'\nmachine b password 'half\nmachine c password p'q'");

    assertThat(netrc.password("a")).contains("x y\\");
    assertThat(netrc.password("b")).contains("'half");
    assertThat(netrc.password("c")).contains("p'q'");
  }

  @Test
  void a_machine_without_an_entry_has_none() throws UnreadableText {
    Netrc netrc = Netrc.read("machine h:80 password p\n");

    assertThat(netrc.password("h")).isEmpty();
    assertThat(netrc.password("H:80")).isEmpty();
    assertThat(Netrc.read("").password("h")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host h password sesame",
        "machine h password p sesame",
        "machine",
        "sesame",
        "macdef m|line",
      })
  void what_is_no_netrc_is_refused_without_its_words(String text) {
    assertThatThrownBy(() -> Netrc.read("\n" + text.replace('|', '\n')))
        .isInstanceOf(UnreadableText.class)
        .hasMessageMatching("line [23] .*")
        .hasMessageNotContaining("sesame");
  }
}
