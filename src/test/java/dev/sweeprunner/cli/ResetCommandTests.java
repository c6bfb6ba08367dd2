package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResetCommandTests {
  @TempDir Path folder;

  private final Views views = new Views();

  private ExitCode reset(
      List<Points> sweeps, Function<String, List<RunKey>> finder, String... ids) {
    return new ResetCommand(sweeps, views.claims, finder, views.screen(200)).run(List.of(ids));
  }

  @Test
  void a_poisoned_run_and_a_held_one_are_freed() {
    Points points = Views.grid(folder);
    views.claims.tell(points.key(0), Situations.poisoned(points.at(0), "GPU lost"));
    views.claims.tell(points.key(1), Situations.held(points.at(1)));

    ExitCode code = reset(List.of(points), id -> List.of(), points.runId(0), points.runId(1));

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(views.claims.resets()).containsExactly(points.runId(0), points.runId(1));
  }

  @Test
  void a_refused_run_does_not_keep_the_others_from_being_freed() {
    Points points = Views.grid(folder);
    views.claims.tell(points.key(0), Situations.training(points.at(0), 7));
    views.claims.tell(points.key(1), Situations.finished(points.at(1)));
    views.claims.tell(points.key(2), new ClaimState.Foreign("lock_meta.json"));
    views.claims.tell(points.key(3), Situations.held(points.at(3)));

    ExitCode code =
        reset(
            List.of(points),
            id -> List.of(),
            points.runId(0),
            points.runId(1),
            points.runId(2),
            "00000000",
            points.runId(3));

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(views.claims.resets()).containsExactly(points.runId(3));
    assertThat(views.printed.lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("it is claimed"),
            line -> assertThat(line).contains("it is finished"),
            line -> assertThat(line).contains("it belongs to another program: lock_meta.json"),
            line -> assertThat(line).contains("00000000: no run of this id is known"),
            line -> assertThat(line).contains("reset; the next free worker takes it"));
  }

  @Test
  void without_a_sweep_the_run_is_looked_for_under_the_storage_root() {
    Points points = Views.grid(folder);
    views.claims.tell(points.key(0), Situations.held(points.at(0)));

    ExitCode code = reset(List.of(), id -> List.of(points.key(0)), points.runId(0));

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(views.claims.resets()).containsExactly(points.runId(0));
  }

  @Test
  void an_id_of_several_projects_is_refused() {
    RunKey one = new RunKey("one", "g", "9f3c21aa", 1);
    RunKey two = new RunKey("two", "g", "9f3c21aa", 1);

    ExitCode code = reset(List.of(), id -> List.of(one, two), "9f3c21aa");

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(views.printed.text()).contains("one/g/9f3c21aa_s1, two/g/9f3c21aa_s1");
  }

  @Test
  void what_nobody_claimed_needs_no_reset() {
    Points points = Views.grid(folder);

    ExitCode code = reset(List.of(points), id -> List.of(), points.runId(0));

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(views.printed.text()).contains("nothing to reset");
  }
}
