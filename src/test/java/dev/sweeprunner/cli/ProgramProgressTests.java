package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the work of a user's own program is told, whose end and metrics nobody knows beforehand. */
class ProgramProgressTests {
  @TempDir Path folder;

  private final Views views = new Views();
  private Points points;
  private Point point;
  private String name;

  @BeforeEach
  void makePoints() {
    points = Grids.program(folder);
    point = points.at(0);
    name = point.runId() + " lr=0.1";
  }

  private Progress progress(Screen screen) {
    return new Progress(screen, views.clock, List.of(points));
  }

  private String now(String line) {
    return TimeOfDay.head(views.screen(120), views.clock, line);
  }

  private static Row ofTotal(Row row, double total) {
    return new Row(row.step(), row.values(), Map.of(Row.TOTAL, total));
  }

  @Test
  void without_a_known_end_the_step_is_told() {
    progress(views.screen(120)).row(point, Situations.row(120, "loss", 1.25), 2, null);

    assertThat(views.printed.text()).isEqualTo(now(name + "  step 120  loss 1.2500  2 steps/s\n"));
  }

  @Test
  void an_end_that_the_program_told_is_the_end() {
    progress(views.screen(120))
        .row(point, ofTotal(Situations.row(120, "loss", 1.25), 400), 0, null);

    assertThat(views.printed.text()).isEqualTo(now(name + "  120/400  loss 1.2500\n"));
  }

  @Test
  void where_no_metric_is_a_loss_the_first_three_are_told() {
    progress(views.screen(120))
        .row(point, Situations.row(1, "acc", 0.5, "f1", 0.25, "bleu", 2.0, "lr", 0.1), 0, null);

    assertThat(views.printed.text())
        .contains("step 1  acc ", "  f1 ", "  bleu ")
        .doesNotContain("  lr 0");
  }

  @Test
  void without_a_known_end_the_bar_stays_empty() {
    progress(views.live(100)).row(point, Situations.row(120, "loss", 1.25), 0, null);

    assertThat(views.printed.text()).contains("[                    ] step 120  loss 1.2500");
  }

  @Test
  void a_bar_of_a_known_end_grows() {
    progress(views.live(100)).row(point, ofTotal(Situations.row(200, "loss", 1.25), 400), 0, null);

    assertThat(views.printed.text()).contains("[==========          ] 200/400");
  }

  @Test
  void a_step_beyond_the_end_that_was_told_breaks_nothing() {
    progress(views.live(100)).row(point, ofTotal(Situations.row(800, "loss", 1.25), 400), 0, null);

    assertThat(views.printed.text()).contains("[====================] 800/400");
  }
}
