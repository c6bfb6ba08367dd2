package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where the points of a user's own program stand, whose end may not be known. */
class ProgramStatusTests {
  @TempDir Path folder;
  private Points points;
  private Point first;

  @BeforeEach
  void makePoints() {
    points = Grids.program(folder);
    first = points.at(0);
  }

  /** The first point trains at step 120, the other is unclaimed. */
  private SweepStatus training(Row newest) {
    ToldWorkers workers = new ToldWorkers();
    workers.report(ToldWorkers.status(Situations.owner("w1"), first.runId(), 2));
    return Views.status(
        points,
        List.of(
            Situations.pointStatus(first, Situations.training(first, 120), newest),
            Situations.pointStatus(points.at(1), new ClaimState.Unclaimed())),
        workers);
  }

  private static Row ofTotal(Row row, double total) {
    return new Row(row.step(), row.values(), Map.of(Row.TOTAL, total));
  }

  private static Row row() {
    return Situations.row(120, "loss", 1.25, "acc", 0.5);
  }

  private static List<String> table(SweepStatus sweep) {
    Captured printed = new Captured();
    Screen screen = new Screen(printed.out(), false, false, 160);
    new StatusTable(screen).print(List.of(sweep), printed.out());
    return printed.lines();
  }

  private static JsonNode json(SweepStatus sweep) {
    Captured printed = new Captured();
    new StatusJson().print(List.of(sweep), printed.out());
    return JsonMapper.shared().readTree(printed.text()).get(0);
  }

  @Test
  void without_a_known_end_the_table_has_the_step_and_no_time_left() {
    List<String> lines = table(training(row()));

    assertThat(lines.get(1)).matches("run +lr +cluster +job +state +progress +acc +eta");
    assertThat(lines.get(2))
        .matches(first.runId() + " +0\\.1 +local +123_4 +training +step 120 +0\\.5000 +-");
  }

  @Test
  void an_end_that_the_program_told_is_the_end() {
    List<String> lines = table(training(ofTotal(row(), 400)));

    assertThat(lines.get(2)).contains("training", "  120/400  ").endsWith("  2 min");
  }

  @Test
  void the_rate_of_all_is_told_without_a_time_that_nobody_knows() {
    String text = String.join("\n", table(training(row())));

    assertThat(text).contains("2 steps/s").doesNotContain(" left").doesNotContain("tokens");
  }

  @Test
  void a_point_whose_end_is_not_known_leaves_the_end_of_all_unknown() {
    String text = String.join("\n", table(training(ofTotal(row(), 400))));

    assertThat(text).contains("2 steps/s").doesNotContain(" left");
  }

  @Test
  void the_machine_readable_views_have_no_end_where_none_is_known() {
    JsonNode unknown = json(training(row()));
    JsonNode known = json(training(ofTotal(row(), 400)));

    assertThat(unknown.path("max_iters").isNull()).isTrue();
    assertThat(unknown.path("eta_s").isNull()).isTrue();
    assertThat(unknown.path("iter").intValue()).isEqualTo(120);
    assertThat(unknown.path("metrics").path("acc").doubleValue()).isEqualTo(0.5);
    assertThat(known.path("max_iters").intValue()).isEqualTo(400);
    assertThat(known.path("eta_s").doubleValue()).isEqualTo(140);
  }

  @Test
  void a_folder_of_a_run_without_a_seed_has_none() {
    assertThat(json(training(row())).path("out_dir").stringValue())
        .isEqualTo("out/test/own/" + first.runId());
  }

  @Test
  void an_empty_cell_stands_for_an_end_that_is_not_known() {
    Captured printed = new Captured();
    new StatusCsv().print(List.of(training(row())), printed.out());

    assertThat(printed.lines().get(1)).contains(",1,1,120,,");
  }
}
