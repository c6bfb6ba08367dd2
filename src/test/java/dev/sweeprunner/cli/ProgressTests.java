package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTests {
  @TempDir Path folder;

  private final Views views = new Views();
  private Points points;
  private Point point;
  private String name;

  @BeforeEach
  void makePoints() {
    points = Views.grid(folder);
    point = points.at(2);
    name = point.runId() + " n_embd=16 translation_ratio=0.25";
  }

  private Progress progress(Screen screen) {
    return new Progress(screen, views.clock, List.of(points));
  }

  private void rows(Progress progress, int from, int to, Duration each) {
    for (int step = from; step < to; step++) {
      progress.row(
          point,
          Situations.row(step, "train/loss", 1.25, "lr", 0.1),
          12_345,
          Duration.ofSeconds(9));
      views.clock.advance(each);
    }
  }

  /** What was printed, each line without the time of day that it begins with. */
  private List<String> told() {
    assertThat(views.printed.lines()).allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d .*"));
    return views.printed.lines().stream()
        .map(line -> line.substring("HH:MM:SS ".length()))
        .toList();
  }

  @Test
  void a_kept_line_begins_with_the_local_time() {
    Progress progress = progress(views.screen(120));

    views.clock.advance(Duration.ofSeconds(11_467));
    progress.say("News.");

    LocalTime now = views.clock.now().atZone(ZoneId.systemDefault()).toLocalTime();
    assertThat(views.printed.text()).isEqualTo(now.toString() + " News.\n");
  }

  @Test
  void a_row_is_a_line_with_loss_rate_and_time_left() {
    Progress progress = progress(views.screen(120));

    rows(progress, 120, 121, Duration.ZERO);

    assertThat(told()).containsExactly(name + "  120/400  loss 1.2500  12.3k tokens/s  9 s left");
  }

  @Test
  void a_fast_run_tells_one_row_a_second_and_its_first_and_last() {
    Progress progress = progress(views.screen(120));

    progress.began(point, 1, 0);
    rows(progress, 0, 250, Duration.ofMillis(10));
    progress.ended(point, Outcome.FINISHED, "");

    assertThat(told())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo(name + " begins"),
            line -> assertThat(line).contains("  0/400"),
            line -> assertThat(line).contains("  100/400"),
            line -> assertThat(line).contains("  200/400"),
            line -> assertThat(line).contains("  249/400"),
            line -> assertThat(line).isEqualTo(name + " finished"));
  }

  @Test
  void a_slow_run_tells_every_row() {
    Progress progress = progress(views.screen(120));

    rows(progress, 0, 5, Duration.ofSeconds(2));
    progress.ended(point, Outcome.RELEASED, "SIGTERM");

    assertThat(told()).hasSize(6);
    assertThat(told().get(5)).isEqualTo(name + " given back: SIGTERM");
  }

  @Test
  void each_run_tells_its_own_first_row() {
    Progress progress = progress(views.screen(120));

    progress.began(point, 1, 0);
    rows(progress, 0, 1, Duration.ZERO);
    progress.ended(point, Outcome.FINISHED, "");
    progress.began(point, 3, 80);
    rows(progress, 80, 81, Duration.ZERO);

    assertThat(told().get(3)).isEqualTo(name + " goes on at iteration 80 (claim 3)");
    assertThat(told().get(4)).contains("  80/400");
  }

  @Test
  void an_evaluation_tells_its_losses_by_their_names() {
    Progress progress = progress(views.screen(120));

    progress.row(point, Situations.row(400, "eval/train_loss", 0.5, "val/loss", 0.25), 0, null);

    assertThat(told()).containsExactly(name + "  400/400  eval/train_loss 0.5000  val/loss 0.2500");
  }

  @Test
  void publishes_are_told_at_most_once_a_second() {
    Progress progress = progress(views.screen(120));

    progress.published(point, Situations.checkpoint(80), Duration.ofMillis(12));
    views.clock.advance(Duration.ofMillis(500));
    progress.published(point, Situations.checkpoint(90), Duration.ofMillis(12));
    views.clock.advance(Duration.ofMillis(500));
    progress.published(point, Situations.checkpoint(100), Duration.ofMillis(12));

    assertThat(told())
        .containsExactly(
            name + "  checkpoint at iteration 80 published in 12 ms",
            name + "  checkpoint at iteration 100 published in 12 ms");
  }

  @Test
  void on_a_terminal_a_bar_is_redrawn_in_place() {
    Progress progress = progress(views.live(100));

    rows(progress, 100, 102, Duration.ofMillis(200));

    assertThat(views.printed.text())
        .isEqualTo(
            "\r\u001B[K[=====               ] 100/400  loss 1.2500  12.3k tokens/s  9 s left  "
                + name.substring(0, 26)
                + "..\r\u001B[K[=====               ] 101/400  loss 1.2500  12.3k tokens/s"
                + "  9 s left  "
                + name.substring(0, 26)
                + "..");
  }

  @Test
  void the_bar_is_redrawn_ten_times_a_second_at_most() {
    Progress progress = progress(views.live(120));

    rows(progress, 0, 100, Duration.ofMillis(10));

    assertThat(views.printed.text().split("\r", -1)).hasSize(11);
  }

  @Test
  void messages_stand_above_the_bar_and_the_end_takes_it_away() {
    Progress progress = progress(views.live(200));
    rows(progress, 100, 101, Duration.ZERO);
    String bar = views.printed.text().substring("\r\u001B[K".length());

    progress.say("News.");
    progress.ended(point, Outcome.SUPERSEDED, "epoch 4");

    assertThat(views.printed.text())
        .isEqualTo(
            "\r\u001B[K"
                + bar
                + "\r\u001B[KNews.\n"
                + bar
                + "\r\u001B[K"
                + name
                + " belongs to another worker now: epoch 4\n");
  }

  @Test
  void how_far_the_sweep_is_stands_in_one_line_and_its_time_only_where_it_is_known() {
    Progress progress = progress(views.screen(120));

    progress.progress("a.yaml", 1, 8, null);
    progress.progress("a.yaml", 3, 8, Duration.ofSeconds(95));

    assertThat(told())
        .containsExactly(
            "a.yaml: 1 of 8 points has ended", "a.yaml: 3 of 8 points have ended, about 95 s left");
  }

  @Test
  void a_run_whose_log_could_not_be_told_is_not_given_back() {
    Progress progress = progress(views.screen(120));

    progress.ended(point, Outcome.LEFT, "on SIGTERM");

    assertThat(told()).containsExactly(name + " could not be given back: on SIGTERM");
  }
}
