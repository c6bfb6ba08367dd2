package dev.sweeprunner.wandb.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.wandb.api.RunState;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What W&B knows of a sweep, and what it costs to know it. */
class WandbRegistryTests {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final long MAX_ITERS = 12;

  private final SettableClock clock = new SettableClock();
  private final ClockedFiles files = new ClockedFiles(clock);
  private final ProjectAtWandb project = new ProjectAtWandb();
  private final List<String> warnings = new ArrayList<>();

  @TempDir private Path folder;

  private Points grid(int points) {
    return Grids.tiny(folder, points, MAX_ITERS);
  }

  private WandbRegistry registry(Points points) {
    return registry(points, true);
  }

  private WandbRegistry registry(Points points, boolean asks) {
    return new WandbRegistry(
        points,
        "test",
        project,
        ports(),
        new WandbRegistry.Options(asks, false, FRESH, warnings::add));
  }

  private RegistryPorts ports() {
    return new RegistryPorts(files, new Layout(folder), clock, clock::advance);
  }

  private static WandbFailure failure(@Nullable Duration retryAfter) {
    return new WandbFailure(Kind.LIMITED, "W&B wants fewer requests", retryAfter, null);
  }

  private static List<String> ascending(Points points) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      ids.add(points.runId(i));
    }
    return ids.stream().sorted().toList();
  }

  @Test
  void eighty_points_and_several_workers_cost_one_request_per_refresh() {
    Points points = grid(80);

    for (int refresh = 0; refresh < 3; refresh++) {
      for (int worker = 0; worker < 4; worker++) {
        WandbRegistry registry = registry(points);
        for (int i = 0; i < points.size(); i++) {
          registry.state(points.runId(i));
        }
      }
      clock.advance(FRESH);
    }

    assertThat(project.questions()).hasSize(3).allMatch(ids -> ids.equals(ascending(points)));
  }

  @Test
  void ten_thousand_points_are_asked_for_in_fifty_chunks_and_fewer_as_they_finish() {
    Points points = grid(10_000);
    WandbRegistry registry = registry(points);
    for (int i = 0; i < 9_900; i++) {
      project.put(points.runId(i), "finished", null, MAX_ITERS);
    }

    registry.state(points.runId(0));
    List<String> asked = project.questions().stream().flatMap(List::stream).toList();
    int first = project.questions().size();
    clock.advance(FRESH);
    registry.state(points.runId(0));

    assertThat(asked).isEqualTo(ascending(points));
    assertThat(first).isEqualTo(50);
    assertThat(project.questions()).hasSize(51);
    assertThat(project.questions().get(50)).hasSize(100).contains(points.runId(9_999));
  }

  @Test
  void a_sweep_that_is_finished_whole_costs_no_request() {
    Points points = grid(3);
    for (int i = 0; i < 3; i++) {
      project.put(points.runId(i), "finished", null, MAX_ITERS - 1);
    }
    registry(points).state(points.runId(0));

    clock.advance(Duration.ofHours(1));
    Remote state = registry(points).state(points.runId(2));

    assertThat(project.questions()).hasSize(1);
    assertThat(state)
        .isEqualTo(
            new Remote.Found(
                new RemoteState("finished", MAX_ITERS - 1, null), null, Duration.ZERO));
  }

  @Test
  void a_run_that_calls_itself_finished_too_early_is_asked_for_again() {
    Points points = grid(2);
    project.put(points.runId(0), "finished", null, MAX_ITERS - 2);
    WandbRegistry registry = registry(points);
    registry.state(points.runId(0));

    clock.advance(FRESH);
    registry.state(points.runId(0));

    assertThat(project.questions().get(1)).contains(points.runId(0));
  }

  @Test
  void a_heartbeat_is_as_old_as_the_server_said_and_the_answer_has_become_since() {
    Points points = grid(2);
    project.put(points.runId(0), "running", ProjectAtWandb.SERVER_TIME.minusSeconds(7), 5);
    registry(points).state(points.runId(0));

    clock.advance(Duration.ofSeconds(20));
    WandbRegistry other = registry(points);

    assertThat(other.state(points.runId(0)))
        .isEqualTo(
            new Remote.Found(
                new RemoteState("running", 5, Duration.ofSeconds(27)),
                null,
                Duration.ofSeconds(20)));
    assertThat(other.state(points.runId(1))).isEqualTo(new Remote.NotFound(Duration.ofSeconds(20)));
  }

  @Test
  void who_has_a_run_and_its_metrics_are_shared_as_well() {
    Points points = grid(3);
    Map<String, Double> metrics = Map.of("train/loss", 0.5, "val/translation_loss", Double.NaN);
    project.put(new RunState(points.runId(0), "finished", null, MAX_ITERS, "far north", metrics));
    project.put(new RunState(points.runId(1), "running", null, 3, null, Map.of()));
    registry(points).state(points.runId(0));

    WandbRegistry other = registry(points, false);

    assertThat(other.state(points.runId(0)))
        .isEqualTo(
            new Remote.Found(
                new RemoteState("finished", MAX_ITERS, null), "far north", metrics, Duration.ZERO));
    assertThat(other.state(points.runId(1)))
        .isEqualTo(new Remote.Found(new RemoteState("running", 3, null), null, Duration.ZERO));
  }

  @Test
  void an_answer_of_an_earlier_version_says_no_more_than_it_did() throws IOException {
    Points points = grid(1);
    project.put(new RunState(points.runId(0), "running", null, 3, "north", Map.of()));
    registry(points).state(points.runId(0));
    Path cache = new Layout(folder).cache(points.projectSlug());
    try (Stream<Path> answers = Files.list(cache)) {
      Path file = answers.filter(each -> each.toString().endsWith(".json")).findFirst().get();
      String answer = Files.readString(file);
      assertThat(answer).contains(",\"shown\":[");
      Files.writeString(file, answer.replaceFirst(",\"shown\":\\[[^]]*]", ""));
    }

    assertThat(registry(points, false).state(points.runId(0)))
        .isEqualTo(new Remote.Found(new RemoteState("running", 3, null), null, Duration.ZERO));
  }

  @Test
  void a_heartbeat_from_the_future_is_of_now() {
    Points points = grid(1);
    project.put(points.runId(0), "running", ProjectAtWandb.SERVER_TIME.plusSeconds(7), 5);

    Remote state = registry(points).state(points.runId(0));

    assertThat(state)
        .isEqualTo(
            new Remote.Found(new RemoteState("running", 5, Duration.ZERO), null, Duration.ZERO));
  }

  @Test
  void after_a_failure_all_is_unknown_but_what_has_finished() {
    Points points = grid(3);
    project.put(points.runId(0), "finished", null, MAX_ITERS);
    project.put(points.runId(1), "running", ProjectAtWandb.SERVER_TIME, 3);
    WandbRegistry registry = registry(points);
    registry.state(points.runId(0));
    project.failAfter(0, failure(null));
    clock.advance(FRESH);

    List<Remote> states = Stream.of(0, 1, 2).map(i -> registry.state(points.runId(i))).toList();

    assertThat(states)
        .containsExactly(
            new Remote.Found(new RemoteState("finished", MAX_ITERS, null), null, Duration.ZERO),
            new Remote.Unknown("W&B wants fewer requests"),
            new Remote.Unknown("W&B wants fewer requests"));
  }

  @Test
  void the_server_is_left_alone_as_long_as_it_asks_for_by_all_workers() {
    Points points = grid(2);
    project.failAfter(0, failure(Duration.ofMinutes(5)));
    registry(points).state(points.runId(0));

    for (int i = 0; i < 299; i++) {
      clock.advance(Duration.ofSeconds(1));
      registry(points).state(points.runId(0));
    }
    int before = project.questions().size();
    project.failAfter(0, null);
    clock.advance(Duration.ofSeconds(1));
    Remote after = registry(points).state(points.runId(0));

    assertThat(before).isEqualTo(1);
    assertThat(after).isEqualTo(new Remote.NotFound(Duration.ZERO));
  }

  @Test
  void a_refresh_that_fails_half_way_keeps_the_chunks_that_were_answered() {
    Points points = grid(500);
    List<String> ids = ascending(points);
    project.put(ids.get(10), "running", null, 3);
    project.failAfter(1, failure(null));
    WandbRegistry registry = registry(points);

    Remote running = registry.state(ids.get(10));
    Remote none = registry.state(ids.get(199));
    Remote unknown = registry.state(ids.get(200));

    assertThat(running).isInstanceOf(Remote.Found.class);
    assertThat(none).isInstanceOf(Remote.NotFound.class);
    assertThat(unknown).isEqualTo(new Remote.Unknown("W&B wants fewer requests"));
    assertThat(project.questions()).hasSize(2);
  }

  @Test
  void who_only_looks_never_asks_and_shows_how_old_the_answer_is() {
    Points points = grid(2);
    project.put(points.runId(0), "running", ProjectAtWandb.SERVER_TIME, 3);
    WandbRegistry reading = WandbRegistry.reading("test", points, true, ports());

    Remote before = reading.state(points.runId(0));
    registry(points).state(points.runId(0));
    clock.advance(Duration.ofHours(3));
    Remote found = reading.state(points.runId(0));
    Remote none = reading.state(points.runId(1));
    reading.refresh();

    assertThat(before).isEqualTo(new Remote.Unknown("nobody has asked W&B yet; --refresh asks"));
    assertThat(found)
        .isEqualTo(
            new Remote.Found(
                new RemoteState("running", 3, Duration.ofHours(3)), null, Duration.ofHours(3)));
    assertThat(none).isEqualTo(new Remote.NotFound(Duration.ofHours(3)));
    assertThat(project.questions()).hasSize(1);
  }

  @Test
  void a_refresh_asks_once_unless_the_answer_is_fresh() {
    Points points = grid(2);
    WandbRegistry status = registry(points, false);

    status.refresh();
    Remote asked = status.state(points.runId(0));
    status.refresh();
    clock.advance(FRESH);
    status.refresh();

    assertThat(asked).isEqualTo(new Remote.NotFound(Duration.ZERO));
    assertThat(project.questions()).hasSize(2);
  }

  @Test
  void a_refresh_asks_although_the_answer_would_do_for_a_worker() {
    Points points = grid(2);
    registry(points).state(points.runId(0));
    project.put(points.runId(0), "running", ProjectAtWandb.SERVER_TIME, 3);
    clock.advance(Duration.ofSeconds(12));

    registry(points, false).refresh();

    assertThat(project.questions()).hasSize(2);
    assertThat(warnings).isEmpty();
    assertThat(registry(points, false).state(points.runId(0))).isInstanceOf(Remote.Found.class);
  }

  @Test
  void of_many_that_refresh_at_once_one_asks_and_the_others_say_so() {
    Points points = grid(2);
    registry(points, false).refresh();
    clock.advance(Duration.ofSeconds(3));

    for (int i = 0; i < 5; i++) {
      registry(points, false).refresh();
    }

    assertThat(project.questions()).hasSize(1);
    assertThat(warnings)
        .hasSize(5)
        .containsOnly(
            "--refresh asks W&B nothing now: it was asked about test 3 s ago, and that answer"
                + " stands");
  }

  @Test
  void a_refresh_leaves_a_server_alone_that_wants_it_and_says_so() {
    Points points = grid(2);
    project.failAfter(0, failure(Duration.ofSeconds(60)));
    registry(points, false).refresh();
    clock.advance(Duration.ofSeconds(40));
    registry(points, false).refresh();
    clock.advance(Duration.ofSeconds(40));
    registry(points, false).refresh();

    assertThat(project.questions()).hasSize(2);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("40 s ago and is left alone", "W&B wants fewer requests");
  }

  @Test
  void an_answer_that_nobody_renews_is_unknown_for_a_worker() throws IOException {
    Points points = grid(2);
    registry(points).state(points.runId(0));
    clock.advance(Duration.ofHours(2));
    Path cache = new Layout(folder).cache(points.projectSlug());
    try (Stream<Path> names = Files.list(cache)) {
      String name = String.valueOf(names.findFirst().orElseThrow().getFileName());
      files.create(cache.resolve(name.replace(".json", ".ask-00000002")), new byte[0]);
    }

    Remote state = registry(points).state(points.runId(0));

    assertThat(state)
        .isEqualTo(new Remote.Unknown("W&B's newest answer is 120 min old and nobody renews it"));
  }

  @Test
  void an_id_of_another_sweep_is_not_taken_for_absent() {
    WandbRegistry registry = registry(grid(2));

    Remote state = registry.state("zzzzzzzz");

    assertThat(state).isInstanceOf(Remote.Unknown.class);
    assertThat(registry.covers("zzzzzzzz")).isFalse();
    assertThat(project.questions()).isEmpty();
  }

  @Test
  void an_unexpected_error_of_the_client_is_unknown() {
    Points points = grid(1);
    RunSource broken = new BrokenSource();
    WandbRegistry registry =
        new WandbRegistry(
            points,
            "test",
            broken,
            ports(),
            new WandbRegistry.Options(true, true, FRESH, warnings::add));

    Remote state = registry.state(points.runId(0));

    assertThat(state).isInstanceOf(Remote.Unknown.class);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void two_sweeps_of_one_project_have_an_answer_each() {
    Points small = grid(2);
    registry(small).state(small.runId(0));
    Points large = grid(3);

    Remote state = registry(large).state(large.runId(2));

    assertThat(state).isEqualTo(new Remote.NotFound(Duration.ZERO));
  }
}
