package dev.sweeprunner.cli.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsCommandTests {
  private static final String SEEDS = "{lr: {values: [0.1, 0.2]}, seed: {values: [1, 2, 3]}}";

  @TempDir Path folder;
  private final Views views = new Views();

  /** Points of a program. */
  private Points sweep(String metric, String parameters) {
    try {
      Path file =
          Files.writeString(
              folder.resolve("sweep.yaml"),
              """
              project: test
              name: own
              method: grid
              program: train.py
              %s
              parameters: %s
              """
                  .formatted(metric, parameters));
      SweepFile sweep = SweepFileReader.read(file, Map.of());
      return Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void finished(Points points, int index, Object... metrics) {
    views.claims.tell(points.key(index), Situations.finished(points.at(index)));
    views.journal.tell(points.key(index), Situations.row(9, metrics));
  }

  private void training(Points points, int index, Object... metrics) {
    views.claims.tell(points.key(index), Situations.training(points.at(index), 5));
    views.journal.tell(points.key(index), Situations.row(5, metrics));
  }

  /** Two settings of three seeds each; the second setting has the better losses. */
  private Points seeds() {
    Points points = sweep("metric: {name: val/loss, goal: minimize}", SEEDS);
    double[] losses = {0.5, 0.25, 0.75, 0.125, 0.25, 0.375};
    for (int i = 0; i < losses.length; i++) {
      finished(points, i, "val/loss", losses[i], "acc", 0.5);
    }
    return points;
  }

  private String results(Points points, String words) {
    String line = ("results --sweep a.yaml " + words).strip();
    Captured printed = new Captured();
    Screen screen = new Screen(printed.out(), false, false, 200);
    ExitCode code =
        new ResultsCommand(List.of(points), views.ports(), screen)
            .run(CommandLine.parse(line.split(" "), Set.of()));
    assertThat(code).isEqualTo(ExitCode.DONE);
    return printed.text();
  }

  private List<String> lines(Points points, String words) {
    return results(points, words).lines().toList();
  }

  private JsonNode json(Points points, String words) {
    return JsonMapper.shared().readTree(results(points, "--format json " + words)).get(0);
  }

  @Test
  void without_seeds_each_point_has_a_line_and_the_best_of_each_metric_is_marked() {
    Points points = Views.grid(folder);
    for (int i = 0; i < 4; i++) {
      finished(points, i, "train/loss", 1.5 - i / 4.0, "val/loss", 0.5 + i);
    }

    List<String> lines = lines(points, "");

    assertThat(lines.get(1)).matches("run +n_embd +translation_ratio +train/loss +val/loss");
    assertThat(lines.get(2)).matches(points.runId(0) + " +8 +0\\.25 +1\\.5000 +\\*0\\.5000");
    assertThat(lines.get(5)).matches(points.runId(3) + " +16 +1\\.0 +\\*0\\.7500 +3\\.5000");
    assertThat(lines)
        .contains(
            "4 points: 4 finished.",
            "Best val/loss 0.5000: "
                + points.runId(0)
                + " n_embd=8 translation_ratio=0.25 (lower is better, by its name).");
  }

  @Test
  void over_seeds_there_are_mean_and_deviation_and_the_best_mean_is_marked() {
    Points points = seeds();

    List<String> lines = lines(points, "--metric val/loss");

    assertThat(lines.get(1)).matches("lr +points +val/loss");
    assertThat(lines.get(2)).matches("0\\.1 +3 +0\\.5000 \\+- 0\\.2500");
    assertThat(lines.get(3)).matches("0\\.2 +3 +\\*0\\.2500 \\+- 0\\.1250");
    assertThat(lines)
        .contains(
            "Mean +- standard deviation (of a sample) over seed.",
            "Best val/loss 0.1250: "
                + points.runId(3)
                + " lr=0.2 seed=1; best mean 0.2500 +- 0.1250 of 3: lr=0.2"
                + " (lower is better: the sweep file says so).");
  }

  @Test
  void a_point_that_is_not_finished_is_in_no_mean_and_no_best_and_it_is_said() {
    Points points = seeds();
    training(points, 4, "val/loss", 0.0625);

    List<String> lines = lines(points, "--metric val/loss");

    assertThat(lines.get(2)).matches("0\\.1 +3 +\\*0\\.5000 \\+- 0\\.2500");
    assertThat(lines.get(3)).matches("0\\.2 +2 of 3 +0\\.2500 \\+- 0\\.1768");
    assertThat(lines)
        .contains(
            "6 points: 5 finished, 1 training; 1 is not finished and is in no mean and no best.");
    assertThat(results(points, "--metric val/loss"))
        .contains("Best val/loss 0.1250: " + points.runId(3))
        .contains("; best mean 0.5000 +- 0.2500 of 3: lr=0.1 ");
  }

  @Test
  void each_point_by_itself_shows_what_is_not_final_in_parentheses() {
    Points points = seeds();
    training(points, 4, "val/loss", 0.0625);

    List<String> lines = lines(points, "--all --metric val/loss");

    assertThat(lines.get(1)).matches("run +lr +seed +state +val/loss");
    assertThat(lines.get(5)).matches(points.runId(3) + " +0\\.2 +1 +finished +\\*0\\.1250");
    assertThat(lines.get(6)).matches(points.runId(4) + " +0\\.2 +2 +training +\\(0\\.06250\\)");
  }

  @Test
  void what_is_no_finite_number_is_in_no_mean_and_it_is_said() {
    Points points = seeds();
    finished(points, 3, "val/loss", Double.NaN, "acc", Double.POSITIVE_INFINITY);
    finished(points, 5, "acc", 0.5);

    JsonNode loss = json(points, "").get("settings").get(1).get("metrics").get("val/loss");

    assertThat(loss.get("n").intValue()).isEqualTo(1);
    assertThat(loss.get("mean").doubleValue()).isEqualTo(0.25);
    assertThat(loss.get("sd").isNull()).isTrue();
    assertThat(loss.get("not_finite").intValue()).isEqualTo(1);
    assertThat(lines(points, ""))
        .contains(
            "val/loss is no finite number at 1 finished point and is missing at 1 finished point.",
            "acc is no finite number at 1 finished point.");
    assertThat(results(points, "")).contains("; best mean 0.5000 +- 0.2500 of 3: lr=0.1 ");
  }

  @Test
  void the_sweep_file_says_that_more_is_better_and_of_others_there_is_no_best() {
    Points points = sweep("metric: {name: acc, goal: maximize}", "{lr: {values: [0.1, 0.2, 0.3]}}");
    finished(points, 0, "acc", 0.5, "speed", 1.0, "ppl", 3.0);
    finished(points, 1, "acc", 0.75, "speed", 2.0, "ppl", 4.0);
    finished(points, 2, "speed", 2.0);

    List<String> lines = lines(points, "");

    assertThat(lines.get(3)).matches(points.runId(1) + " +0\\.2 +\\*0\\.7500 +2\\.0000 +4\\.0000");
    assertThat(lines.get(4)).matches(points.runId(2) + " +0\\.3 +- +2\\.0000 +-");
    assertThat(lines)
        .contains(
            "Best acc 0.7500: "
                + points.runId(1)
                + " lr=0.2 (higher is better: the sweep file says so).",
            "Best ppl 3.0000: " + points.runId(0) + " lr=0.1 (lower is better, by its name).");
    assertThat(results(points, "")).contains("No best of speed: nobody says which end is better;");
  }

  @Test
  void what_is_averaged_over_can_be_named() {
    List<String> lines = lines(seeds(), "--over lr --metric val/loss");

    assertThat(lines.get(1)).matches("seed +points +val/loss");
    assertThat(lines.get(2)).matches("1 +2 +0\\.3125 \\+- 0\\.2652");
    assertThat(lines(seeds(), "--over lr --over seed --metric val/loss").get(2))
        .matches("6 +\\*0\\.3750 \\+- 0\\.2236");
  }

  @Test
  void names_that_no_point_has_are_refused_with_the_nearest() {
    Points points = seeds();

    assertThatThrownBy(() -> results(points, "--over sed"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("sed: no point has such a key")
        .hasMessageContaining("Did you mean seed?");
    assertThatThrownBy(() -> results(points, "--metric val/los"))
        .hasMessageContaining("Did you mean val/loss?");
    assertThatThrownBy(() -> results(points, "--metric speed"))
        .hasMessageContaining("There are val/loss, acc");
  }

  @Test
  void before_anything_was_trained_it_says_so() {
    Points points = sweep("", SEEDS);

    List<String> lines = lines(points, "--metric val/loss");

    assertThat(lines)
        .contains(
            "6 points: 6 unclaimed; 6 are not finished and are in no mean and no best."
                + " No point has a value yet.");
  }

  @Test
  void csv_has_a_line_per_setting_with_all_digits() {
    Points points = seeds();
    finished(points, 0, "val/loss", 0.1 + 0.2);
    training(points, 4, "val/loss", 0.0625);

    List<String> lines = lines(points, "--format csv --metric val/loss");

    assertThat(lines.get(0))
        .isEqualTo(
            "sweep,overrides.lr,points,finished,run_ids,metrics.val/loss.n,metrics.val/loss.mean,"
                + "metrics.val/loss.sd,metrics.val/loss.min,metrics.val/loss.max,"
                + "metrics.val/loss.not_finite");
    assertThat(lines.get(1))
        .contains(",0.1,3,3," + points.runId(0) + " " + points.runId(1) + " ")
        .contains(",0.25,0.75,0");
    assertThat(lines.get(2)).endsWith(",2,0.25,0.1767766952966369,0.125,0.375,0");
    assertThat(lines).hasSize(3);
  }

  @Test
  void csv_of_each_point_says_which_values_are_final() {
    Points points = seeds();
    finished(points, 0, "val/loss", 0.1 + 0.2, "acc", 0.5);
    training(points, 4, "val/loss", 0.0625);

    List<String> lines = lines(points, "--all --format csv");

    assertThat(lines.get(0))
        .isEqualTo(
            "sweep,run_id,state,final,overrides.lr,overrides.seed,iter,metrics.val/loss,"
                + "metrics.acc");
    assertThat(lines.get(1)).contains(",finished,true,0.1,1,").endsWith("0.30000000000000004,0.5");
    assertThat(lines.get(5)).endsWith(",training,false,0.2,2,5,0.0625,");
  }

  @Test
  void json_has_points_settings_and_whose_word_the_goal_is() {
    Points points = seeds();

    JsonNode sweep = json(points, "");

    assertThat(sweep.get("over").get(0).stringValue()).isEqualTo("seed");
    assertThat(sweep.get("points")).hasSize(6);
    assertThat(sweep.get("points").get(3).get("metrics").get("val/loss").doubleValue())
        .isEqualTo(0.125);
    JsonNode loss = sweep.get("metrics").get(0);
    assertThat(loss.get("goal").stringValue()).isEqualTo("minimize");
    assertThat(loss.get("goal_from").stringValue()).isEqualTo("sweep");
    assertThat(loss.get("best").stringValue()).isEqualTo(points.runId(3));
    assertThat(loss.get("best_setting").get("lr").doubleValue()).isEqualTo(0.2);
    assertThat(sweep.get("metrics").get(1).get("goal").isNull()).isTrue();
    assertThat(sweep.get("metrics").get(1).get("best").isNull()).isTrue();
  }

  @Test
  void markdown_is_a_table_with_the_best_in_bold() {
    Points points = seeds();

    List<String> lines = lines(points, "--format md --metric val/loss");

    assertThat(lines)
        .startsWith(
            "| lr | points | val/loss |",
            "|---|---|--:|",
            "| 0.1 | 3 | 0.5000 \u00B1 0.2500 |",
            "| 0.2 | 3 | **0.2500 \u00B1 0.1250** |",
            "",
            "own",
            "");
  }

  @Test
  void what_a_name_or_a_value_holds_is_harmless_in_markdown_and_csv() {
    Points points =
        sweep("", "{'a|b': {values: ['<img src=x onerror=alert(1)>', '=cmd()', \"x\\ny|z\"]}}");
    finished(points, 0, "[loss](javascript:x)", 0.5);
    finished(points, 1, "=loss", 0.25);
    finished(points, 2, "loss\u001B[2J", 0.25);

    String md = results(points, "--format md");
    String csv = results(points, "--format csv");

    assertThat(md)
        .contains("| a\\|b | \\[loss\\](javascript:x) | =loss | loss\\\\u001b\\[2J |")
        .contains("| &lt;img src=x onerror=alert(1)&gt; | ")
        .contains("| x\\\\u000ay\\|z | ")
        .doesNotContain("<", "\u001B");
    assertThat(md.lines().filter(line -> line.startsWith("|"))).hasSize(5);
    assertThat(csv).contains(",'=cmd(),", "metrics.=loss").doesNotContain("\u001B");
    assertThat(results(points, "")).doesNotContain("\u001B");
    assertThat(results(points, "--format json")).doesNotContain("\u001B");
  }

  @Test
  void points_that_share_a_run_count_once() {
    Points points = Views.grid(folder, 400, "[8, 8]");
    for (int i = 0; i < 4; i++) {
      finished(points, i, "loss", 0.5 + i);
    }

    assertThat(lines(points, "")).hasSize(8).contains("2 points: 2 finished.");
    assertThat(lines(points, "--over model.n_embd").get(2)).matches("0\\.25 +1 .*");
  }

  @Test
  void of_ten_thousand_points_the_table_has_the_best_and_csv_each() {
    String seeds =
        IntStream.range(0, 10).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String rates =
        IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    Points points = sweep("", "{lr: {values: [%s]}, seed: {values: [%s]}}".formatted(rates, seeds));
    for (int i = 0; i < points.size(); i++) {
      finished(points, i, "loss", 1.0 + (7 * i) % 10_000);
    }

    List<String> lines = lines(points, "");

    assertThat(lines).hasSizeLessThan(60);
    assertThat(lines).contains("The 40 best by loss of 1000; --all and --format csv list each.");
    assertThat(lines.get(2)).contains(" *");
    assertThat(lines(points, "--format csv")).hasSize(1001);
    assertThat(lines(points, "--format csv --all")).hasSize(10_001);
    assertThat(lines(points, "--format md --all").stream().filter(line -> line.startsWith("|")))
        .hasSize(10_002);
  }
}
