package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.python.PythonFloat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code docs/config.md} is made of the schema. */
class ConfigPageTests {
  private static final Path PAGE = Path.of("docs", "config.md");
  private static final String AGAIN =
      "./mvnw -q test -Dtest=ConfigPageTests -Dsweep-runner.write-pages=true";

  private static final String HEAD =
      """
      # The config of a run

      Every key of the built-in trainer's TOML. A sweep file's `parameters` set the same keys by their dotted
      names. This page is made of the schema in the code; a test holds it to that, and makes it anew:

      ```
      %s
      ```

      An unknown key of the TOML is named and ignored, an unknown parameter is an error; what the trainer does
      not train makes the point `invalid` ([training.md](training.md#what-it-refuses)). A whole number may be
      written as a float without a fraction (`1e6`), and keeps its form. `null` is written by leaving the key out of the
      TOML, or as `null` in the sweep file.

      **id**: whether a value is part of the identity, that is of the run id and of `config.json`. Nearly all
      are, also those that the trainer ignores: the ids of existing runs hang on them. Options of a launch
      never are.

      **Twins.** Some keys of `[model]` have the name of one in `[experiment]`. The trainer reads
      `experiment.*`; the twin has its default or the point is refused. So `config.json` says
      `model.use_compartment_embeddings: false` of a run that has them: look at `experiment.*`.
      """;

  @Test
  void the_page_is_what_the_schema_says() throws IOException {
    String page = page();
    if (Boolean.getBoolean("sweep-runner.write-pages")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE)).as("make it again: " + AGAIN).isEqualTo(page);
  }

  @Test
  void every_key_has_a_sentence() {
    assertThat(Schema.fields()).allMatch(field -> field.meaning().matches("[A-Z].*\\."));
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD.formatted(AGAIN));
    for (String section : Schema.sections()) {
      page.append("\n## ").append(section).append("\n\n");
      page.append("| key | type | default | meaning | bounds | id |\n|---|---|---|---|---|---|\n");
      Schema.fields().stream()
          .filter(field -> field.section().equals(section))
          .forEach(field -> page.append(row(field)));
    }
    return page.toString();
  }

  private static String row(Field field) {
    return "| `%s` | %s | %s | %s | %s | %s |\n"
        .formatted(
            field.name(),
            type(field),
            "`" + written(field.initial()) + "`",
            field.meaning(),
            field.bounds(),
            identity(field) ? "yes" : "no");
  }

  private static String type(Field field) {
    String words =
        field.choices().isEmpty()
            ? field.kind().words()
            : field.choices().stream()
                .map(choice -> "`" + choice + "`")
                .collect(Collectors.joining(", "));
    return words + (field.nullable() ? ", or null" : "");
  }

  private static String written(@Nullable Object value) {
    if (value instanceof Double number) {
      return PythonFloat.repr(number);
    }
    return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
  }

  /** Whether another value than the default gives other runs. */
  private static boolean identity(Field field) {
    ConfigValues other = ConfigValues.defaults();
    other.set(field, ConfigValue.of(another(field)));
    return !Arrays.equals(canonical(ConfigValues.defaults()), canonical(other));
  }

  private static byte[] canonical(ConfigValues values) {
    Presets.apply(values);
    return CanonicalJson.of(values);
  }

  private static Object another(Field field) {
    return switch (field.kind()) {
      case INT, LONG -> 77L;
      case DOUBLE -> 0.77;
      case BOOLEAN -> !Boolean.TRUE.equals(field.initial());
      case TEXT -> field.choices().isEmpty() ? "other" : field.choices().get(1);
      case TEXTS -> List.of("a", "b");
    };
  }
}
