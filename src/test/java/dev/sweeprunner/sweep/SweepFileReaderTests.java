package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepFileReaderTests {
  private static final String ONE = "parameters:\n  training.seed: {values: [64]}\n";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("a.yaml");
  }

  private SweepFile read(String text) throws IOException {
    Files.writeString(file(), text);
    return SweepFileReader.read(file(), Map.of());
  }

  /** Reads it as the built-in trainer does, to the last parameter. */
  private SweepFile readWhole(String text) throws IOException {
    SweepFile sweep = read(text);
    sweep.baseToml();
    sweep.grid();
    return sweep;
  }

  private SweepFile.@Nullable Reference baseToml(String command, Map<String, String> environment)
      throws IOException {
    Files.writeString(file(), ONE + "command: " + command + "\n");
    return SweepFileReader.read(file(), environment).baseToml();
  }

  private void refuses(String text, int line, String... words) {
    assertThatThrownBy(() -> readWhole(text))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file() + ":" + line + ": ")
        .hasMessageContainingAll(words);
  }

  @Nested
  class Its_names {
    @Test
    void come_from_the_file() throws IOException {
      SweepFile sweep = read("method: grid\nname: n 1\nproject: p\nentity: e\n" + ONE);

      assertThat(sweep.name()).isEqualTo("n 1");
      assertThat(sweep.project()).isEqualTo("p");
      assertThat(sweep.entity()).isEqualTo("e");
      assertThat(sweep.path()).isEqualTo(file());
    }

    @Test
    void have_defaults() throws IOException {
      SweepFile sweep = read("name:\nproject: ''\n" + ONE);

      assertThat(sweep.name()).isEqualTo("default");
      assertThat(sweep.project()).isEqualTo("translation-compression");
      assertThat(sweep.entity()).isNull();
      assertThat(sweep.baseToml()).isNull();
    }

    @Test
    void are_strings() {
      refuses("name: 2024\n" + ONE, 1, "name", "quotes");
      refuses("name: 2024-01-02\n" + ONE, 1, "date", "quotes");
      refuses("name: [a]\n" + ONE, 1, "name is not a string", "Write one word");
      refuses("name: {a: b}\n" + ONE, 1, "name is not a string", "Write one word");
    }
  }

  @Nested
  class Its_base_toml {
    @ParameterizedTest
    @CsvSource({
      "'[a, x.toml, y.toml]', x.toml",
      "'[python, --job.config-file, base.cfg, x.toml]', base.cfg",
      "'[python, --job.config_file, base.cfg]', base.cfg",
      "'[--job.config-file=x.toml, y.toml]', x.toml",
      "'[--job.config_file=base.cfg]', base.cfg",
      "'[\"${env}\", --job.config-file, ./config/x.toml, \"${args}\"]', ./config/x.toml"
    })
    void is_found_in_the_command(String command, String expected) throws IOException {
      SweepFile sweep = read(ONE + "command: " + command + "\n");

      assertThat(sweep.baseToml()).isEqualTo(new SweepFile.Reference(expected, 3));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[pixi, run, --manifest-path, pixi.toml, python, train.py, --job.config-file, x.toml] |"
              + " x.toml",
          "[uv, --config-file, uv.toml, run, t.py, --job.config-file=config/x.toml] |"
              + " config/x.toml",
          "[a.toml, --job.config-file, base.cfg] | base.cfg",
          "[uv, run, --config-file, tools/mine.toml, python, train.py, x.toml] | x.toml",
          "[uv, run, --config-file, tools/mine.toml, t.py, --config=x.toml, y.toml] | x.toml",
          "[x.toml, python, train.py] | x.toml",
          "[pixi, run, --manifest-path, pixi.toml, x.toml] | x.toml"
        })
    void is_not_that_of_another_tool(String command, String expected) throws IOException {
      assertThat(baseToml(command, Map.of())).isEqualTo(new SweepFile.Reference(expected, 3));
    }

    @Test
    void is_the_defaults_where_only_another_tool_has_one_and_that_is_said() throws IOException {
      SweepFile sweep = read(ONE + "command: [pixi, run, --manifest-path, pixi.toml, train]\n");

      assertThat(sweep.baseToml()).isNull();
      assertThat(sweep.warnings())
          .singleElement()
          .asString()
          .startsWith(file() + ":3: pixi.toml is taken for another tool's");
    }

    @Test
    void of_several_is_named() throws IOException {
      assertThat(read(ONE + "command: [x.toml, y.toml]\n").warnings())
          .singleElement()
          .asString()
          .contains("x.toml is taken as the base TOML");
      assertThat(read(ONE + "command: [pixi.toml, --job.config-file, y.toml]\n").warnings())
          .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[train.py, --config=config/x.toml, '${args}'] | config/x.toml",
          "[train.py, -c=x.toml] | x.toml",
          "[runs/lr=0.1/x.toml] | runs/lr=0.1/x.toml",
          "[my configs/a b.toml] | my configs/a b.toml",
          "['--job.config-file=my configs/x.toml'] | my configs/x.toml",
          "['--job.config-file x.toml'] | x.toml",
          "['python train.py --job.config-file x.toml ${args}'] | x.toml",
          "[bash, -c, 'cd d && python t.py --job.config-file=\"my x.toml\"; echo ${args}'] | my"
              + " x.toml",
          "[bash, -lc, './train x.toml'] | x.toml",
          "[bash, -c, 'pixi run --manifest-path pixi.toml t.py x.toml ${args_no_hyphens}'] | x.toml"
        })
    void is_found_within_a_word(String command, String expected) throws IOException {
      assertThat(baseToml(command, Map.of())).isEqualTo(new SweepFile.Reference(expected, 3));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[--job.config-file, '${envvar:BASE}'] | $1/x.toml",
          "['--job.config-file=${envvar:BASE}'] | $1/x.toml",
          "[bash, -c, 't.py --job.config-file ${envvar:BASE}'] | $1/x.toml",
          "[--job.config-file, '${envvar:EMPTY}/${envvar:NOT_SET}.toml'] | /NOT_SET.toml",
          "['${envvar:BASE}'] | $1/x.toml"
        })
    void may_come_from_the_environment(String command, String expected) throws IOException {
      Map<String, String> environment = Map.of("BASE", "$1/x.toml", "EMPTY", "");

      assertThat(baseToml(command, environment)).isEqualTo(new SweepFile.Reference(expected, 3));
    }

    @Test
    void may_be_missing() throws IOException {
      assertThat(read(ONE + "command: [python, train.py]\n").baseToml()).isNull();
    }

    @Test
    void is_looked_for_in_a_list_of_words() {
      refuses(ONE + "command: python x.toml\n", 3, "command", "list");
      refuses(ONE + "command: [a, [b]]\n", 3, "command", "word");
      refuses(ONE + "command: [a, --job.config-file]\n", 3, "--job.config-file");
    }
  }

  @Nested
  class Its_grid {
    @Test
    void runs_through_the_last_key_fastest() throws IOException {
      Grid grid = read("parameters:\n  b: {values: [x, y]}\n  a: {values: [1, 2, 3]}\n").grid();

      List<String> points = new ArrayList<>();
      for (int i = 0; i < grid.size(); i++) {
        points.add(grid.at(i).toString());
      }

      assertThat(points)
          .containsExactly(
              "{b=x, a=1}", "{b=x, a=2}", "{b=x, a=3}", "{b=y, a=1}", "{b=y, a=2}", "{b=y, a=3}");
      assertThatThrownBy(() -> grid.at(6)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> grid.at(0).put("c", 1))
          .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void takes_single_values_lists_and_nested_parameters() throws IOException {
      Grid grid =
          read("""
          parameters:
            a: 1
            b: {value: [x, null]}
            c:
              parameters:
                d: {values: [[1, 2], off]}
                e.f: {value:}
            g: {values: [2], distribution: categorical}
          """)
              .grid();

      assertThat(grid.size()).isEqualTo(2);
      assertThat(grid.at(0)).containsExactlyEntriesOf(grid.at(0));
      assertThat(grid.at(0).keySet()).containsExactly("a", "b", "c.d", "c.e.f", "g");
      assertThat(grid.at(0).values())
          .containsExactly(1L, Arrays.asList("x", null), List.of(1L, 2L), null, 2L);
      assertThat(grid.at(1).get("c.d")).isEqualTo(false);
      assertThat(grid.parameters().get(2).line()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{min: 16, max: 18} | [16, 17, 18]",
          "{distribution: int_uniform, min: -1, max: 0} | [-1, 0]",
          "{distribution: q_uniform, min: 0.0, max: 1.0, q: 0.25} | [0.0, 0.25, 0.5, 0.75]",
          "{distribution: q_uniform, min: 0, max: 3} | [0.0, 1.0, 2.0]",
          "{distribution: q_uniform, min: 1, max: 10, q: 4} | [1, 5, 9]",
          "{distribution: q_uniform, min: 5, max: 6, q: 10} | [5]",
          "{distribution: q_uniform, min: 0, max: 0.3, q: 0.1} | [0.0, 0.1, 0.2]",
          "{distribution: q_uniform, min: 1, max: 1.3, q: 0.1} | [1.0, 1.1, 1.2000000000000002,"
              + " 1.3000000000000003]",
          "{distribution: q_uniform, min: -1, max: 1, q: 0.3}"
              + " | [-1.0, -0.7, -0.3999999999999999, -0.09999999999999987, 0.20000000000000018,"
              + " 0.5000000000000002, 0.8000000000000003]"
        })
    void takes_the_ranges_that_w_and_b_enumerates(String range, String values) throws IOException {
      Grid grid = read("parameters:\n  a: " + range + "\n").grid();

      assertThat(
              IntStream.range(0, (int) grid.size())
                  .mapToObj(i -> grid.at(i).get("a"))
                  .map(String::valueOf))
          .containsExactly(values.substring(1, values.length() - 1).split(", "));
    }

    @Test
    void moves_the_keys_of_map_values_together() throws IOException {
      Grid grid =
          read("""
          parameters:
            s: {values: [1, 2]}
            a: {values: [{b: 1, c: x}, {c: [y], d.e: null}]}
            t: {value: {u: 3}}
          """)
              .grid();

      assertThat(IntStream.range(0, (int) grid.size()).mapToObj(grid::at).map(Map::toString))
          .containsExactly(
              "{s=1, a.b=1, a.c=x, t.u=3}",
              "{s=1, a.c=[y], a.d.e=null, t.u=3}",
              "{s=2, a.b=1, a.c=x, t.u=3}",
              "{s=2, a.c=[y], a.d.e=null, t.u=3}");
    }

    @Test
    void merges_maps_in_the_order_of_a_python_dict() throws IOException {
      Grid grid =
          read("""
          one: &one {a: 1, b: 2}
          two: &two {b: 3, c: 4}
          parameters:
            z: 0
            <<: [*one, *two]
            c: 5
          """)
              .grid();

      assertThat(grid.at(0)).hasToString("{b=2, c=5, a=1, z=0}");
    }

    @Test
    void may_hold_a_million_points_and_not_three_thousand_million() throws IOException {
      String thousand = "{values: [" + "0, ".repeat(999) + "0]}\n";
      String millions = "parameters:\n  a: " + thousand + "  b: " + thousand;

      assertThat(read(millions).grid().size()).isEqualTo(1_000_000);
      assertThatThrownBy(() -> readWhole(millions + "  c: " + thousand + "  d: " + thousand))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("1000000000000 points");
    }

    @ParameterizedTest
    @CsvSource({
      "'{values: []}', values of parameter a is empty",
      "'{values: 3}', values of parameter a is not a list",
      "'{}', parameter a has no values",
      "'[1, 2]', bare list",
      "'{min: 0.0, max: 1.0}', has min and no values",
      "'{min: 0, max: 1.0}', has max and no values",
      "'{min: 0, max: 4, q: 2}', has q and no values",
      "'{min: 1, max: 1}', a min that is not below its max",
      "'{min: 0, max: 2000000}', more than 1000000 values",
      "'{distribution: q_uniform, min: 0, max: 1e-1}', 'max of parameter a is 1e-1, in YAML no"
          + " number'",
      "'{distribution: q_uniform, min: 0, max: 1, q: 0}', q of parameter a is 0",
      "'{distribution: q_log_uniform, min: 0, max: 1}', 'distribution: q_log_uniform'",
      "'{max: 1}', has max and no values",
      "'{distribution: uniform, min: 0, max: 1}', 'distribution: uniform'",
      "'{distribution: uniform, values: [1]}', 'distribution: uniform'",
      "'{distribution: constant}', a grid cannot enumerate",
      "'{values: [1], value: 1}', more than one of values",
      "'{vales: [1]}', Did you mean values",
      "'{b: {values: [1]}}', Nested keys stand under parameters",
      "'{values: [{b: {c: 1}}]}', parameter a.b is a map within a map",
      "'{values: [{b: [[1]]}]}', parameter a.b has a list in a list",
      "'{values: [[{b: 1}]]}', parameter a has a map in a list",
      "'{values: [[[1]]]}', a list in a list",
      "'{values: [2024-01-02]}', reads as a date",
      "'{values: [!!python/name:os.system x]}', not allowed",
      "'{values: [!other x]}', Remove the tag",
      "'{values: [=]}', quotes",
      "'{values: [!!int x]}', is not a number",
      "'{parameters: 1}', a.parameters is not a map"
    })
    void refuses_what_it_cannot_enumerate(String parameter, String words) {
      refuses("method: grid\nparameters:\n  a: " + parameter + "\n", 3, words);
    }

    @Test
    void names_the_line_of_the_mistake_within_a_parameter() {
      refuses("parameters:\n  a:\n    distribution: normal\n    mu: 1\n", 3, "a", "normal");
      refuses("parameters:\n  a:\n    values:\n      - 1\n      - {}\n", 5, "map");
    }

    @Test
    void refuses_a_key_that_two_forms_give() {
      refuses("parameters:\n  a.b: 1\n  a: {parameters: {b: 2}}\n", 3, "a.b", "line 2");
    }
  }

  @Nested
  class A_broken_file {
    @Test
    void that_is_missing_is_named() {
      assertThatThrownBy(() -> SweepFileReader.read(file(), Map.of()))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(file() + ": there is no such sweep file");
    }

    @Test
    void that_is_a_folder_is_named() {
      assertThatThrownBy(() -> SweepFileReader.read(folder, Map.of()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("folder");
    }

    @Test
    void that_is_not_utf_8_is_named() throws IOException {
      Files.write(file(), new byte[] {'a', ':', ' ', (byte) 0xff});

      assertThatThrownBy(() -> SweepFileReader.read(file(), Map.of()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n", "\uFEFF"})
    void that_is_empty_is_named(String text) {
      assertThatThrownBy(() -> read(text))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("the file is empty");
    }

    @Test
    void that_is_no_map_is_refused() {
      refuses("- a\n", 1, "not a map");
      refuses("\ngrid\n", 2, "not a map");
    }

    @Test
    void with_a_tab_as_indent_is_refused_with_its_line() {
      refuses("parameters:\n\ttraining.seed: 1\n", 2, "tab", "spaces");
      refuses("method: grid\n\tname: x\n" + ONE, 2, "tab", "spaces");
      refuses("name: x\n \ty\n" + ONE, 2, "tab", "spaces");
      refuses("parameters:\n  a:\n  \tvalues: [1]\n", 3, "tab", "spaces");
    }

    @Test
    void with_a_tab_within_text_or_a_remark_is_read() throws IOException {
      String text = "name: \"a\tb\n\tc\"\ndescription: |\n  x\n  \ty\n# a\tremark\n" + ONE;

      assertThat(read(text).name()).isEqualTo("a\tb c");
    }

    @Test
    void written_as_json_may_escape_its_slashes() throws IOException {
      String json =
          """
          {"name": "a\\/b\\\\/", "project": 'c\\/', "parameters": {"a": 1}}\
          """;

      SweepFile sweep = read(json);

      assertThat(sweep.name()).isEqualTo("a/b\\/");
      assertThat(sweep.project()).isEqualTo("c\\/");
    }

    @Test
    void with_a_doubled_key_is_refused_with_both_lines() {
      refuses("name: a\nmethod: grid\nname: b\n" + ONE, 3, "name", "line 1");
      refuses("parameters:\n  a: 1\n  b: 2\n  a: 3\n", 4, "a", "line 2");
      refuses("parameters:\n  a:\n    value: 1\n    value: 2\n", 4, "value", "line 3");
    }

    @Test
    void with_a_key_that_is_no_string_is_refused() {
      refuses("parameters:\n  on: 1\n", 2, "on", "quotes");
      refuses("parameters:\n  1: 1\n", 2, "1", "quotes");
      refuses("parameters:\n  ? [a]\n  : 1\n", 2, "not a string", "single word");
    }

    @Test
    void with_bad_syntax_is_refused_with_its_line() {
      refuses("name: [a\nb: c\n", 2, "not YAML");
      refuses("name: 'a\n", 2, "not YAML");
      refuses("name: *nothing\n", 1, "not YAML", "nothing");
      refuses("name: a\n--- \nname: b\n", 2, "not YAML");
      refuses("name: a\nb: \u0007\n", 2, "U+0007");
    }

    @Test
    void without_parameters_is_refused() {
      assertThatThrownBy(() -> readWhole("name: a\n"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("no parameters section");
      refuses("name: a\nparameters:\n", 2, "parameters is not a map");
      refuses("name: a\nparameters: {}\n", 2, "parameters is empty");
    }

    @Test
    void with_another_method_is_refused() {
      refuses("name: a\nmethod: bayes\n" + ONE, 2, "bayes", "grid");
      refuses("method: [grid]\n" + ONE, 1, "method", "string");
    }

    @Test
    void that_explodes_by_aliases_is_refused_at_once() {
      StringBuilder bomb = new StringBuilder("a0: &a0 {x: 1}\n");
      for (int i = 1; i < 60; i++) {
        bomb.append("a%d: &a%d {<<: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
      }
      bomb.append("parameters:\n  <<: *a59\n");

      assertThatThrownBy(() -> readWhole(bomb.toString())).isInstanceOf(UserError.class);
    }

    @Test
    void that_multiplies_merges_below_the_alias_limit_is_refused() {
      StringBuilder bomb = new StringBuilder("a0: &a0 {x: 1}\n");
      for (int i = 1; i < 12; i++) {
        bomb.append(
            "a%d: &a%d {<<: [*b, *b, *b, *b]}\n".formatted(i, i).replace("*b", "*a" + (i - 1)));
      }
      bomb.append("parameters:\n  <<: *a11\n");

      refuses(bomb.toString(), 1, "merge keys multiply");
    }

    @Test
    void that_contains_itself_is_refused() {
      refuses("parameters: &p\n  a: {parameters: *p}\n", 2, "nest");
      refuses("parameters: &p\n  <<: *p\n", 1, "merge");
    }
  }

  @Nested
  class What_is_not_used {
    @Test
    void is_named() throws IOException {
      SweepFile sweep =
          read(
              "program: train.py\ncommand: [a]\nrun_cap: 3\nmetric: {name: x}\n"
                  + "early_terminate: {type: hyperband}\ndescription: d\n"
                  + ONE);

      assertThat(sweep.unused())
          .containsExactly(
              "program", "command (beyond its TOML)", "run_cap", "metric", "early_terminate");
      assertThat(sweep.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"[base.toml]", "[--job.config-file, a.toml]", "[--job.config-file=a.toml]"})
    void is_nothing_where_the_command_is_its_toml_alone(String command) throws IOException {
      assertThat(read("command: " + command + "\n" + ONE).unused()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a.toml, --x]", "[train.py, a.toml]", "[--job.config-file=a.toml, b]"})
    void is_the_command_where_it_says_more(String command) throws IOException {
      assertThat(read("command: " + command + "\n" + ONE).unused()).hasSize(1);
    }

    @Test
    void and_unknown_is_warned_about_with_the_nearest_known_key() throws IOException {
      SweepFile sweep = read("projekt: x\nzzzzzzz: 1\n" + ONE);

      assertThat(sweep.warnings())
          .containsExactly(
              file() + ":1: the key projekt is unknown and ignored; did you mean project?",
              file() + ":2: the key zzzzzzz is unknown and ignored");
    }
  }
}
