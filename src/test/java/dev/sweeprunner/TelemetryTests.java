package dev.sweeprunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Telemetry.Announcement;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.HeardTelemetry;
import dev.sweeprunner.testkit.Life;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tracking service is told of a run's life, and what it may say back. */
class TelemetryTests {
  private static final int ITERATIONS = 12;
  private static final int INTERVAL = 3;

  @TempDir Path folder;
  private Points points;
  private final HeardTelemetry heard = new HeardTelemetry();

  @BeforeEach
  void makePoints() {
    points = Grids.tiny(folder.resolve("sweep"), 1, ITERATIONS);
  }

  @Test
  void every_row_is_told_and_in_the_end_covered() throws IOException {
    life().liveToTheEnd();

    Ledger last = heard.covered.get(heard.covered.size() - 1);
    assertThat(heard.announced).containsExactly(points.runId(0));
    assertThat(heard.outcomes).containsExactly(Outcome.FINISHED);
    assertThat(heard.covered)
        .isSortedAccordingTo(Comparator.comparingLong(Ledger::lines))
        .hasSizeGreaterThan(ITERATIONS / INTERVAL);
    assertThat(last.read(0, last.lines())).isEqualTo(heard.rows).hasSize(ITERATIONS + 1);
    assertThat(heard.lines).anyMatch(line -> line.startsWith("published"));
  }

  @Test
  void rows_say_when_they_were_made_and_how_long_the_run_has_been_worked_on() {
    life().liveToTheEnd();

    assertThat(heard.rows)
        .allSatisfy(row -> assertThat(row.wall()).containsKeys("timestamp", "runtime"));
    assertThat(heard.rows.stream().map(row -> row.wall().get("runtime")).toList()).isSorted();
  }

  @Test
  void a_resumed_run_begins_with_what_is_covered() {
    Life first = life();
    ClaimedRun run = first.claim().orElseThrow();
    Attempt attempt = first.attempt(run);
    attempt.advance();
    long covered = heard.covered.get(heard.covered.size() - 1).lines();
    attempt.close();

    life().liveToTheEnd();

    assertThat(covered).isPositive();
    assertThat(heard.begunWith).containsExactly(0L, covered);
  }

  @Test
  void the_users_stop_publishes_and_holds_the_run() {
    heard.stopAfter = 5;
    Life life = life();
    Outcome outcome = life.train(life.claim().orElseThrow());

    assertThat(outcome).isEqualTo(Outcome.HELD);
    assertThat(life.claim()).isEmpty();
    assertThat(life.allSettled()).isTrue();
    List<Row> made = heard.rows;
    assertThat(heard.covered.get(heard.covered.size() - 1).lines()).isEqualTo(made.size());
  }

  @Test
  void a_run_lost_to_another_cluster_is_given_back_untouched() {
    heard.answer = new Announcement.Lost("cluster far has it");
    Life life = life();

    assertThat(life.claim()).isEmpty();
    assertThat(heard.announced).hasSize(1);
    assertThat(heard.begunWith).isEmpty();
    heard.answer = new Announcement.Ours();
    assertThat(life.claim()).isPresent();
  }

  @Test
  void a_claim_that_a_stop_left_unsettled_is_given_back_and_stays_ours() {
    heard.answer = new Announcement.Unsettled("asked to stop");
    Life life = life();

    assertThat(life.claim()).isEmpty();
    assertThat(heard.begunWith).isEmpty();
    heard.answer = new Announcement.Ours();
    assertThat(life.claim()).isPresent();
  }

  @Test
  void a_claim_given_back_before_it_was_settled_makes_the_run_nobodys() {
    heard.answer = new Announcement.Unsettled("W&B fell silent");
    assertThat(life().claim()).isEmpty();
    heard.answer = new Announcement.Ours();
    Life second = life();
    second.attempt(second.claim().orElseThrow()).close();
    life().claim();

    assertThat(heard.local).containsExactly(false, false, true);
  }

  @Test
  void an_unknown_answer_does_not_stop_a_run_at_home() {
    heard.answer = new Announcement.Unknown("503");

    assertThat(life().claim()).isPresent();
  }

  @Test
  void an_announcement_that_is_refused_gives_the_claim_back() {
    Telemetry refusing =
        new Telemetry() {
          @Override
          public Announcement announce(ClaimedRun run, boolean local) {
            throw new UserError(".entity", "it is another one", "Use that one");
          }

          @Override
          public Feed begin(ClaimedRun run, Ledger safe) {
            return heard.begin(run, safe);
          }
        };
    List<String> ends = new ArrayList<>();
    Trace trace =
        new Trace() {
          @Override
          public void event(String name, String runId, int epoch, long iter) {}

          @Override
          public void reach(String point) {
            ends.add(point);
          }
        };
    Life life = new Life(folder.resolve("root"), points, trace, INTERVAL, refusing);

    assertThatThrownBy(life::claim).isInstanceOf(UserError.class);
    assertThat(ends).contains("append.linked.RELEASE");
    assertThat(life().claim()).isPresent();
  }

  private Life life() {
    return new Life(folder.resolve("root"), points, Trace.OFF, INTERVAL, heard);
  }
}
