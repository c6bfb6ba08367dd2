package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.nodes.Tag;

class PythonScalarsTests {
  /** One line per word: the word, the type PyYAML 6.0.3 gives it, its value printed by Python. */
  static List<String> words() throws IOException {
    try (var stream = PythonScalarsTests.class.getResourceAsStream("/golden/pyyaml-words.tsv")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("words")
  void a_word_means_what_it_means_in_pyyaml(String line) {
    String[] parts = line.split("\t", -1);
    String word = parts[0];
    String text = parts[2];

    Tag tag = PythonScalars.tagOf(word);

    switch (parts[1]) {
      case "error" -> refused(tag, word);
      case "date" -> assertThat(tag).isEqualTo(Tag.TIMESTAMP);
      default -> assertThat(PythonScalars.valueOf(tag, word)).isEqualTo(value(parts[1], text));
    }
  }

  @Test
  void a_word_that_looks_like_a_number_and_is_none_is_refused() {
    refused(Tag.INT, "0b_");
    refused(Tag.INT, "one");
  }

  private static void refused(Tag tag, String word) {
    assertThatThrownBy(() -> PythonScalars.valueOf(tag, word))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static @Nullable Object value(String type, String text) {
    return switch (type) {
      case "null" -> null;
      case "bool" -> Boolean.valueOf(text);
      case "int" -> {
        BigInteger number = new BigInteger(text);
        yield number.bitLength() < 64 ? (Object) number.longValue() : number;
      }
      case "float" ->
          switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.valueOf(text);
          };
      default -> text;
    };
  }
}
