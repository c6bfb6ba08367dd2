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
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pass knows of runs goes with them into the next edition of their sweep. */
class EditedPassTests {
  private static final int SEEDS = 40;
  private static final int EDITS = 30;
  private static final Owner ME =
      new Owner("i", "w1", "local", "n", "m", "b", 1, "1", "1", "u", "cpu", null);

  @TempDir Path folder;
  private final ListedClaims claims = new ListedClaims();

  @Test
  void a_settled_run_stays_settled_and_an_added_one_is_offered() {
    Pass before = pass(grid(List.of(1, 2, 3)));
    before.begin();
    before.settle(1);

    Pass after = before.over(grid(List.of(9, 2, 3)));
    after.begin();

    assertThat(seeds(after)).containsExactlyInAnyOrder(9, 3);
    assertThat(after.allSettled()).isFalse();
  }

  @Test
  void all_has_ended_once_what_had_not_is_dropped() {
    Pass before = pass(grid(List.of(1, 2, 3)));
    before.settle(0);
    before.settle(2);

    Pass after = before.over(grid(List.of(3, 1)));
    after.begin();

    assertThat(after.allSettled()).isTrue();
  }

  @Test
  void a_new_edition_begins_with_a_listing_of_its_own() {
    Pass before = pass(grid(List.of(1, 2)));
    before.begin();

    Pass after = before.over(grid(List.of(1, 2, 3)));

    assertThat(before.old()).isFalse();
    assertThat(after.old()).isTrue();
  }

  @Test
  void after_any_edits_it_knows_of_each_run_what_a_fresh_pass_would_have_to_be_told() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<Integer> settled = new TreeSet<>();
    Set<Integer> own = new TreeSet<>();
    Points points = grid(List.of(1));
    Pass edited = pass(points);
    for (int edit = 0; edit < EDITS; edit++) {
      points = grid(someSeeds(random));
      settled.retainAll(seeds(points));
      own.retainAll(seeds(points));
      edited = edited.over(points);
      Pass fresh = pass(points);
      for (int i = 0; i < points.size(); i++) {
        settle(fresh, i, settled, own, seedOf(points, i));
      }
      edited.begin();
      fresh.begin();
      assertThat(offered(edited)).as("seed %d, edit %d", seed, edit).isEqualTo(offered(fresh));
      assertThat(edited.allSettled()).isEqualTo(fresh.allSettled());
      happen(random, edited, points, settled, own);
    }
  }

  private static void settle(
      Pass fresh, int index, Set<Integer> settled, Set<Integer> own, int seed) {
    if (settled.contains(seed)) {
      fresh.settle(index);
    }
    if (own.contains(seed)) {
      fresh.had(index, ME);
    }
  }

  /** Some points end, some turn out to have been this worker's, some are claimed by others. */
  private void happen(
      Random random, Pass pass, Points points, Set<Integer> settled, Set<Integer> own) {
    for (int i = 0; i < points.size(); i++) {
      int index = points.firstIndex(i);
      switch (random.nextInt(5)) {
        case 0 -> {
          pass.settle(index);
          settled.add(seedOf(points, index));
        }
        case 1 -> {
          pass.had(index, ME);
          own.add(seedOf(points, index));
        }
        case 2 -> claims.locked.add(points.runId(index));
        default -> {}
      }
    }
  }

  private static List<Integer> someSeeds(Random random) {
    List<Integer> seeds = new ArrayList<>();
    do {
      seeds.add(1 + random.nextInt(SEEDS));
    } while (random.nextInt(12) > 0);
    return seeds;
  }

  private Points grid(List<Integer> seeds) {
    return Grids.of(
        folder,
        "[experiment]\nmax_compartments = 4\n",
        "method: grid\nparameters:\n  training.seed: {values: " + seeds + "}\n");
  }

  private Pass pass(Points points) {
    Duration age = Duration.ofSeconds(30);
    return new Pass(points, claims, "w1", new SettableClock(), age, HomeCluster.everywhere());
  }

  private static List<Integer> offered(Pass pass) {
    List<Integer> offered = new ArrayList<>();
    for (OptionalInt next = pass.next(); next.isPresent(); next = pass.next()) {
      offered.add(next.getAsInt());
    }
    return offered;
  }

  private static List<Integer> seeds(Pass pass) {
    return offered(pass).stream().map(index -> seedOf(pass.points(), index)).toList();
  }

  private static Set<Integer> seeds(Points points) {
    return IntStream.range(0, points.size())
        .mapToObj(index -> seedOf(points, index))
        .collect(Collectors.toSet());
  }

  private static int seedOf(Points points, int index) {
    return Integer.parseInt(String.valueOf(points.overrides(index).get("training.seed")));
  }
}
