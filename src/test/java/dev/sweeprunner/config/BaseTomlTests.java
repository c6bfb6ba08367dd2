package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseTomlTests {
  @TempDir Path folder;

  private BaseToml read(String text) throws IOException {
    Path file = folder.resolve("x.toml");
    Files.writeString(file, text);
    return BaseToml.read(file, "x.toml");
  }

  private @Nullable Object value(String text, String key) throws IOException {
    return read(text).values().get(Schema.field(key));
  }

  @Test
  void values_keep_the_form_they_are_written_in() throws IOException {
    assertThat(value("[training]\nmax_iters = 1e6", "training.max_iters")).isEqualTo(1e6);
    assertThat(value("training.max_iters = 1_000", "training.max_iters")).isEqualTo(1000L);
    assertThat(value("optimizer = {weight_decay = 0}", "optimizer.weight_decay")).isEqualTo(0L);
    assertThat(value("[optimizer]\nweight_decay = 0.0", "optimizer.weight_decay")).isEqualTo(0.0);
    assertThat(value("[optimizer]\nweight_decay = 0x10", "optimizer.weight_decay")).isEqualTo(16L);
    assertThat(value("[model]\nbias = true", "model.bias")).isEqualTo(true);
    assertThat(value("[logging]\nwandb_notes = 'é \\n'", "logging.wandb_notes")).isEqualTo("é \\n");
    assertThat(
            value("[data]\ncompartment_train_bins = ['a',\n 'b',]", "data.compartment_train_bins"))
        .isEqualTo(Arrays.asList("a", "b"));
  }

  @Test
  void line_ends_of_windows_change_nothing() throws IOException {
    String unix = "\uFEFF[logging]\nwandb_notes = \"\"\"a\nb\"\"\"\n";

    assertThat(value(unix, "logging.wandb_notes")).isEqualTo("a\nb");
    assertThat(value(unix.replace("\n", "\r\n"), "logging.wandb_notes")).isEqualTo("a\nb");
  }

  @Test
  void unknown_keys_are_warned_about_once_in_file_order() throws IOException {
    BaseToml toml =
        read(
            """
            seed = 3
            [training]
            seed = 64
            always_save_checkpoints = true
            qqqqqqqq = 1
            n_embd = 4
            [modle]
            n_layer = 1
            n_embd = 2
            [other.deep]
            x = 1
            """);

    assertThat(toml.warnings())
        .containsExactly(
            "x.toml:1: the key seed outside of a section is unknown and ignored; did you mean"
                + " training.seed?",
            "x.toml:4: training.always_save_checkpoints is unknown and ignored; did you mean"
                + " always_save_checkpoint?",
            "x.toml:5: training.qqqqqqqq is unknown and ignored",
            "x.toml:6: training.n_embd is unknown and ignored; did you mean model.n_embd?",
            "x.toml:7: section [modle] is unknown and ignored; did you mean model?",
            "x.toml:10: section [other] is unknown and ignored");
    assertThat(toml.values()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[training\\nseed = 1 | 1",
        "[training]\\nseed = | 2",
        "[training]\\nseed = 1\\nseed = 2 | 3",
        "[training]\\nseed = 99999999999999999999 | 2",
        "[logging]\\n\\nwandb_notes = \"open | 3"
      })
  void bad_syntax_is_an_error_with_its_line(String text, int line) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("x.toml:" + line + ": not TOML: ")
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[training]\\nseed = \"64\" | x.toml:2: training.seed is the string \"64\"",
        "[optimizer]\\nbeta1 = \"1e-1\" | Write 1e-1 without quotes",
        "[model]\\nvocab_size = \"None\" | Leave the key out: TOML has no null",
        "[model]\\nvocab_size = \"x\" | Write a whole number, without quotes, or leave the key out",
        "[training]\\nseed = 1.5 | x.toml:2: training.seed is 1.5",
        "[training]\\nseed = true | x.toml:2: training.seed is true",
        "[training]\\nbatch_size = 3000000000 | x.toml:2: training.batch_size is 3000000000",
        "[optimizer]\\nbeta1 = inf | x.toml:2: optimizer.beta1 is inf",
        "[optimizer]\\nbeta1 = nan | x.toml:2: optimizer.beta1 is nan",
        "[model]\\nbias = 1 | x.toml:2: model.bias is 1",
        "[model]\\nsize_tier = 8 | x.toml:2: model.size_tier is 8",
        "[model]\\nsize_tier = \"8-33\" | not one of 8-32, 8-64, 8-128, 8-256",
        "[logging]\\nwandb_notes = 2024-01-02 | x.toml:2: logging.wandb_notes is a date or time",
        "[logging.wandb_notes]\\nx = 1 | logging.wandb_notes is a table",
        "[data]\\ncompartment_train_bins = [1] | x.toml:2: data.compartment_train_bins is [1]",
        "model = 3 | x.toml:1: model is a section",
        "[[model]]\\nbias = true | x.toml:1: model is a section"
      })
  void a_value_that_does_not_fit_is_an_error_with_its_line(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  @Test
  void a_file_that_cannot_be_read_is_named() throws IOException {
    Files.write(folder.resolve("x.toml"), new byte[] {(byte) 0xff});

    assertThatThrownBy(() -> BaseToml.read(folder.resolve("x.toml"), "x.toml"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> BaseToml.read(folder, "x.toml"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("x.toml: the TOML cannot be read");
  }

  @Test
  void every_field_of_the_schema_has_a_value_by_default() {
    assertThat(Schema.fields()).hasSize(76);
    assertThat(Schema.sections()).hasSize(11);
    List<String> keys = Schema.fields().stream().map(Field::key).toList();
    assertThat(keys).doesNotHaveDuplicates().isSorted();
  }
}
