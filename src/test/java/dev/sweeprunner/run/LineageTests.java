package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTests {
  private static final PublishedCheckpoint A = checkpoint(10, 1, 0);
  private static final PublishedCheckpoint B = checkpoint(20, 1, 10);
  private static final PublishedCheckpoint B2 = checkpoint(15, 5, 10);
  private static final PublishedCheckpoint C2 = checkpoint(25, 5, 15);

  @Test
  void parts_follow_one_another() {
    assertThat(Lineage.to(B, List.of(A, B))).containsExactly(A, B);
  }

  @Test
  void what_was_published_before_a_step_back_belongs_to_no_lineage() {
    assertThat(Lineage.to(C2, List.of(A, B, B2, C2))).containsExactly(A, B2, C2);
  }

  @Test
  void a_new_start_from_nothing_forgets_everything() {
    PublishedCheckpoint anew = checkpoint(5, 9, 0);

    assertThat(Lineage.to(anew, List.of(A, B, anew))).containsExactly(anew);
  }

  @Test
  void a_lineage_that_the_log_does_not_name_whole_is_none() {
    assertThat(Lineage.to(B, List.of(B))).isEmpty();
    assertThat(Lineage.to(C2, List.of(A, B, C2))).isEmpty();
  }

  @Test
  void a_tip_that_the_log_does_not_name_comes_after_all() {
    assertThat(Lineage.to(B, List.of(A))).containsExactly(A, B);
  }

  @Test
  void what_stands_in_the_lineage_is_newer_than_what_was_left_for_damage() {
    assertThat(Lineage.newestFirst(List.of(A, B, B2, C2))).containsExactly(C2, B2, A, B);
    assertThat(Lineage.newestFirst(List.of(B2, B, A))).containsExactly(B2, A, B);
    assertThat(Lineage.newestFirst(List.of())).isEmpty();
  }

  private static PublishedCheckpoint checkpoint(long iter, int epoch, long from) {
    String name = iter + "-e" + epoch;
    return new PublishedCheckpoint(iter, epoch, name, "m", true, from, name, "s", iter - from);
  }
}
