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
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GridSpaceTests {
  private static final SpaceOptions NUMBERS = new SpaceOptions(OptionalInt.empty(), true);

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("a.yaml");
  }

  private SweepFile read(String text) throws IOException {
    Files.writeString(file(), text);
    return SweepFileReader.read(file(), Map.of());
  }

  private PointSpace space(String text) throws IOException {
    return read(text).space(SpaceOptions.NONE);
  }

  private static List<@Nullable Object> values(PointSpace space, String name) {
    return IntStream.range(0, space.size())
        .<@Nullable Object>mapToObj(i -> space.flat(i).get(name))
        .distinct()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void refuses(String text, int line, String... words) {
    assertThatThrownBy(() -> space(text))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file() + ":" + line + ": ")
        .hasMessageContainingAll(words);
  }

  @Test
  void may_be_cut_to_its_first_points_by_the_file_or_by_the_options() throws IOException {
    String parameters = "parameters: {b: {values: [1, 2, 3]}, a: {values: [4, 5]}}\n";
    SweepFile capped = read("run_cap: 4\nmethod: grid\n" + parameters);
    PointSpace more = capped.space(new SpaceOptions(OptionalInt.of(5), false));

    assertThat(capped.space(SpaceOptions.NONE).size()).isEqualTo(4);
    assertThat(more.size()).isEqualTo(5);
    assertThat(more.at(3)).isEqualTo(Map.of("a", 5L, "b", 1L));
    assertThatThrownBy(() -> more.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> more.flat(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void of_more_points_than_an_index_counts_may_be_cut() throws IOException {
    StringBuilder text = new StringBuilder("parameters:\n");
    for (int i = 10; i < 80; i++) {
      text.append("  p").append(i).append(": {values: [0, 1]}\n");
    }

    PointSpace space = read(text.toString()).space(new SpaceOptions(OptionalInt.of(3), false));

    assertThat(space.flat(2)).containsEntry("p78", 1L).containsEntry("p79", 0L);
    assertThat(space.flat(2)).containsEntry("p10", 0L);
    assertThatThrownBy(() -> space(text.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("1180591620717411303424 points", "run_cap: N");
  }

  @Test
  void takes_a_bare_scalar_for_a_constant_and_a_file_without_method_for_a_grid()
      throws IOException {
    assertThat(space("parameters: {a: 1, b: {values: [x, y]}}\n").at(1))
        .isEqualTo(Map.of("a", 1L, "b", "y"));
  }

  @Test
  void hands_out_what_cannot_be_changed() throws IOException {
    PointSpace space =
        space("parameters: {a: {parameters: {b: {value: {c: [1]}}}}, d: {value: [1]}}\n");
    Map<String, @Nullable Object> point = space.at(0);

    assertThatThrownBy(point::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> space.flat(0).clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((Map<?, ?>) inside(point, "a")).clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((Map<?, ?>) inside((Map<?, ?>) inside(point, "a"), "b")).clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((List<?>) inside(point, "d")).clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static Object inside(Map<?, ?> map, String name) {
    return Objects.requireNonNull(map.get(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{min: 0.0, max: 1} | uniform",
        "{distribution: normal} | normal",
        "{distribution: log_uniform_values, min: 1, max: 2} | log_uniform_values",
        "{values: [1, 2], probabilities: [0.5, 0.5]} | probabilities"
      })
  void refuses_what_it_cannot_enumerate(String parameter, String what) {
    refuses(
        "method: grid\nparameters:\n  a:\n    parameters:\n      b: " + parameter + "\n",
        5,
        "parameter a.b has " + what + "; a grid cannot enumerate that",
        "values: [...]",
        "q_uniform",
        "method: random with run_cap: N");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1, 2] | bare list",
        "{} | neither values nor a distribution",
        "{values: []} | values of parameter a is empty",
        "{values: 3} | values of parameter a is not a list",
        "{value: 1, values: [1]} | has values, which constant does not take",
        "{lr: {values: [1]}} | Nested keys stand under parameters",
        "{vales: [1]} | Did you mean values",
        "{parameters: {}} | a.parameters is empty",
        "{parameters: 1} | a.parameters is not a map",
        "{parameters: {b: 1}, value: 1} | Keep the parameters alone",
        "{values: [1], distribution: uniform} | has values, which uniform does not take",
        "{values: [2024-01-02]} | Put it in quotes",
        "{values: [[2024-01-02]]} | Put it in quotes",
        "{values: [{1: 2}]} | is not a string in YAML",
        "{values: [!!set {x}]} | has the tag tag:yaml.org,2002:set, which means nothing here",
        "{values: [!mine [x]]} | has the tag !mine, which means nothing here",
        "{values: &v [*v]} | nests too deeply",
        "{min: 0, max: 1000001} | more than 1000000 values",
        "{distribution: q_uniform, min: 0, max: 1, q: 1.0e-7} | more than 1000000 values",
        "{min: 1e-4, max: 1.0} | min of parameter a is 1e-4, in YAML no number"
      })
  void refuses_a_malformed_parameter_with_its_line(String parameter, String words) {
    refuses("method: grid\nparameters:\n  a: " + parameter + "\n", 3, words);
  }

  @Test
  void refuses_a_name_that_two_ways_of_writing_give() {
    refuses("parameters:\n  a.b: 1\n  a: {parameters: {b: 2}}\n", 2, "a.b", "line 3");
  }

  @Test
  void refuses_a_file_of_aliases_that_multiply() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [*b, *b, *b, *b, *b]\n".formatted(i, i).replace("*b", "*a" + (i - 1)));
    }

    assertThatThrownBy(() -> space(bomb + "parameters: {a: {value: *a8}}\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("more values than can be held");
  }

  @Nested
  class A_method {
    @ParameterizedTest
    @ValueSource(strings = {"bayes", "custom"})
    void that_looks_at_results_is_refused_with_what_to_write(String method) {
      refuses(
          "name: n\nmethod: " + method + "\nparameters: {a: 1}\n",
          2,
          "method is " + method,
          "Write method: grid and list values, or method: random with run_cap: N");
    }

    @Test
    void that_nobody_knows_is_refused() {
      refuses("method: gird\nparameters: {a: 1}\n", 1, "gird", "Did you mean grid");
      refuses("method: evolution\nparameters: {a: 1}\n", 1, "evolution", "random with run_cap");
    }

    @Test
    void that_is_random_is_no_error_before_the_built_in_reading() throws IOException {
      SweepFile sweep = read("run_cap: 2\nmethod: random\nparameters: {a: 1}\n");

      assertThat(sweep.method()).isEqualTo("random");
      assertThat(sweep.space(SpaceOptions.NONE).size()).isEqualTo(2);
      assertThatThrownBy(sweep::grid)
          .isInstanceOf(UserError.class)
          .hasMessageContaining("method is random; only grid can be run here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "'3'", "[1]", "3000000000"})
    void takes_a_run_cap_that_is_a_whole_number_above_0(String cap) {
      refuses("run_cap: " + cap + "\nparameters: {a: 1}\n", 1, "run_cap is", "above 0");
    }
  }

  @Nested
  class Words_like_numbers {
    private static final String TEXT =
        """
        parameters:
          lr: {values: [1e-4, 1.0e-4, "1e-4", 3E6, 1.5e3, -1e-3, +.5, 1e, e5, 1.2.3, 08, 1e999]}
          nested: {value: {a: [2e-5]}}
        """;

    @Test
    void stay_words_and_are_noted_once() throws IOException {
      PointSpace space = space(TEXT);

      assertThat(values(space, "lr"))
          .containsExactly(
              "1e-4", 1.0e-4, "3E6", "1.5e3", "-1e-3", "+.5", "1e", "e5", "1.2.3", "08", "1e999");
      assertThat(space.notes())
          .singleElement()
          .asString()
          .startsWith(file() + ":2: 1e-4 (and 6 more like it) is a string in YAML")
          .contains("wandb.config keeps the string", "write 1.0e-4", "--numbers");
    }

    @Test
    void become_numbers_where_that_is_asked_for() throws IOException {
      PointSpace space = read(TEXT).space(NUMBERS);

      assertThat(values(space, "lr"))
          .isEqualTo(
              Arrays.asList(
                  1e-4, "1e-4", 3e6, 1500.0, -1e-3, 0.5, "1e", "e5", "1.2.3", "08", "1e999"));
      assertThat(space.flat(0)).containsEntry("nested", Map.of("a", List.of(2e-5)));
    }

    @Test
    void are_limits_only_where_that_is_asked_for() throws IOException {
      String text = "parameters:\n  a: {distribution: q_uniform, min: 0, max: 1e0, q: 5e-1}\n";

      assertThat(values(read(text).space(NUMBERS), "a")).containsExactly(0.0, 0.5);
      refuses(text, 2, "max of parameter a is 1e0, in YAML no number", "--numbers");
    }

    @Test
    void of_which_there_are_none_are_not_noted() throws IOException {
      assertThat(space("parameters: {a: {values: [1.0e-4, x]}}\n").notes()).isEmpty();
    }
  }
}
