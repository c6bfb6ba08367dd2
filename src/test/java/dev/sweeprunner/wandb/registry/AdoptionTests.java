package dev.sweeprunner.wandb.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were finished under other ids. */
class AdoptionTests {
  private static final long MAX_ITERS = 12;

  private final SettableClock clock = new SettableClock();
  private final ClockedFiles files = new ClockedFiles(clock);
  private final ProjectAtWandb project = new ProjectAtWandb();
  private final List<String> warnings = new ArrayList<>();

  @TempDir private Path folder;

  private WandbRegistry registry(Points points) {
    return new WandbRegistry(
        points,
        "test",
        project,
        new RegistryPorts(files, new Layout(folder), clock, clock::advance),
        new WandbRegistry.Options(true, true, Duration.ofSeconds(30), warnings::add));
  }

  private static Map<String, @Nullable Object> config(Points points, int index) {
    try {
      return new HashMap<>(Json.object(points.at(index).config().canonicalJson().getBytes(UTF_8)));
    } catch (UnreadableJson e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_run_that_an_agent_finished_stands_for_its_point() {
    Points points = Grids.tiny(folder, 5, MAX_ITERS);
    project.putFinished("x7q2k9ab", config(points, 3), MAX_ITERS);
    WandbRegistry registry = registry(points);

    Remote adopted = registry.state(points.runId(3));
    Remote other = registry.state(points.runId(2));

    assertThat(adopted).isEqualTo(new Remote.Adopted("x7q2k9ab", Duration.ZERO));
    assertThat(other).isEqualTo(new Remote.NotFound(Duration.ZERO));
    assertThat(project.pages().get(0)).contains("model", "model.n_embd", "data.source");
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_run_that_stopped_too_early_stands_for_nothing() {
    Points points = Grids.tiny(folder, 2, MAX_ITERS);
    project.putFinished("x7q2k9ab", config(points, 0), MAX_ITERS - 2);

    Remote state = registry(points).state(points.runId(0));

    assertThat(state).isInstanceOf(Remote.NotFound.class);
  }

  @Test
  void a_run_of_this_grid_stands_for_no_other_point() {
    Points points = Grids.tiny(folder, 2, MAX_ITERS);
    project.putFinished(points.runId(1), config(points, 0), MAX_ITERS);

    Remote state = registry(points).state(points.runId(0));

    assertThat(state).isInstanceOf(Remote.NotFound.class);
  }

  @Test
  void a_run_that_a_point_s_program_wrote_beside_its_own_stands_for_no_point() {
    Points points = Grids.tiny(folder, 2, MAX_ITERS);
    project.putFinished(points.runId(0) + "-2", config(points, 0), MAX_ITERS);
    project.putFinished("x7q2k9ab-2", config(points, 1), MAX_ITERS);
    WandbRegistry registry = registry(points);

    Remote own = registry.state(points.runId(0));
    Remote other = registry.state(points.runId(1));

    assertThat(own).isInstanceOf(Remote.NotFound.class);
    assertThat(other).isInstanceOf(Remote.Adopted.class);
  }

  @Test
  void a_point_that_runs_under_its_own_id_is_not_adopted() {
    Points points = Grids.tiny(folder, 3, MAX_ITERS);
    for (int i = 0; i < 3; i++) {
      project.putFinished("other" + i, config(points, i), MAX_ITERS);
    }
    project.put(points.runId(0), "running", ProjectAtWandb.SERVER_TIME, 3);
    project.put(points.runId(1), "finished", null, MAX_ITERS);
    project.put(points.runId(2), "crashed", ProjectAtWandb.SERVER_TIME, 3);
    WandbRegistry registry = registry(points);

    Remote running = registry.state(points.runId(0));
    Remote finished = registry.state(points.runId(1));
    Remote crashed = registry.state(points.runId(2));

    assertThat(running).isInstanceOf(Remote.Found.class);
    assertThat(finished).isInstanceOf(Remote.Found.class);
    assertThat(crashed).isEqualTo(new Remote.Adopted("other2", Duration.ZERO));
  }

  @Test
  void all_pages_are_read_once_by_all_workers_together() {
    Points points = Grids.tiny(folder, 40, MAX_ITERS);
    for (int i = 0; i < 40; i++) {
      project.putFinished("other" + i, config(points, i), MAX_ITERS);
    }
    project.perPage(10);
    List<Remote> states = new ArrayList<>();

    for (int worker = 0; worker < 3; worker++) {
      WandbRegistry registry = registry(points);
      for (int i = 0; i < 40; i++) {
        states.add(registry.state(points.runId(i)));
      }
    }

    assertThat(states).hasSize(120).allMatch(state -> state instanceof Remote.Adopted);
    assertThat(project.pages()).hasSize(4);
  }

  @Test
  void a_worker_looks_once_and_a_later_one_looks_again() {
    Points points = Grids.tiny(folder, 2, MAX_ITERS);
    WandbRegistry early = registry(points);
    early.state(points.runId(0));
    project.putFinished("late", config(points, 0), MAX_ITERS);
    clock.advance(Duration.ofMinutes(11));

    Remote before = early.state(points.runId(0));
    int asked = project.pages().size();
    Remote later = registry(points).state(points.runId(0));
    clock.advance(Duration.ofSeconds(1));
    Remote shared = early.state(points.runId(0));

    assertThat(before).isInstanceOf(Remote.NotFound.class);
    assertThat(asked).isEqualTo(1);
    assertThat(later).isInstanceOf(Remote.Adopted.class);
    assertThat(shared).isInstanceOf(Remote.Adopted.class);
  }

  @Test
  void a_failed_lookup_is_one_warning_and_is_made_good_later() {
    Points points = Grids.tiny(folder, 2, MAX_ITERS);
    project.putFinished("other", config(points, 0), MAX_ITERS);
    project.failAfter(0, new WandbFailure(Kind.UNREACHABLE, "no answer from W&B", null, null));
    WandbRegistry registry = registry(points);

    Remote without = registry.state(points.runId(0));
    registry.state(points.runId(1));
    project.failAfter(0, null);
    clock.advance(Duration.ofSeconds(30));
    Remote with = registry.state(points.runId(0));

    assertThat(without).isInstanceOf(Remote.Unknown.class);
    assertThat(warnings)
        .containsExactly("Runs finished under other ids are unknown: no answer from W&B");
    assertThat(with).isEqualTo(new Remote.Adopted("other", Duration.ZERO));
  }

  @Test
  void the_states_may_fail_while_the_adopted_runs_are_known() {
    Points points = Grids.tiny(folder, 2, MAX_ITERS);
    project.putFinished("other", config(points, 0), MAX_ITERS);
    WandbRegistry registry = registry(points);
    registry.state(points.runId(0));
    project.failAfter(0, new WandbFailure(Kind.UNREACHABLE, "no answer from W&B", null, null));
    clock.advance(Duration.ofSeconds(40));

    Remote adopted = registry.state(points.runId(0));
    Remote unknown = registry.state(points.runId(1));

    assertThat(adopted).isEqualTo(new Remote.Adopted("other", Duration.ofSeconds(40)));
    assertThat(unknown).isEqualTo(new Remote.Unknown("no answer from W&B"));
  }

  @Test
  void more_runs_than_are_looked_through_are_a_warning() {
    Points points = Grids.tiny(folder, 1, MAX_ITERS);
    for (int i = 0; i < 30; i++) {
      project.putFinished("other" + i, Map.of(), MAX_ITERS);
    }
    project.perPage(10);
    AdoptionTopic topic = new AdoptionTopic(points, RunIds.of(points), project, 20);

    AdoptionTopic.Adopted adopted = topic.ask(null, () -> {}).content();

    assertThat(adopted.cut()).isTrue();
    assertThat(project.pages()).hasSize(2);
  }

  @Test
  void of_two_twins_the_one_that_came_further_is_named() {
    Points points = Grids.tiny(folder, 1, MAX_ITERS);
    project.putFinished("a", config(points, 0), MAX_ITERS - 1);
    project.putFinished("c", config(points, 0), MAX_ITERS);
    project.putFinished("b", config(points, 0), MAX_ITERS);

    Remote state = registry(points).state(points.runId(0));

    assertThat(state).isEqualTo(new Remote.Adopted("b", Duration.ZERO));
  }
}
