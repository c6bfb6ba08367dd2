package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogQueueTests {
  @Test
  void lines_stay_until_they_have_arrived() {
    LogQueue queue = new LogQueue(true);
    queue.line("a");
    queue.line("b");

    LogQueue.Batch first = queue.peek(1);
    LogQueue.Batch again = queue.peek(1);
    queue.sent(first);

    assertThat(again).isEqualTo(first);
    assertThat(queue.peek(9).lines()).containsExactly("b");
  }

  @Test
  void lines_dropped_while_a_batch_was_on_its_way_are_not_counted_twice() {
    LogQueue queue = new LogQueue(true);
    IntStream.range(0, LogQueue.MOST).forEach(i -> queue.line("line " + i));
    LogQueue.Batch batch = queue.peek(10);

    queue.line("more");
    queue.line("and more");
    queue.sent(batch);

    assertThat(queue.peek(1).lines()).containsExactly("line 10");
  }

  @Test
  void buffered_lines_wait_for_a_publish() {
    LogQueue queue = new LogQueue(false);
    queue.line("a");

    List<String> before = queue.peek(9).lines();
    queue.covered();

    assertThat(before).isEmpty();
    assertThat(queue.peek(9).lines()).containsExactly("a");
  }

  @Test
  void of_work_that_was_not_kept_only_the_last_line_leaves() {
    LogQueue lost = new LogQueue(false);
    LogQueue kept = new LogQueue(false);
    for (LogQueue queue : List.of(lost, kept)) {
      queue.line("iteration 7");
      queue.line("the end");
    }

    lost.ended(false);
    kept.ended(true);

    assertThat(lost.peek(9).lines()).containsExactly("the end");
    assertThat(kept.peek(9).lines()).containsExactly("iteration 7", "the end");
  }

  @Test
  void memory_does_not_grow_while_nothing_leaves() {
    LogQueue queue = new LogQueue(false);

    for (int publish = 0; publish < 4; publish++) {
      IntStream.range(0, LogQueue.MOST).forEach(i -> queue.line("x"));
      queue.covered();
    }

    assertThat(queue.peek(Integer.MAX_VALUE).lines()).hasSize(LogQueue.MOST);
  }

  @Test
  void earlier_lines_leave_all() {
    LogQueue queue = new LogQueue(false);

    queue.earlier(IntStream.range(0, LogQueue.MOST + 7).mapToObj(i -> "line " + i).toList());

    assertThat(queue.peek(Integer.MAX_VALUE).lines()).hasSize(LogQueue.MOST + 7);
  }
}
