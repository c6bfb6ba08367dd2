package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.SweepFile.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepFileTests {
  private static final String ONE = "parameters:\n  a: {values: [1]}\n";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("a.yaml");
  }

  private SweepFile read(String text) throws IOException {
    Files.writeString(file(), text);
    return SweepFileReader.read(file(), Map.of("HOME", "/home/me"));
  }

  @Test
  void says_which_names_it_gives() throws IOException {
    SweepFile given = read("name: n\nproject: p\n" + ONE);
    SweepFile empty = read("name: ''\nproject:\n" + ONE);

    assertThat(given.nameGiven()).isTrue();
    assertThat(given.projectGiven()).isTrue();
    assertThat(empty.nameGiven()).isFalse();
    assertThat(empty.projectGiven()).isFalse();
  }

  @Nested
  class Its_program {
    @Test
    void has_its_words_as_python_prints_them_with_their_macros() throws IOException {
      SweepFile.Program program =
          read(ONE
                  + """
                  program: pkg.train
                  command:
                    - ${env}
                    - "${envvar:HOME}/bin/python"
                    - 2
                    - 010
                    - 1e-4
                    - 1.0e-5
                    - 1.0e+16
                    - 12.50
                    - -0.0
                    - .inf
                    - true
                    - null
                    - ''
                    - |
                      a
                      b
                  """)
              .program();

      assertThat(program.program()).isEqualTo(new Reference("pkg.train", 3));
      assertThat(program.command())
          .extracting(Reference::text)
          .containsExactly(
              "${env}",
              "${envvar:HOME}/bin/python",
              "2",
              "8",
              "1e-4",
              "1e-05",
              "1e+16",
              "12.5",
              "-0.0",
              "inf",
              "True",
              "None",
              "",
              "a\nb\n");
      assertThat(program.command()).first().extracting(Reference::line).isEqualTo(5);
    }

    @Test
    void may_be_missing() throws IOException {
      assertThat(read("program:\ncommand:\n" + ONE).program())
          .isEqualTo(new SweepFile.Program(null, null));
      assertThat(read(ONE + "command: []\n").program().command()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "command: python train.py | command is not a list",
          "command: [a, [b]] | an element of command is no word",
          "command: [a, {b: c}] | an element of command is no word",
          "command: [2024-01-02] | Put it in quotes",
          "program: [a] | program is not a string",
          "program: 3 | program is not a string"
        })
    void is_words(String line, String words) {
      assertThatThrownBy(() -> read(ONE + line + "\n").program())
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(file() + ":3: ")
          .hasMessageContaining(words);
    }

    @Test
    void needs_no_words_that_the_built_in_trainer_needs() throws IOException {
      SweepFile sweep = read(ONE + "command: [x, --job.config-file]\n");

      assertThat(sweep.program().command()).hasSize(2);
      assertThatThrownBy(sweep::baseToml).isInstanceOf(UserError.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.0e-5, 1e-05",
    "0.0001, 0.0001",
    "1.0e+15, 1000000000000000.0",
    "123456789012345680.0, 1.2345678901234568e+17",
    "0.30000000000000004, 0.30000000000000004",
    "5.0e-324, 5e-324",
    "1.7976931348623157e+308, 1.7976931348623157e+308",
    "2.0e-3, 0.002",
    "100.0, 100.0",
    "-1.5, -1.5",
    ".nan, nan",
    "-.inf, -inf",
    "9223372036854775808, 9223372036854775808"
  })
  void numbers_are_printed_as_python_does(String word, String printed) throws IOException {
    SweepFile.Program program = read(ONE + "command: [" + word + "]\n").program();

    assertThat(program.command()).containsExactly(new Reference(printed, 3));
  }

  @Nested
  class Its_keys {
    @Test
    void are_those_of_the_built_in_reading() throws IOException {
      SweepFile sweep =
          read(
              """
              parameters:
                b: 1
                a: {values: [1, 2]}
                c:
                  parameters:
                    e.f: {value: x}
                    d: {values: [{g: 1}, {h: 2, g: 3}]}
                i: {value: {j: 1}}
              """);

      assertThat(sweep.keys())
          .containsExactly(
              new Reference("b", 2),
              new Reference("a", 3),
              new Reference("c.e.f", 6),
              new Reference("c.d.g", 7),
              new Reference("c.d.h", 7),
              new Reference("i.j", 8));
      assertThat(sweep.grid().parameters())
          .extracting(Parameter::key)
          .containsExactlyElementsOf(sweep.keys().stream().map(Reference::text).toList());
    }

    @Test
    void are_there_whatever_the_values_are() throws IOException {
      SweepFile sweep =
          read(
              """
              method: random
              parameters:
                a: {distribution: normal}
                b: [1, 2]
                c: {values: [1, {d: 2}]}
                e: {values: [2024-01-02, {f: {g: 1}}]}
                h: {lr: 1}
                i: {}
                j: {parameters: 3}
                k: {values: 4}
              """);

      assertThat(sweep.keys())
          .extracting(Reference::text)
          .containsExactly("a", "b", "c.d", "e.f", "h", "i", "k");
      assertThat(read("name: x\n").keys()).isEmpty();
      assertThat(read("parameters: [1]\n").keys()).isEmpty();
      assertThat(read("parameters: &p\n  a: {parameters: *p}\n").keys()).isEmpty();
    }
  }

  @Nested
  class Its_metric {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{name: val/loss} | val/loss | MINIMIZE",
          "{name: acc, goal: maximize} | acc | MAXIMIZE",
          "{name: acc, goal: highest} | acc | MINIMIZE"
        })
    void has_a_name_and_a_goal(String metric, String name, Metric.Goal goal) throws IOException {
      assertThat(read("metric: " + metric + "\n" + ONE).metric()).isEqualTo(new Metric(name, goal));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {"loss", "{goal: minimize}", "{name: [a]}", "[]"})
    void may_be_missing(String metric) throws IOException {
      assertThat(read("metric: " + metric + "\n" + ONE).metric()).isNull();
      assertThat(read(ONE).metric()).isNull();
    }
  }

  @Nested
  class What_is_not_used {
    /** Every key of W&amp;B's schema. */
    private static final String ALL =
        """
        apiVersion: v1
        kind: sweep
        controller: {type: local}
        description: d
        program: t.py
        job: j
        image_uri: i
        entity: e
        project: p
        method: grid
        command: [a]
        name: n
        run_cap: 3
        metric: {name: x, goal: minimize, target: 1, impute: best, impute_while_running: best}
        metrics: [{name: x}, {name: y}]
        scheduler: {engine: optuna, source: s.py, optimizer: o, search_space: s}
        early_terminate: {type: hyperband, max_iter: 9, min_iter: 1, s: 2, eta: 3, strict: true}
        """;

    @Test
    void by_a_program_is_named_with_the_reason() throws IOException {
      SweepFile sweep = read(ALL + ONE);

      assertThat(sweep.notes())
          .extracting(note -> note.substring(file().toString().length()))
          .containsExactly(
              ":3: controller is not used: the workers share out the points by themselves",
              ":6: job is not used: W&B Launch is not asked, the program is started here",
              ":7: image_uri is not used: W&B Launch is not asked, the program is started here",
              ":14: metric.target is not used: the sweep ends when all points are finished",
              ":14: metric.impute is not used: only method: bayes needs a value for runs that gave"
                  + " none",
              ":14: metric.impute_while_running is not used: only method: bayes needs a value for"
                  + " runs that gave none",
              ":15: metrics is not used: nothing is optimized, the points stand in the file",
              ":16: scheduler is not used: no optimizer chooses points, they stand in the file",
              ":17: early_terminate is not used: every point runs to its end, nothing compares them"
                  + " meanwhile");
      assertThat(sweep.unknown()).isEmpty();
      assertThat(sweep.warnings()).isEmpty();
      assertThat(sweep.space(SpaceOptions.NONE).size()).isEqualTo(1);
    }

    @Test
    void by_the_built_in_trainer_is_named() throws IOException {
      assertThat(read(ALL + ONE).unused())
          .containsExactly(
              "controller",
              "program",
              "job",
              "image_uri",
              "command (beyond its TOML)",
              "run_cap",
              "metric",
              "metrics",
              "scheduler",
              "early_terminate");
    }

    @Test
    void and_a_method_that_is_missing_is_said() throws IOException {
      assertThat(read("method: grid\n" + ONE).noMethod()).isEmpty();
      for (String none : List.of("", "method:\n", "method: ''\n")) {
        assertThat(read(none + ONE).noMethod())
            .contains(
                file()
                    + ": no method is given, so it is taken as a grid; W&B would refuse the file."
                    + " Write method: grid");
      }
    }

    @Test
    void and_unknown_is_named_with_the_nearest_key() throws IOException {
      SweepFile sweep =
          read(
              "early_terminat: {}\nmetric: {name: x, gaol: y}\nimports: []\n"
                  + ONE
                  + "command: [train.py, x.toml, y.toml]\n");

      assertThat(sweep.unknown())
          .containsExactly(
              file()
                  + ":1: the key early_terminat is unknown and ignored; did you mean"
                  + " early_terminate?",
              file() + ":2: the key metric.gaol is unknown and ignored; did you mean metric.goal?",
              file() + ":3: the key imports is unknown and ignored");
      assertThat(sweep.warnings()).hasSize(4).containsAll(sweep.unknown());
      assertThat(sweep.notes()).isEmpty();
    }

    @Test
    void is_also_a_metric_that_is_no_map() throws IOException {
      List<String> notes = read("metric: loss\n" + ONE).notes();

      assertThat(notes)
          .containsExactly(file() + ":1: metric is not used: it is no map with a name");
    }
  }
}
