package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanFormatTests {
  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "12, 12 s",
    "99, 99 s",
    "100, 2 min",
    "720, 12 min",
    "5940, 99 min",
    "7500, 2 h 5 min",
    "7200, 2 h",
    "273600, 3 d 4 h",
    "-5, 0 s"
  })
  void times_have_at_most_two_units(long seconds, String words) {
    assertThat(HumanFormat.time(Duration.ofSeconds(seconds))).isEqualTo(words);
  }

  @Test
  void what_a_terminal_would_obey_is_spelled_out_and_letters_of_any_script_stay() {
    assertThat(HumanFormat.plain("\u001b[2J\tred\n\u202Etxt.exe\u2028\u0085\ud800"))
        .isEqualTo("\\u001b[2J\\u0009red\\u000a\\u202etxt.exe\\u2028\\u0085\\ud800");
    assertThat(HumanFormat.plain("größe=λ نامه\u200cای 👩\u200d🔬"))
        .isEqualTo("größe=λ نامه\u200cای 👩\u200d🔬");
    assertThat(HumanFormat.wrap(" two\n lines\u0007 ", 80)).containsExactly("two lines\\u0007");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "640, 640", "1234, 1.23k", "12345, 12.3k", "345678, 346k", "1200000, 1.20M"})
  void counts_keep_three_digits(double count, String words) {
    assertThat(HumanFormat.count(count)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "999, 999 B",
    "1000, 1.00 kB",
    "12345678, 12.3 MB",
    "35000000000, 35.0 GB",
    "9000000000000, 9.00 TB"
  })
  void bytes_are_powers_of_ten(long bytes, String words) {
    assertThat(HumanFormat.bytes(bytes)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "1.3862943, 1.3863",
    "0.0123456, 0.01235",
    "0.00003, 3.00e-05",
    "0, 0.00000",
    "12.3456, 12.346",
    "123.456, 123.46",
    "NaN, NaN"
  })
  void metrics_keep_their_digits(double value, String words) {
    assertThat(HumanFormat.metric(value)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0.25, 0.25", "1.0, 1.0", "0.00002, 2e-5", "1e21, 1e21"})
  void overrides_read_as_in_the_file(double value, String words) {
    assertThat(HumanFormat.value(value)).isEqualTo(words);
  }

  @Test
  void text_is_broken_at_blanks_and_cut_with_dots() {
    assertThat(HumanFormat.wrap("one two three", 7)).isEqualTo(List.of("one two", "three"));
    assertThat(HumanFormat.wrap("unbreakable", 4)).isEqualTo(List.of("unbreakable"));
    assertThat(HumanFormat.cut("abcdefgh", 5)).isEqualTo("abc..");
    assertThat(HumanFormat.cut("abcde", 5)).isEqualTo("abcde");
  }
}
