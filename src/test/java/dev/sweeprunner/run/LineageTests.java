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

  private static PublishedCheckpoint checkpoint(long iter, int epoch, long from) {
    String name = iter + "-e" + epoch;
    return new PublishedCheckpoint(iter, epoch, name, "m", true, from, name, "s", iter - from);
  }
}
