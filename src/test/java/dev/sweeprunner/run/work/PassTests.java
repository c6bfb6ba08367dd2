package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ListedClaims;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassTests {
  @TempDir Path folder;
  private Points points;
  private final SettableClock clock = new SettableClock();
  private final ListedClaims claims = new ListedClaims();

  @BeforeEach
  void makePoints() {
    points = Grids.tiny(folder, 30, 8);
  }

  @Test
  void offers_every_point_once() {
    Pass pass = begun("w1");

    assertThat(rest(pass))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 30).boxed().toList());
  }

  @Test
  void offers_runs_with_a_log_before_fresh_ones() {
    claims.locked.add(points.runId(11));
    claims.locked.add(points.runId(23));
    Pass pass = begun("w1");

    List<Integer> offered = rest(pass);

    assertThat(offered.subList(0, 2)).containsExactlyInAnyOrder(11, 23);
    assertThat(offered).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void offers_what_this_worker_had_in_an_earlier_life_first() {
    List.of(4, 11, 17, 23, 29).forEach(index -> claims.locked.add(points.runId(index)));
    Pass pass = begun("w1");
    List<Integer> before = rest(pass).subList(0, 5);
    int last = before.get(4);
    pass.had(before.get(3), owner("w2"));
    pass.had(last, owner("w1"));

    pass.begin();

    assertThat(rest(pass)).hasSize(30).startsWith(last).containsSubsequence(before.subList(0, 4));
  }

  private static Owner owner(String worker) {
    return new Owner("i", worker, "local", "n", "m", "b", 1, "1", "1", "u", "cpu", null);
  }

  @Test
  void offers_runs_at_home_before_those_of_other_clusters() {
    HomeCluster home = new HomeCluster(List.of("a", "b"), "a");
    claims.locked.add(points.runId(11));
    Pass pass = new Pass(points, claims, "w1", clock, Duration.ofSeconds(30), home);
    pass.begin();

    List<Integer> offered = rest(pass);

    assertThat(offered).hasSize(30).doesNotHaveDuplicates().startsWith(11);
    List<Boolean> fresh =
        offered.stream().skip(1).map(index -> home.owns(points.runId(index))).toList();
    assertThat(fresh).isSortedAccordingTo(Comparator.reverseOrder()).contains(true, false);
  }

  @Test
  void leaves_out_ended_and_settled_points() {
    claims.locked.add(points.runId(5));
    claims.ended.add(points.runId(5));
    Pass pass = begun("w1");
    pass.settle(6);

    assertThat(rest(pass)).hasSize(28).doesNotContain(5, 6);
  }

  @Test
  void a_run_whose_log_was_taken_away_is_offered_again() {
    claims.locked.add(points.runId(5));
    claims.ended.add(points.runId(5));
    Pass pass = begun("w1");
    claims.locked.clear();
    claims.ended.clear();

    pass.begin();

    assertThat(rest(pass)).hasSize(30).contains(5);
  }

  @Test
  void a_run_that_ended_and_was_reset_is_offered_again() {
    Pass pass = begun("w1");
    claims.locked.add(points.runId(5));
    claims.ended.add(points.runId(5));
    pass.settle(5);
    pass.begin();
    List<Integer> before = rest(pass);
    claims.ended.clear();

    pass.begin();

    assertThat(before).hasSize(29).doesNotContain(5);
    assertThat(rest(pass)).hasSize(30).startsWith(5);
  }

  @Test
  void two_workers_go_different_ways() {
    assertThat(rest(begun("w1"))).isNotEqualTo(rest(begun("w2")));
  }

  @Test
  void lists_the_directory_once_per_pass() {
    Pass pass = begun("w1");
    rest(pass);

    assertThat(claims.listings).isEqualTo(1);
  }

  @Test
  void looking_before_claiming_needs_one_listing_while_it_is_young() {
    Pass pass =
        new Pass(points, claims, "w1", clock, Duration.ofSeconds(30), HomeCluster.everywhere());
    pass.again();
    List<Integer> looked = rest(pass);
    pass.settle(looked.get(0));
    pass.again();
    assertThat(rest(pass)).isEqualTo(looked.subList(1, 30));
    assertThat(claims.listings).isEqualTo(1);

    clock.advance(Duration.ofSeconds(31));
    pass.again();

    assertThat(claims.listings).isEqualTo(2);
  }

  @Test
  void a_listing_grows_old() {
    Pass pass = begun("w1");
    clock.advance(Duration.ofSeconds(30));
    boolean atTheLimit = pass.old();
    clock.advance(Duration.ofMillis(1));

    assertThat(atTheLimit).isFalse();
    assertThat(pass.old()).isTrue();
  }

  @Test
  void ids_of_other_sweeps_in_the_same_directory_do_no_harm() {
    claims.locked.add("ffffffff");
    claims.ended.add("00000000");

    assertThat(rest(begun("w1"))).hasSize(30);
  }

  @Test
  void all_is_settled_when_every_point_has_ended() {
    Pass pass = begun("w1");
    assertThat(pass.allSettled()).isFalse();

    IntStream.range(0, 30).forEach(i -> claims.ended.add(points.runId(i)));
    pass.begin();

    assertThat(pass.allSettled()).isTrue();
    assertThat(pass.next()).isEmpty();
  }

  @Test
  void a_double_is_one_run() {
    points =
        Grids.of(
            folder.resolve("double"),
            "[experiment]\nmax_compartments = 4\n",
            "method: grid\nparameters:\n  training.seed: {values: [1, 2, 1]}\n");

    assertThat(rest(begun("w1"))).containsExactlyInAnyOrder(0, 1);
  }

  private Pass begun(String worker) {
    Pass pass =
        new Pass(points, claims, worker, clock, Duration.ofSeconds(30), HomeCluster.everywhere());
    pass.begin();
    return pass;
  }

  private static List<Integer> rest(Pass pass) {
    List<Integer> offered = new ArrayList<>();
    for (OptionalInt next = pass.next(); next.isPresent(); next = pass.next()) {
      offered.add(next.getAsInt());
    }
    return offered;
  }
}
