package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ListedLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowQueueTests {
  @Test
  void live_rows_may_leave_before_they_are_covered() throws IOException {
    RowQueue queue = new RowQueue(ListedLedger.of(2), true);

    queue.made(row(2));
    queue.made(row(3));

    assertThat(queue.sendable()).isEqualTo(4);
    assertThat(queue.base()).isEqualTo(2);
    assertThat(steps(queue.from(0, 10))).containsExactly(0L, 1L);
    assertThat(steps(queue.from(2, 10))).containsExactly(2L, 3L);
    assertThat(steps(queue.from(3, 10))).containsExactly(3L);
    assertThat(queue.from(4, 10)).isEmpty();
  }

  @Test
  void of_long_rows_fewer_are_held_and_the_others_wait_for_their_publish() throws IOException {
    RowQueue queue = new RowQueue(Ledger.EMPTY, true);
    String text = "\"t\":\"" + "x".repeat(1 << 20) + "\"";
    Row row = ToldProgram.row(0, text);
    int count = 70;
    for (int step = 0; step < count; step++) {
      queue.made(new Row(step, row.values(), row.wall(), text));
    }

    assertThat(queue.from(0, 10)).isEmpty();
    assertThat(steps(queue.from(count - 2, 10))).containsExactly(68L, 69L);
    assertThat(queue.sendable()).isEqualTo(count);
  }

  @Test
  void buffered_rows_wait_for_the_publish_that_covers_them() throws IOException {
    RowQueue queue = new RowQueue(Ledger.EMPTY, false);

    queue.made(row(0));
    queue.made(row(1));
    List<Row> before = queue.from(0, 10);
    queue.covered(ListedLedger.of(2));

    assertThat(before).isEmpty();
    assertThat(queue.sendable()).isEqualTo(2);
    assertThat(steps(queue.from(0, 10))).containsExactly(0L, 1L);
  }

  @Test
  void of_very_many_uncovered_rows_the_oldest_wait_for_their_publish() throws IOException {
    RowQueue queue = new RowQueue(Ledger.EMPTY, true);
    long made = RowQueue.MOST + 5L;

    LongStream.range(0, made).forEach(step -> queue.made(row(step)));
    List<Row> before = queue.from(0, 10);
    List<Row> held = queue.from(5, 1);
    queue.covered(ListedLedger.of(made));

    assertThat(before).isEmpty();
    assertThat(steps(held)).containsExactly(5L);
    assertThat(steps(queue.from(0, 3))).containsExactly(0L, 1L, 2L);
  }

  @Test
  void whatever_happens_line_n_is_row_n() throws IOException {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      long next = random.nextInt(5);
      long covered = next;
      long sent = random.nextInt((int) covered + 1);
      RowQueue queue = new RowQueue(ListedLedger.of(covered), random.nextBoolean());
      for (int move = 0; move < 60; move++) {
        switch (random.nextInt(3)) {
          case 0 -> queue.made(row(next++));
          case 1 -> {
            covered += random.nextInt((int) (next - covered) + 1);
            queue.covered(ListedLedger.of(covered));
          }
          default -> {
            List<Row> due = queue.from(sent, 1 + random.nextInt(4));
            assertThat(steps(due))
                .as("seed " + seed)
                .isEqualTo(LongStream.range(sent, sent + due.size()).boxed().toList());
            assertThat(due.isEmpty()).as("seed " + seed).isEqualTo(sent >= queue.sendable());
            sent += due.size();
          }
        }
      }
    }
  }

  private static List<Long> steps(List<Row> rows) {
    return rows.stream().map(Row::step).toList();
  }
}
