package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.PointStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Four points: 0 unclaimed, 1 training at 100, 2 stale at 80, 3 finished at 400. */
class SelectionTests {
  @TempDir Path folder;

  private static Selection of(String words) {
    String line = "status --sweep a.yaml" + (words.isEmpty() ? "" : " " + words);
    return Selection.of(CommandLine.parse(line.split(" "), Set.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0 1 2 3",
    "-s training, 1",
    "'-s training,stale', 1 2",
    "-s training -s finished, 1 3",
    "-f n_embd=16, 2 3",
    "-f model.n_embd=16.0 -f translation_ratio=0.25, 2",
    "-f translation_ratio=0.25 -f translation_ratio=1, 0 1 2 3",
    "-f experiment.translation_ratio=1 -s finished, 3",
    "-f worker=w1, 1 2 3",
    "-f seed=65, ''",
    "--sort -iter, 3 1 2 0",
    "--sort progress, 0 2 1 3",
    "--sort loss, 3 1 0 2",
    "--sort -loss, 1 3 0 2",
    "--sort state, 3 2 1 0",
    "--sort translation_ratio, 0 2 1 3",
    "--sort -n_embd -s unclaimed -s stale, 2 0",
  })
  void points_are_chosen_and_ordered(String words, String indices) {
    SweepStatus sweep = Views.midway(Views.grid(folder));

    List<PointStatus> chosen = of(words).of(sweep);

    assertThat(chosen)
        .extracting(point -> Integer.toString(point.point().index()))
        .isEqualTo(indices.isEmpty() ? List.of() : List.of(indices.split(" ")));
  }

  @Test
  void a_key_that_no_sweep_has_is_refused_with_the_nearest() {
    List<SweepStatus> sweeps = List.of(Views.midway(Views.grid(folder)));

    assertThatThrownBy(() -> of("-f n_emb=16").check(sweeps))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("n_emb")
        .hasMessageContaining("n_embd");
    assertThatThrownBy(() -> of("--sort -qqqqqqq").check(sweeps))
        .hasMessageContaining("Name a swept key");
    of("-f n_embd=7 --sort eta --group seed").check(sweeps);
  }

  @Test
  void every_view_shows_what_was_chosen_and_the_counts_stay_whole() {
    Views views = new Views();
    var points = Views.grid(folder);
    var line = CommandLine.parse("status --sweep a.yaml -f n_embd=16".split(" "), Set.of());
    StatusCommand status =
        new StatusCommand(List.of(points), views.ports(), views.screen(120)).choosing(line);

    status.run(OutputFormat.TABLE);
    assertThat(views.printed.text())
        .contains(points.runId(2), "2 of 4 points are as asked for.", "4 points: 4 unclaimed")
        .doesNotContain(points.runId(0));
    int before = views.printed.lines().size();
    status.run(OutputFormat.CSV);
    assertThat(views.printed.lines()).hasSize(before + 3);
    status.run(OutputFormat.JSON);
    assertThat(views.printed.lines()).hasSize(before + 3 + 4);
  }

  @Test
  void a_choice_of_nothing_is_an_answer_in_every_format() {
    Views views = new Views();
    var line = CommandLine.parse("status --sweep a.yaml -s held".split(" "), Set.of());
    StatusCommand status =
        new StatusCommand(List.of(Views.grid(folder)), views.ports(), views.screen(120))
            .choosing(line);

    for (OutputFormat format : OutputFormat.values()) {
      status.run(format);
    }

    assertThat(views.printed.text()).contains("0 of 4 points", "index,run_id", "[\n]");
  }
}
