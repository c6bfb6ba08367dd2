package dev.sweeprunner.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.work.NoRoom;
import dev.sweeprunner.run.work.SickNode;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;

class ExecutionsTests {
  private final List<Throwable> lost = new ArrayList<>();
  private final Tally tally = new Tally();
  private final Executions executions =
      new Executions(absent(JobRepository.class), absent(JobOperator.class), "w1", lost::add);

  @Test
  void a_database_that_breaks_is_told_and_no_fault_of_the_work() {
    RuntimeException full = databaseBroke();

    assertThatThrownBy(() -> executions.using(() -> raise(full), tally::raise))
        .isInstanceOf(RepositoryLost.class);

    assertThat(lost).containsExactly(full);
  }

  @Test
  void what_broke_the_work_is_not_lost_with_the_database() {
    SickNode sick = new SickNode("the final checkpoint could not be written");

    assertThatThrownBy(
            () ->
                executions.using(
                    () -> {
                      assertThatThrownBy(() -> tally.keeping(() -> raise(sick))).isSameAs(sick);
                      raise(databaseBroke());
                    },
                    tally::raise))
        .isSameAs(sick);

    assertThat(lost).hasSize(1);
  }

  @Test
  void where_a_full_disk_broke_both_another_repository_is_needed_to_go_on() {
    NoRoom full = new NoRoom("no claim can be written", 0);

    assertThatThrownBy(
            () ->
                executions.using(
                    () -> {
                      assertThatThrownBy(() -> tally.keeping(() -> raise(full))).isSameAs(full);
                      raise(databaseBroke());
                    },
                    tally::raise))
        .isInstanceOf(RepositoryLost.class);
    assertThatThrownBy(() -> executions.using(() -> {}, tally::raise)).isSameAs(full);

    assertThat(lost).hasSize(1);
  }

  @Test
  void a_fault_of_the_work_alone_is_raised_as_it_was_even_where_spring_wrapped_or_dropped_it() {
    IllegalArgumentException fault = new IllegalArgumentException("a fault");
    assertThatThrownBy(() -> tally.keeping(() -> raise(fault))).isSameAs(fault);

    assertThatThrownBy(
            () -> executions.using(() -> raise(new IllegalStateException(fault)), tally::raise))
        .isSameAs(fault);
    assertThatThrownBy(() -> executions.using(() -> {}, tally::raise)).isSameAs(fault);

    assertThat(lost).isEmpty();
  }

  private static RuntimeException databaseBroke() {
    return new IllegalStateException("rollback", new SQLException("The database has been closed"));
  }

  private static Object raise(RuntimeException failure) {
    throw failure;
  }

  /** One that is never asked. */
  private static <T> T absent(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }
}
