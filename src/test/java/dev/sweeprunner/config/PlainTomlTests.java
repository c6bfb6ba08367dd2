package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlVersion;

/** What is read plainly is what the whole parser reads. */
class PlainTomlTests {
  private static final String[] PIECES = {
    "[a]",
    "[b-1]",
    " [c_2] # x",
    "[a.b]",
    "[[a]]",
    "x = 1",
    "y=-0",
    "z = 01",
    "w = 1.5e-3",
    "v = 1e6",
    "u = .5",
    "t = 5.",
    "s = \"text\"",
    "r = \"\" # none",
    "q = 'one'",
    "p = \"a\\n\"",
    "o = \"\"\"a\"\"\"",
    "n = [\"a\", \"b\",]",
    "m = []",
    "l = [1]",
    "k = [\"a\" \"b\"]",
    "j = [\"a\"",
    "i = true",
    "h = True",
    "g = +1",
    "f = 1_000",
    "e = 0x10",
    "d = inf",
    "c = 2024-01-02",
    "b.c = 1",
    "a = {x = 1}",
    "x = ",
    "",
    "  # note",
    "\ttab = 1",
    "é = 1",
    "ok = \"é\"",
    "x = 1 y = 2",
    "-0 = -1.0",
    "9 = 9223372036854775807",
    "8 = 99999999999999999999",
    "7 = [ \"#\" , \"]\" ] # ]",
    "6 = \"#\" # \"",
    "5 = [,]",
    "4 = 1e999"
  };

  @Test
  void random_documents_read_like_the_whole_parser_reads_them() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int plain = 0;

    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(1 + random.nextInt(6), 0, PIECES.length)
              .mapToObj(piece -> PIECES[piece])
              .collect(Collectors.joining("\n"));
      plain += check(text, seed) ? 1 : 0;
    }

    assertThat(plain).as("seed " + seed).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config/quickstart.toml", "config/sweep-base-bpe16384-absolute.toml"})
  void the_configs_of_this_project_are_plain(String file) throws IOException {
    assertThat(check(Files.readString(Path.of(file)), 0)).isTrue();
  }

  private static boolean check(String text, long seed) {
    Map<String, PlainToml.Located> read = PlainToml.read(text);
    if (read != null) {
      TomlParseResult whole = Toml.parse(text, TomlVersion.HEAD);
      assertThat(whole.errors()).as("seed " + seed + ":\n" + text).isEmpty();
      assertThat(shape(read))
          .as("seed " + seed + ":\n" + text)
          .isEqualTo(shape(BaseToml.located(whole)));
    }
    return read != null;
  }

  /** Names in order, with line, class and value of each. */
  private static String shape(Map<?, ?> members) {
    return members.entrySet().stream()
        .map(entry -> entry.getKey() + shape((PlainToml.Located) entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String shape(PlainToml.Located at) {
    if (at.content() instanceof Map<?, ?> section) {
      return "@" + at.line() + " {" + shape(section) + "}";
    }
    Object content = at.content() instanceof TomlArray array ? array.toList() : at.content();
    String type = content instanceof List ? "list" : content.getClass().getSimpleName();
    return "@" + at.line() + " " + type + " " + content;
  }
}
