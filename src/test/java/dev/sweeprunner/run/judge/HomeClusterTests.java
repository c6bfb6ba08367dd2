package dev.sweeprunner.run.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HomeClusterTests {
  private static final long SEED = 20260803;
  private final List<String> ids =
      new Random(SEED).ints(3_000).mapToObj(id -> String.format("%08x", id)).toList();

  @Test
  void every_run_is_at_home_in_exactly_one_cluster() {
    List<String> clusters = List.of("snellius", "lumi", "local");

    for (String id : ids) {
      assertThat(clusters.stream().filter(own -> new HomeCluster(clusters, own).owns(id)))
          .as("run %s, seed %d", id, SEED)
          .hasSize(1);
    }
  }

  @Test
  void the_order_in_which_clusters_are_named_does_not_matter() {
    HomeCluster one = new HomeCluster(List.of("a", "b", "c"), "b");
    HomeCluster other = new HomeCluster(List.of("c", "b", "a"), "b");

    assertThat(ids.stream().map(one::owns)).isEqualTo(ids.stream().map(other::owns).toList());
  }

  @Test
  void a_new_cluster_only_takes_runs_for_itself() {
    HomeCluster before = new HomeCluster(List.of("a", "b"), "a");
    HomeCluster after = new HomeCluster(List.of("a", "b", "c"), "a");

    assertThat(ids.stream().filter(after::owns)).allMatch(before::owns);
  }

  @Test
  void clusters_share_evenly() {
    List<String> clusters = IntStream.range(0, 4).mapToObj(i -> "cluster-" + i).toList();

    for (String own : clusters) {
      long share = ids.stream().filter(new HomeCluster(clusters, own)::owns).count();
      assertThat(share).as("%s, seed %d", own, SEED).isBetween(600L, 900L);
    }
  }

  /** Clusters with different versions of this program must agree; written down by another one. */
  @Test
  void the_homes_never_change() {
    List<String> clusters = List.of("a", "b", "c");
    StringBuilder homes = new StringBuilder();

    for (int i = 0; i < 48; i++) {
      String id = String.format("%08x", i);
      clusters.stream()
          .filter(own -> new HomeCluster(clusters, own).owns(id))
          .forEach(homes::append);
    }

    assertThat(homes.toString()).isEqualTo("aabababaabcccbbbcacaacbaabcaaaaacbccccbacacacaba");
  }

  @Test
  void one_cluster_divides_nothing() {
    assertThat(new HomeCluster(List.of("a"), "a").divided()).isFalse();
    assertThat(new HomeCluster(List.of("a", "b"), "a").divided()).isTrue();
  }

  @Test
  void alone_everything_is_at_home() {
    assertThat(ids)
        .allMatch(new HomeCluster(List.of("a"), "a")::owns)
        .allMatch(HomeCluster.everywhere()::owns);
  }
}
