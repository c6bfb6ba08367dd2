package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomSpaceTests {
  private static final int MANY = 20_000;

  @TempDir Path folder;

  private PointSpace space(String name, int runs, String parameters) throws IOException {
    Path file = folder.resolve("stem.yaml");
    Files.writeString(file, "method: random\n" + name + "parameters:\n" + parameters);
    return SweepFileReader.read(file, Map.of())
        .space(new SpaceOptions(OptionalInt.of(runs), false));
  }

  private double[] draw(String parameter) throws IOException {
    PointSpace space = space("name: draws\n", MANY, "  x: " + parameter + "\n");
    double[] values =
        IntStream.range(0, MANY)
            .mapToObj(space::flat)
            .mapToDouble(point -> ((Number) Objects.requireNonNull(point.get("x"))).doubleValue())
            .toArray();
    Arrays.sort(values);
    return values;
  }

  /**
   * Quantiles at 5, 25, 50, 75 and 95 % as scipy has them, each within five standard errors of the
   * share of draws below it.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{distribution: uniform, min: -1, max: 3} | -0.8 0 1 2 2.8",
        "{distribution: log_uniform, min: -9, max: -2} | 0.000175126 0.000710174 0.00408677"
            + " 0.0235177 0.0953692",
        "{distribution: log_uniform_values, min: 0.001, max: 10} | 0.00158489 0.01 0.1 1 6.30957",
        "{distribution: inv_log_uniform, min: 1, max: 4} | 0.0212797 0.0387742 0.082085 0.173774"
            + " 0.316637",
        "{distribution: inv_log_uniform_values, min: 0.5, max: 2} | 0.535887 0.707107 1 1.41421"
            + " 1.86607",
        "{distribution: normal} | -1.644853627 -0.6744897502 0 0.6744897502 1.644853627",
        "{distribution: normal, mu: 10, sigma: 2.5} | 5.88786593 8.31377562 10 11.6862244"
            + " 14.1121341",
        "{distribution: log_normal, mu: -1, sigma: 0.5} | 0.16163302 0.26256808 0.36787944"
            + " 0.5154293 0.83729972",
        "{distribution: beta} | 0.05 0.25 0.5 0.75 0.95",
        "{distribution: beta, a: 2, b: 5} | 0.06284989 0.16116292 0.26444998 0.38947949 0.58180341",
        "{distribution: beta, a: 0.5, b: 0.5} | 0.00615583 0.146446609 0.5 0.853553391 0.99384417",
        "{distribution: beta, a: 30, b: 0.2} | 0.9657868635 0.9939759952 0.9992993882 0.9999784609"
            + " 0.9999999931"
      })
  void a_continuous_distribution_has_its_quantiles(String parameter, String quantiles)
      throws IOException {
    double[] values = draw(parameter);
    double[] shares = {0.05, 0.25, 0.5, 0.75, 0.95};
    double[] expected =
        Arrays.stream(quantiles.split(" ")).mapToDouble(Double::parseDouble).toArray();

    for (int i = 0; i < shares.length; i++) {
      double limit = expected[i];
      double below = Arrays.stream(values).filter(v -> v < limit).count() / (double) MANY;
      double error = Math.sqrt(shares[i] * (1 - shares[i]) / MANY);
      assertThat(below).as("below %s", limit).isCloseTo(shares[i], within(5 * error));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{min: -2, max: 2} | -2 2 1",
        "{min: 9007199254740990, max: 9007199254740992} | 9007199254740990 9007199254740992 1",
        "{distribution: q_uniform, min: 0, max: 1, q: 0.25} | 0 1 0.25",
        "{distribution: q_uniform, min: 0.2, max: 1.2, q: 0.5} | 0 1 0.5",
        "{distribution: q_log_uniform, min: 0, max: 3, q: 2} | 2 20 2",
        "{distribution: q_log_uniform_values, min: 32, max: 256, q: 8} | 32 256 8",
        "{distribution: q_beta, q: 0.5} | 0 1 0.5"
      })
  void a_rounded_distribution_takes_every_multiple_between_its_ends(String parameter, String ends)
      throws IOException {
    double[] numbers = Arrays.stream(ends.split(" ")).mapToDouble(Double::parseDouble).toArray();

    double[] values = Arrays.stream(draw(parameter)).distinct().toArray();

    assertThat(values[0]).isEqualTo(numbers[0]);
    assertThat(values[values.length - 1]).isEqualTo(numbers[1]);
    assertThat(values).hasSize((int) ((numbers[1] - numbers[0]) / numbers[2]) + 1);
    assertThat(Arrays.stream(values)).allMatch(v -> v / numbers[2] == Math.rint(v / numbers[2]));
  }

  @Test
  void rounded_normals_are_multiples_with_the_share_of_their_interval() throws IOException {
    double[] values = draw("{distribution: q_normal, mu: 5, sigma: 3, q: 2}");
    double[] logs = draw("{distribution: q_log_normal, q: 0.5}");

    assertThat(Arrays.stream(values)).allMatch(v -> v % 2 == 0);
    assertThat(Arrays.stream(logs)).allMatch(v -> v >= 0 && v * 2 == Math.rint(v * 2));
    double fours = Arrays.stream(values).filter(v -> v == 4).count() / (double) MANY;
    double ones = Arrays.stream(logs).filter(v -> v == 1).count() / (double) MANY;
    assertThat(fours).isCloseTo(0.2475075, within(0.0153)); // norm.cdf(0) - norm.cdf(-2 / 3)
    assertThat(ones).isCloseTo(0.2014931, within(0.0142)); // lognorm.cdf(1.25) - lognorm.cdf(0.75)
  }

  @Test
  void choices_have_their_probabilities() throws IOException {
    double[] even = draw("{values: [0, 1, 2]}");
    double[] weighted = draw("{values: [0, 1, 2, 3], probabilities: [0.1, 0, 0.7, 0.2]}");

    for (int value = 0; value < 3; value++) {
      assertThat(share(even, value)).isCloseTo(1 / 3.0, within(0.0167));
    }
    assertThat(share(weighted, 0)).isCloseTo(0.1, within(0.0107));
    assertThat(share(weighted, 1)).isZero();
    assertThat(share(weighted, 2)).isCloseTo(0.7, within(0.0163));
    assertThat(share(weighted, 3)).isCloseTo(0.2, within(0.0142));
  }

  private static double share(double[] values, double value) {
    return Arrays.stream(values).filter(v -> v == value).count() / (double) values.length;
  }

  @Test
  void shapes_too_small_for_their_gamma_still_give_a_beta() throws IOException {
    double[] values = draw("{distribution: beta, a: 0.001, b: 0.001}");

    assertThat(Arrays.stream(values)).allMatch(v -> v >= 0 && v <= 1);
    assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(0.5, within(0.018));
  }

  /** These must never change: the run ids of every random sweep rest on them. */
  @Test
  void points_are_the_same_for_ever() throws IOException {
    PointSpace space =
        space(
            "name: demo\n",
            3,
            """
              lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
              layers: {min: 1, max: 12}
              dropout: {distribution: q_uniform, min: 0, max: 0.5, q: 0.1}
              noise: {distribution: normal}
              mix: {distribution: beta, a: 2, b: 0.5}
              optimizer: {parameters: {name: {values: [adam, sgd, lion]}}}
            """);

    assertThat(space.at(0))
        .isEqualTo(
            Map.of(
                "lr", 0.011807320089470923,
                "layers", 1L,
                "dropout", 0.30000000000000004,
                "noise", 0.13566169938472442,
                "mix", 0.8533242167865356,
                "optimizer", Map.of("name", "adam")));
    assertThat(space.at(2))
        .isEqualTo(
            Map.of(
                "lr", 0.0025114950603107792,
                "layers", 5L,
                "dropout", 0.1,
                "noise", 1.2653787949381536,
                "mix", 0.6818195428076255,
                "optimizer", Map.of("name", "sgd")));
  }

  @Test
  void a_point_depends_on_neither_the_number_of_points_nor_the_other_parameters()
      throws IOException {
    String a = "  a: {min: 0.0, max: 1.0}\n";
    String b = "  b: {distribution: normal}\n";

    PointSpace few = space("", 3, a + b);
    PointSpace many = space("", 300, "  A: {values: [1, 2]}\n" + b + a);

    for (int i = 2; i >= 0; i--) {
      assertThat(many.at(i)).containsAllEntriesOf(few.at(i));
    }
    assertThat(IntStream.range(0, 300).mapToObj(i -> many.at(i).get("a")).distinct()).hasSize(300);
  }

  @Test
  void the_sweeps_name_decides_and_without_one_the_files() throws IOException {
    String a = "  a: {min: 0.0, max: 1.0}\n";

    Map<String, ?> unnamed = space("", 1, a).at(0);

    assertThat(space("name: stem\n", 1, a).at(0)).isEqualTo(unnamed);
    assertThat(space("name: other\n", 1, a).at(0)).isNotEqualTo(unnamed);
  }

  @Test
  void what_varies_is_named() throws IOException {
    PointSpace space =
        space(
            "",
            1,
            """
              z: {value: 1}
              n: {parameters: {b: {min: 0, max: 1}, a: {values: [1, 1.0]}}}
              c: {distribution: normal}
            """);

    assertThat(space.swept()).containsExactly("c", "n.b");
    assertThat(space.flat(0).keySet()).containsExactly("c", "n.a", "n.b", "z");
    assertThat(space.at(0).keySet()).containsExactly("c", "z", "n");
  }

  @Test
  void needs_a_number_of_runs() throws IOException {
    Path file = folder.resolve("a.yaml");
    String parameters = "parameters:\n  a: {min: 0.0, max: 1.0}\n";
    Files.writeString(file, "name: n\nmethod: random\n" + parameters);
    SweepFile endless = SweepFileReader.read(file, Map.of());

    assertThatThrownBy(() -> endless.space(SpaceOptions.NONE))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ":2: ")
        .hasMessageContainingAll("run_cap: N", "--runs N");

    Files.writeString(file, "run_cap: 7\nmethod: random\n" + parameters);
    SweepFile capped = SweepFileReader.read(file, Map.of());
    assertThat(capped.space(SpaceOptions.NONE).size()).isEqualTo(7);
    assertThat(capped.space(new SpaceOptions(OptionalInt.of(9), false)).size()).isEqualTo(9);
  }

  @Test
  void limits_that_are_exponents_are_pointed_out() throws IOException {
    List<String> notes =
        space("", 1, "  lr: {distribution: log_uniform, min: 0.001, max: 0.1}\n").notes();

    assertThat(notes)
        .singleElement()
        .asString()
        .contains("stem.yaml:3: log_uniform of lr", "exponents of e", "log_uniform_values");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{distribution: uniform, min: 2, max: 1} | a min that is not below its max",
        "{distribution: uniform, min: 2} | has no max, which uniform needs",
        "{min: 2} | neither values nor a distribution",
        "{distribution: int_uniform, min: 1.0, max: 2} | min of parameter x is no whole number",
        "{distribution: uniform, min: 0, max: 1, q: 0.1} | has q, which uniform does not take",
        "{distribution: log_uniform_values, min: 0, max: 1} | min of parameter x is 0",
        "{distribution: log_uniform, min: 1, max: 1000} | log_uniform_values",
        "{distribution: inv_log_uniform, min: -1000, max: 1} | inv_log_uniform_values",
        "{distribution: normal, sigma: 0} | sigma of parameter x is 0",
        "{distribution: beta, b: -1} | b of parameter x is -1",
        "{distribution: q_normal, q: 0} | q of parameter x is 0",
        "{distribution: normal, mu: 1e-3} | mu of parameter x is 1e-3, in YAML no number",
        "{distribution: normal, mu: .inf} | mu of parameter x is .inf",
        "{distribution: nromal} | Did you mean normal",
        "{distribution: zzzzzzzzz} | W&B has constant, categorical",
        "{distribution: normal, sgima: 1} | Did you mean sigma",
        "{values: [1, 2], probabilities: [0.5]} | one share per value",
        "{values: [1, 2], probabilities: [0.5, 0.6]} | one share per value",
        "{values: [1, 2], probabilities: [-0.5, 1.5]} | one share per value",
        "{values: [1, 2], probabilities: 1} | probabilities of parameter x is not a list",
        "{min: 0, max: 9007199254740993} | spans more than 2^53"
      })
  void what_w_and_b_does_not_take_is_refused(String parameter, String words) {
    assertThatThrownBy(() -> space("", 1, "  x: " + parameter + "\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("stem.yaml:3: ")
        .hasMessageContaining(words);
  }
}
