package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowMergerTests {
  private final List<String> notes = new ArrayList<>();

  @Test
  void rows_of_one_step_are_one_and_the_later_value_wins() {
    RowMerger merger = new RowMerger(0, notes::add);

    assertThat(merger.add(row(1, Map.of("a", 1.0, "b", 1.0)))).isEmpty();
    assertThat(merger.add(row(1, Map.of("b", 2.0, "c", 3.0)))).isEmpty();
    assertThat(merger.add(row(4, Map.of("a", 9.0))))
        .containsExactly(row(1, Map.of("a", 1.0, "b", 2.0, "c", 3.0)));
    assertThat(merger.flush()).containsExactly(row(4, Map.of("a", 9.0)));
    assertThat(merger.flush()).isEmpty();
    assertThat(notes).isEmpty();
  }

  @Test
  void what_goes_back_is_left_out_and_said_once() {
    RowMerger merger = new RowMerger(10, notes::add);

    merger.add(row(9, Map.of("a", 1.0)));
    merger.add(row(10, Map.of("a", 2.0)));
    merger.add(row(12, Map.of("a", 3.0)));
    merger.add(row(11, Map.of("a", 4.0)));
    merger.add(row(10, Map.of("a", 5.0)));

    assertThat(merger.flush()).containsExactly(row(12, Map.of("a", 3.0)));
    assertThat(merger.leftOut()).isEqualTo(3);
    assertThat(notes)
        .containsExactly(
            "A row of step 9 is left out, and each further one like it: rows before step 10 are"
                + " there already");
  }

  @Test
  void a_step_that_was_flushed_is_closed() {
    RowMerger merger = new RowMerger(0, notes::add);
    merger.add(row(3, Map.of("a", 1.0)));
    merger.flush();

    assertThat(merger.add(row(3, Map.of("b", 1.0)))).isEmpty();
    assertThat(merger.flush()).isEmpty();
    assertThat(merger.leftOut()).isEqualTo(1);
  }

  private static Row row(long step, Map<String, Double> values) {
    return new Row(step, values, Map.of());
  }
}
