package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.FailureClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose fault it is: the runs' or this node's. */
class NodeHealthTests {
  private final NodeHealth node = new NodeHealth();

  private void fails(FailureClass kind, String runId) {
    node.failed(kind, runId, "last words of " + runId);
  }

  @Test
  void the_third_run_in_a_row_that_fails_for_the_infrastructure_is_the_nodes() {
    fails(FailureClass.INFRA, "a");
    fails(FailureClass.INFRA, "b");

    assertThatThrownBy(() -> fails(FailureClass.INFRA, "c"))
        .isInstanceOf(SickNode.class)
        .hasMessageContaining("infrastructure failures of 3 different runs in a row")
        .hasMessageContaining("last words of c");
  }

  @Test
  void one_run_may_fail_for_the_infrastructure_as_often_as_it_likes() {
    for (int i = 0; i < 20; i++) {
      assertThatCode(() -> fails(FailureClass.INFRA, "a")).doesNotThrowAnyException();
      assertThatCode(() -> fails(FailureClass.INFRA, "b")).doesNotThrowAnyException();
    }
  }

  @Test
  void a_finished_run_or_another_failure_begins_the_row_anew() {
    fails(FailureClass.INFRA, "a");
    fails(FailureClass.INFRA, "b");
    node.worked();
    fails(FailureClass.INFRA, "c");
    fails(FailureClass.INFRA, "d");
    fails(FailureClass.NUMERIC, "e");
    fails(FailureClass.INFRA, "f");

    assertThatCode(() -> fails(FailureClass.INFRA, "g")).doesNotThrowAnyException();
  }

  @Test
  void three_points_that_fail_at_their_start_are_the_nodes() {
    fails(FailureClass.START, "a");
    fails(FailureClass.START, "b");

    assertThatThrownBy(() -> fails(FailureClass.START, "c"))
        .isInstanceOf(SickNode.class)
        .hasMessageContaining("3 different points")
        .hasMessageContaining("last words of c");
  }

  @Test
  void one_point_may_fail_at_its_start_as_often_as_it_likes() {
    for (int i = 0; i < 20; i++) {
      assertThatCode(() -> fails(FailureClass.START, "a")).doesNotThrowAnyException();
    }
  }

  @Test
  void a_run_that_came_forward_in_between_begins_those_anew() {
    fails(FailureClass.START, "a");
    fails(FailureClass.START, "b");
    node.cameForward();
    fails(FailureClass.START, "c");

    assertThatCode(() -> fails(FailureClass.START, "d")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureClass.class,
      names = {"START", "INFRA"},
      mode = EnumSource.Mode.EXCLUDE)
  void so_does_one_that_failed_later_than_at_its_start(FailureClass kind) {
    fails(FailureClass.START, "a");
    fails(FailureClass.START, "b");
    fails(kind, "c");

    assertThatCode(() -> fails(FailureClass.START, "d")).doesNotThrowAnyException();
  }

  @Test
  void the_fifth_in_a_row_that_somebody_kills_is_the_nodes() {
    for (int i = 0; i < 4; i++) {
      node.killed("it was killed");
    }

    assertThatThrownBy(() -> node.killed("it was killed"))
        .isInstanceOf(SickNode.class)
        .hasMessage("5 times in a row it was killed");
  }

  @Test
  void progress_in_between_begins_the_killed_anew() {
    for (int i = 0; i < 4; i++) {
      node.killed("it was killed");
    }
    node.cameForward();

    assertThatCode(() -> node.killed("it was killed")).doesNotThrowAnyException();
  }

  @Test
  void nothing_is_proven_before_a_run_has_come_forward_and_then_it_stays_so() {
    assertThat(node.proven()).isFalse();
    fails(FailureClass.UNKNOWN, "a");
    assertThat(node.proven()).isFalse();

    node.cameForward();
    fails(FailureClass.START, "a");

    assertThat(node.proven()).isTrue();
  }

  @Test
  void a_finished_run_proves_it_too() {
    node.worked();

    assertThat(node.proven()).isTrue();
  }
}
