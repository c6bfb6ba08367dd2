package dev.sweeprunner.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.wandb.Tracking.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether W&amp;B is told of the runs of programs. */
class TrackingTests {
  private static final Map<String, String> KEY =
      Map.of("WANDB_API_KEY", "0123456789abcdef0123456789abcdef01234567");

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private Points points;
  private @Nullable SweepFile goesAround;

  @BeforeEach
  void makeSweep() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("own.yaml"),
            "project: p\nname: g\nprogram: train.py\nparameters: {lr: {value: 1.0}}");
    SweepFile sweep = SweepFileReader.read(file, Map.of());
    points = Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
  }

  @Test
  void with_a_key_it_is_told_of_them_once_they_log_and_asked_nothing() {
    Tracking tracking = tracking("", KEY, true);

    assertThat(tracking.mode(points)).isEqualTo(Mode.ONLINE);
    assertThat(tracking.quiet(points)).isTrue();
    assertThat(tracking.words(points, Optional.empty())).isEqualTo("online, once the program logs");
    assertThat(tracking.modeAtAGlance(points)).isEqualTo(Mode.OFF);
    assertThat(tracking.logged(points).test(points.at(0))).isTrue();
    assertThat(why(tracking)).isEqualTo("what is known of a program's run lies here");
    assertThat(Tracking.project(points)).isEqualTo("p");
  }

  @Test
  void without_a_key_what_they_log_stays_here_for_a_later_sync() {
    Tracking tracking = tracking("", Map.of(), true);

    assertThat(tracking.mode(points)).isEqualTo(Mode.KEPT);
    assertThat(tracking.words(points, Optional.empty()))
        .isEqualTo("no key: what programs log stays here (metrics.jsonl)");
  }

  @Test
  void a_key_that_is_none_is_said_once_and_stops_nothing() {
    Tracking tracking = tracking("", Map.of("WANDB_API_KEY", "short"), true);

    assertThat(tracking.mode(points)).isEqualTo(Mode.KEPT);
    assertThat(tracking.mode(points)).isEqualTo(Mode.KEPT);
    assertThat(tracking.words(points, Optional.empty()))
        .isEqualTo("what programs log stays here (metrics.jsonl)");
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("WANDB_API_KEY")
        .endsWith("What programs log stays here meanwhile.");
  }

  @Test
  void the_user_s_own_mode_counts_from_the_environment_too() {
    Tracking offline = tracking("", Map.of("WANDB_MODE", "offline", "WANDB_API_KEY", key()), true);
    Tracking disabled = tracking("", Map.of("WANDB_MODE", "disabled"), true);

    assertThat(offline.mode(points)).isEqualTo(Mode.OFFLINE);
    assertThat(offline.words(points, Optional.empty())).isEqualTo("offline");
    assertThat(disabled.mode(points)).isEqualTo(Mode.OFF);
    assertThat(disabled.words(points, Optional.empty())).isEqualTo("disabled");
  }

  @Test
  void told_to_be_online_programs_runs_are_announced_like_any() {
    Tracking tracking = tracking("online", KEY, true);

    assertThat(tracking.mode(points)).isEqualTo(Mode.ONLINE);
    assertThat(tracking.modeAtAGlance(points)).isEqualTo(Mode.ONLINE);
    assertThat(tracking.quiet(points)).isFalse();
    assertThat(tracking.words(points, Optional.of("me"))).contains("/me/p/groups/g");
    assertThat(tracking("offline", KEY, true).mode(points)).isEqualTo(Mode.OFFLINE);
    assertThat(tracking("disabled", KEY, true).mode(points)).isEqualTo(Mode.OFF);
  }

  @Test
  void without_the_relay_w_b_is_up_to_the_program() {
    for (String mode : List.of("", "online", "offline")) {
      Tracking tracking = tracking(mode, KEY, false);

      assertThat(tracking.mode(points)).isEqualTo(Mode.OFF);
      assertThat(tracking.modeAtAGlance(points)).isEqualTo(Mode.OFF);
      assertThat(tracking.words(points, Optional.empty())).isEqualTo("up to the program itself");
      assertThat(why(tracking)).isEqualTo("its program speaks to W&B itself");
    }
  }

  @Test
  void one_sweep_alone_may_leave_the_relay() throws IOException {
    Points other = points;
    makeSweep();
    goesAround = points.sweep();
    Tracking tracking = tracking("online", KEY, true);

    assertThat(tracking.mode(points)).isEqualTo(Mode.OFF);
    assertThat(tracking.words(points, Optional.empty())).isEqualTo("up to the program itself");
    assertThat(tracking.mode(other)).isEqualTo(Mode.ONLINE);
  }

  @Test
  void runs_of_the_built_in_trainer_are_never_quiet() {
    Points own = Grids.tiny(folder.resolve("sweep"), 1, 4);
    Tracking tracking = tracking("", KEY, true);

    assertThat(tracking.quiet(own)).isFalse();
    assertThat(tracking.goesAround(own)).isFalse();
  }

  private String why(Tracking tracking) {
    return Looking.off(tracking, points).state("0") instanceof Remote.NotAsked asked
        ? asked.why()
        : "";
  }

  private Tracking tracking(String mode, Map<String, String> environment, boolean relay) {
    return new Tracking(
        new Tracking.Wishes(
            mode, Optional.empty(), "", false, sweep -> relay && !sweep.equals(goesAround)),
        environment,
        folder,
        folder,
        warnings::add);
  }

  private static String key() {
    return KEY.getOrDefault("WANDB_API_KEY", "");
  }
}
