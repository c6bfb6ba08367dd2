package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of many points, what stands beside few ones, and what needs attention. */
class LargeTableTests {
  private static final Selection EACH = new Selection(Set.of(), Map.of(), "", "", true);

  @TempDir Path folder;

  private static List<String> table(SweepStatus sweep, Selection selection, Screen screen) {
    Captured printed = new Captured();
    Screen shown = new Screen(printed.out(), screen.live(), screen.colours(), screen.columns());
    new StatusTable(shown).of(selection).print(List.of(sweep), printed.out());
    return printed.lines();
  }

  private static List<String> table(SweepStatus sweep, Selection selection) {
    return table(sweep, selection, new Screen(new Captured().out(), false, false, 100));
  }

  /** 120 widths of two ratios; of the first ratio every third is finished, one is poisoned. */
  private SweepStatus large() {
    String widths =
        IntStream.rangeClosed(1, 120)
            .mapToObj(i -> Integer.toString(8 * i))
            .collect(Collectors.joining(", ", "[", "]"));
    Points points = Views.grid(folder, 400, widths);
    List<PointStatus> statuses = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      var point = points.at(i);
      statuses.add(
          i == 1
              ? Situations.pointStatus(point, Situations.poisoned(point, "GPU lost"))
              : i % 6 == 0
                  ? Situations.pointStatus(
                      point, Situations.finished(point), Situations.row(400, "train/loss", i / 6.0))
                  : Situations.pointStatus(point, new ClaimState.Unclaimed()));
    }
    return Views.status(points, statuses, new ToldWorkers());
  }

  @Test
  void many_points_are_counted_by_the_key_that_fits_a_screen() {
    List<String> lines = table(large(), Selection.ALL);

    assertThat(lines.subList(1, 6))
        .containsExactly(
            "translation_ratio  points  finished  poisoned  unclaimed  done  mean loss",
            "0.25                  120        40         -         80  33 %     19.500",
            "1.0                   120         -         1        119   0 %          -",
            "all                   240        40         1        199  17 %     19.500",
            "Grouped by translation_ratio; --group KEY takes another key, -f"
                + " translation_ratio=VALUE one of");
    assertThat(lines).hasSizeLessThan(15);
  }

  @Test
  void each_point_is_listed_where_that_is_asked_for() {
    assertThat(table(large(), EACH)).hasSizeGreaterThan(240).noneMatch(l -> l.contains("Grouped"));
  }

  @Test
  void a_large_sweep_that_is_watched_is_grouped_too() {
    Captured printed = new Captured();
    Screen screen = new Screen(printed.out(), true, false, 100);

    new StatusTable(screen, 60).print(List.of(large()), printed.out());

    assertThat(printed.text()).contains("all ", "Grouped by").doesNotContain("are not listed");
  }

  @Test
  void few_points_are_grouped_where_that_is_asked_for() {
    SweepStatus sweep = Views.midway(Views.grid(folder));
    Selection byWidth = new Selection(Set.of(), Map.of(), "", "n_embd", false);

    assertThat(table(sweep, byWidth).subList(1, 5))
        .containsExactly(
            "n_embd  points  finished  unclaimed  training  stale  done  mean loss",
            "8            2         -          1         1      -  12 %     1.2500",
            "16           2         1          -         -      1  60 %     0.5000",
            "all          4         1          1         1      1  36 %     0.8750");
  }

  @Test
  void a_wide_terminal_shows_bars_ages_rates_and_workers_and_a_narrow_one_what_it_did() {
    SweepStatus sweep = Views.midway(Views.grid(folder));
    String wide =
        String.join(
            "\n", table(sweep, Selection.ALL, new Screen(new Captured().out(), true, false, 200)));
    String narrow =
        String.join(
            "\n", table(sweep, Selection.ALL, new Screen(new Captured().out(), true, false, 80)));

    assertThat(wide)
        .contains("[##--------]", "[##########]", "640/s", "worker", "  w1 ")
        .contains("[##############--------------------------] 36 % of the work");
    assertThat(wide).containsPattern("cluster +worker +job .* progress +loss .* eta +rate\n");
    assertThat(narrow).doesNotContain("worker");
    assertThat(narrow.lines().filter(line -> !line.contains(folder.toString())))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }

  @Test
  void what_needs_attention_comes_with_the_command_for_it() {
    SweepStatus sweep = large();
    String id = sweep.points().runId(1);
    String file = sweep.points().sweep().path().toString();
    String text = String.join(" ", table(sweep, Selection.ALL)).replaceAll("\\s+", " ");

    assertThat(text)
        .contains(
            "Attention: 1 poisoned; once the cause is mended: ./sweep-runner reset "
                + id
                + " --sweep "
                + file
                + " --storage /st")
        .contains("Nobody works on this sweep; a worker: ./sweep-runner --sweep " + file);
  }

  @Test
  void a_sweep_that_goes_its_way_needs_none() {
    List<String> lines = table(Views.midway(Views.grid(folder)), Selection.ALL);

    assertThat(lines).noneMatch(line -> line.startsWith("Attention") || line.startsWith("Nobody"));
  }
}
