package dev.sweeprunner.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.ClaimStarts.Start;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.testkit.Situations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimSpansTests {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private final List<LogEnd> log = new ArrayList<>();
  private LogSummary summary = LogSummary.EMPTY;
  private int epoch;

  private ClaimSpansTests record(RecordType type, String worker, String detail) {
    int slot = log.size() + 1;
    epoch = type == RecordType.CLAIM ? slot : epoch;
    Finish finish = type == RecordType.FINISH ? new Finish(400, "c", "m", "j", 401) : null;
    ReleaseReason reason = type == RecordType.RELEASE ? ReleaseReason.PREEMPTED : null;
    log.add(
        new LogEnd(
            slot,
            type,
            epoch,
            Situations.owner(worker),
            at(slot),
            "sha",
            summary,
            reason,
            detail,
            finish));
    return this;
  }

  private static Instant at(int minute) {
    return NOON.plusSeconds(60L * minute);
  }

  private ClaimSpansTests claim(String worker, String detail) {
    summary = summary.claimed(false);
    return record(RecordType.CLAIM, worker, detail);
  }

  private ClaimSpansTests publish(String worker, long iter) {
    summary = summary.published(Situations.checkpoint(iter));
    return record(RecordType.PUBLISH, worker, "");
  }

  private List<ClaimSpan> spans(boolean held) {
    return ClaimSpans.of("9f3c21aa", log, List.of(), held);
  }

  @Test
  void a_claim_that_is_held_is_open_and_one_whose_owner_is_gone_is_silent() {
    claim("w1", "").publish("w1", 20).publish("w1", 40);

    ClaimSpan span = spans(true).get(0);

    assertThat(span.members().toString())
        .isEqualTo(
            "{run_id=9f3c21aa, epoch=1, worker=w1, cluster=local, host=node7, device=cpu,"
                + " from=2026-11-30T12:01:00Z, to=null, end=open, detail=, publishes=2,"
                + " iter_from=0, iter_to=40, takes_over=false}");
    assertThat(spans(false)).extracting(ClaimSpan::end).containsExactly(ClaimSpan.End.SILENT);
  }

  @Test
  void a_claim_over_one_that_did_not_end_takes_it_over() {
    claim("w1", "").publish("w1", 20).claim("w2", "pid 42 is gone");

    List<ClaimSpan> spans = spans(true);

    assertThat(spans.get(0).end()).isEqualTo(ClaimSpan.End.TAKEN_OVER);
    assertThat(spans.get(0).to()).isEqualTo(at(3));
    assertThat(spans.get(0).detail()).isEqualTo("pid 42 is gone");
    assertThat(spans.get(1).takesOver()).isTrue();
    assertThat(spans.get(1).iterFrom()).isEqualTo(20);
    assertThat(spans.get(1).owner().worker()).isEqualTo("w2");
  }

  @Test
  void each_way_to_end_is_told_with_its_sentence() {
    claim("w1", "").record(RecordType.RELEASE, "w1", "SIGTERM").claim("w2", "");
    summary = summary.failed(new Failure(FailureClass.INFRA, "GPU lost", "node7"));
    record(RecordType.FAIL, "w2", "").claim("w3", "");
    record(RecordType.POISON, "w9", "it died three times");
    record(RecordType.RESET, "ann", "by ann").claim("w4", "").publish("w4", 400);
    record(RecordType.FINISH, "w4", "");

    List<ClaimSpan> spans = spans(false);

    assertThat(spans)
        .extracting(span -> span.end().word() + ": " + span.detail())
        .containsExactly(
            "released: SIGTERM", "failed: GPU lost", "poisoned: it died three times", "finished: ");
    assertThat(spans).extracting(ClaimSpan::takesOver).containsOnly(false);
    assertThat(spans)
        .extracting(span -> span.owner().worker())
        .containsExactly("w1", "w2", "w3", "w4");
    assertThat(spans).extracting(ClaimSpan::to).containsExactly(at(2), at(4), at(6), at(10));
    assertThat(spans.get(3).iterTo()).isEqualTo(400);
  }

  @Test
  void a_reset_of_a_dead_claim_ends_it() {
    claim("w1", "").record(RecordType.RESET, "ann", "by ann");

    assertThat(spans(false)).extracting(ClaimSpan::end).containsExactly(ClaimSpan.End.RESET);
  }

  @Test
  void of_a_finished_run_earlier_claims_are_known_by_their_folders() {
    claim("w1", "").publish("w1", 20).claim("w2", "").publish("w2", 400);
    record(RecordType.FINISH, "w2", "");
    List<LogEnd> left = List.of(log.get(4));
    List<Start> starts =
        List.of(
            new Start(1, 0, Situations.owner("w1"), at(1)),
            new Start(3, 20, Situations.owner("w2"), at(3)));

    List<ClaimSpan> spans = ClaimSpans.of("9f3c21aa", left, starts, false);
    List<ClaimSpan> without = ClaimSpans.of("9f3c21aa", left, List.of(), false);

    assertThat(spans)
        .extracting(ClaimSpan::end)
        .containsExactly(ClaimSpan.End.OVER, ClaimSpan.End.FINISHED);
    assertThat(spans).extracting(ClaimSpan::from).containsExactly(at(1), at(3));
    assertThat(spans).extracting(ClaimSpan::to).containsExactly(at(3), at(5));
    assertThat(spans).extracting(ClaimSpan::iterFrom).containsExactly(0L, 20L);
    assertThat(spans).extracting(ClaimSpan::iterTo).containsExactly(20L, 400L);
    assertThat(spans).extracting(ClaimSpan::publishes).containsOnlyNulls();
    assertThat(without).extracting(ClaimSpan::from).containsExactly(at(5));
  }

  @Test
  void a_damaged_record_hides_no_other() {
    claim("w1", "").publish("w1", 20);
    LogEnd first = log.get(0);
    LogEnd damaged =
        new LogEnd(
            3,
            RecordType.CLAIM,
            3,
            new Owner("", "", "", "", "", "", 0, "", "", "", "", null),
            first.written(),
            "",
            LogSummary.EMPTY,
            null,
            "",
            null);

    assertThat(ClaimSpans.of("9f3c21aa", List.of(first, log.get(1), damaged), List.of(), true))
        .extracting(ClaimSpan::publishes)
        .containsExactly(1);
    assertThat(ClaimSpans.of("9f3c21aa", List.of(), List.of(), true)).isEmpty();
  }
}
