package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ToldProgram.direct;
import static dev.sweeprunner.wandb.telemetry.ToldProgram.line;
import static dev.sweeprunner.wandb.telemetry.ToldProgram.members;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.testkit.wandb.LoggedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of which their own programs tell. */
class ProgramUplinkTests {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String CONFIG =
      "{\"lr\":{\"value\":0.10},\"note\":{\"value\":NaN},"
          + "\"_wandb\":{\"value\":{\"t\":{\"3\":[61]},\"m\":[{\"1\":\"x\"}],\"e\":{\"w\":{}}}}}";

  private static final Manner LIVE = new Manner(true, true, false);
  private static final Manner BUFFERED = new Manner(false, true, false);

  @TempDir Path root;
  private Station station;
  private ToldProgram program;

  @BeforeEach
  void start() {
    station = new Station(root);
    program = new ToldProgram(station.layout, Station.KEY, 1);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void the_server_holds_what_the_program_s_own_client_would_have_sent() {
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    TrackedRun.Names names =
        new TrackedRun.Names(
            "my run", "notes", null, "train", "node7", "t.py", "c0ffee", "git@x", List.of("a"));
    program.says(CONFIG, "{\"loss\":0.1,\"best\":{\"max\":NaN}}", names);
    program.prints("epoch 1");
    program.prints("10 %");
    program.changes(1, "100 %");
    program.measures("{\"_wandb\":true,\"_timestamp\":1.7e9,\"system.cpu\":16.5}");
    row(uplink, 0, 3);
    uplink.line("claim 1 on here");
    station.serve(uplink, MINUTE);
    program.says(CONFIG, "{\"loss\":0.2}", names);
    uplink.covered(ToldProgram.ledger(3));
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(station.remote().history()).containsExactlyElementsOf(direct(3));
    assertThat(station.remote().log()).containsExactly(line("epoch 1"), line("100 %"));
    assertThat(station.remote().events())
        .containsExactly("{\"_wandb\":true,\"_timestamp\":1.7e9,\"system.cpu\":16.5}");
    assertThat(station.remote().summary()).isEqualTo(Map.of("loss", 0.2));
    assertThat(station.remote().config())
        .containsOnlyKeys("lr", "note", "_wandb", Claimant.KEY)
        .containsEntry("lr", Map.of("value", 0.1))
        .containsEntry("note", Map.of("value", Double.NaN))
        .containsEntry(
            "_wandb",
            Map.of(
                "value",
                Map.of(
                    "t", Map.of("3", List.of(61)),
                    "m", List.of(Map.of("1", "x")),
                    "e", Map.of("w", Map.of()))));
    assertThat(station.remote().announced())
        .containsEntry("displayName", "my run")
        .containsEntry("notes", "notes")
        .containsEntry("group", "tiny")
        .containsEntry("jobType", "train")
        .containsEntry("host", "node7")
        .containsEntry("program", "t.py")
        .containsEntry("commit", "c0ffee")
        .containsEntry("tags", List.of("a"));
    assertThat(upserts()).anyMatch(body -> body.contains("\"repo\":\"git@x\""));
    assertThat(station.remote().uploaded()).isEmpty();
    assertThat(station.remote().state()).isEqualTo("finished");
  }

  @Test
  void of_a_program_that_never_opens_its_run_nothing_is_told_and_no_card_is_left()
      throws IOException {
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    uplink.row(ListedLedger.row(0));
    uplink.line("hello");
    uplink.covered(ListedLedger.of(1));
    station.serve(uplink, MINUTE);
    uplink.remember();
    long lacking = uplink.lacking();
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(uplink.done()).isTrue();
    assertThat(lacking).isZero();
    assertThat(station.server.requests().all()).isEmpty();
    assertThat(station.outbox.waiting(Station.PROJECT)).isEmpty();
    assertThat(station.delivered).isEmpty();
  }

  @Test
  void soon_after_the_program_opens_its_run_it_is_told_and_has_a_card() throws IOException {
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    row(uplink, 0, 2);
    station.serve(uplink, MINUTE);
    int before = station.server.requests().all().size();
    program.says(CONFIG, "{}");
    station.serve(uplink, Duration.ofSeconds(6));

    assertThat(before).isZero();
    assertThat(station.remote().history()).containsExactlyElementsOf(direct(2));
    assertThat(station.outbox.waiting(Station.PROJECT)).containsExactly(Station.RUN);
  }

  @Test
  void an_heir_of_a_run_that_was_opened_tells_of_it_before_its_own_program_does() {
    program.says(CONFIG, "{\"loss\":1}");
    Uplink heir = uplink(2, LIVE, Ledger.EMPTY, true);
    station.serve(heir, MINUTE);

    assertThat(station.remote().config()).containsKey("lr");
    assertThat(station.remote().summary()).isEqualTo(Map.of("loss", 1));
  }

  @Test
  void an_heir_puts_what_was_published_over_what_a_killed_life_had_sent() {
    program.says(CONFIG, "{}");
    Uplink killed = uplink(1, LIVE, Ledger.EMPTY, true);
    for (long step = 0; step < 4; step++) {
      killed.row(ToldProgram.row(step, "\"loss\":7"));
    }
    station.serve(killed, MINUTE);
    List<String> before = List.copyOf(station.remote().history());
    Uplink heir = uplink(3, LIVE, ToldProgram.ledger(4), true);
    station.serve(heir, MINUTE);

    assertThat(before).hasSize(4).doesNotContainAnyElementsOf(direct(4));
    assertThat(station.remote().history()).containsExactlyElementsOf(direct(4));
  }

  @Test
  void what_the_program_says_of_itself_later_is_told_once() {
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    program.says(CONFIG, "{}");
    station.serve(uplink, MINUTE);
    int opened = upserts().size();
    program.says(CONFIG.replace("0.10", "0.20"), "{}");
    station.serve(uplink, MINUTE);
    int changed = upserts().size();
    program.says(CONFIG.replace("0.10", "0.20"), "{\"loss\":3}");
    station.serve(uplink, MINUTE);

    assertThat(opened).isEqualTo(1);
    assertThat(changed).isEqualTo(2);
    assertThat(upserts()).hasSize(2);
    assertThat(station.remote().config()).containsEntry("lr", Map.of("value", 0.2));
    assertThat(station.remote().summary()).isEqualTo(Map.of("loss", 3));
  }

  @Test
  void at_the_end_what_it_said_last_is_told_at_once() {
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    program.says(CONFIG, "{}");
    station.serve(uplink, Duration.ofSeconds(1));
    program.says(CONFIG.replace("0.10", "0.30"), "{\"end\":1}");
    program.prints("bye");
    uplink.ended(Outcome.FAILED, "");
    station.serve(uplink, Duration.ofSeconds(1));

    assertThat(uplink.done()).isTrue();
    assertThat(station.remote().config()).containsEntry("lr", Map.of("value", 0.3));
    assertThat(station.remote().summary()).isEqualTo(Map.of("end", 1));
    assertThat(station.remote().log()).containsExactly(line("bye"));
    assertThat(station.remote().state()).isEqualTo("failed");
  }

  @Test
  void buffered_no_row_summary_or_line_leaves_before_the_publish_that_covers_it() {
    Uplink uplink = uplink(1, BUFFERED, Ledger.EMPTY, true);
    program.says(CONFIG, "{\"loss\":7}");
    row(uplink, 0, 2);
    program.prints("one");
    station.serve(uplink, MINUTE);
    int rows = station.remote().history().size() + station.remote().log().size();
    boolean summary = station.remote().summary().isEmpty();
    uplink.covered(ToldProgram.ledger(2));
    program.prints("two");
    row(uplink, 2, 3);
    station.serve(uplink, MINUTE);
    List<String> between = List.copyOf(station.remote().log());
    Map<String, ?> covered = station.remote().summary();
    int published = station.remote().history().size();
    uplink.covered(ToldProgram.ledger(3));
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(rows).isZero();
    assertThat(summary).isTrue();
    assertThat(between).containsExactly(line("one"));
    assertThat(published).isEqualTo(2);
    assertThat(covered).containsOnlyKeys("loss", "n", "_step", "_runtime", "_timestamp", "_wandb");
    assertThat(station.remote().log()).containsExactly(line("one"), line("two"));
    assertThat(station.remote().history()).containsExactlyElementsOf(direct(3));
    assertThat(station.remote().summary()).isEqualTo(Map.of("loss", 7));
  }

  @Test
  void buffered_a_run_given_back_has_the_summary_of_what_is_published() {
    Uplink uplink = uplink(1, BUFFERED, Ledger.EMPTY, true);
    program.says(CONFIG, "{\"loss\":7}");
    row(uplink, 0, 2);
    uplink.covered(ToldProgram.ledger(1));
    uplink.ended(Outcome.RELEASED, "");
    station.serve(uplink, MINUTE);

    assertThat(station.remote().history()).containsExactlyElementsOf(direct(1));
    assertThat(station.remote().summary()).containsEntry("_step", 0).doesNotContainValue(7);
    assertThat(station.remote().state()).isEqualTo("preempted");
  }

  @Test
  void lines_of_dead_claims_come_first_and_what_is_there_is_not_sent_again() {
    program.says(CONFIG, "{}");
    program.prints("a0");
    program.prints("a1");
    program.measures("{\"m\":0}");
    Uplink first = uplink(1, LIVE, Ledger.EMPTY, true);
    station.serve(first, MINUTE);
    program.prints("a2");
    program.measures("{\"m\":1}");
    program.tears("output.log", "{\"number\":3,\"li");
    program.tears("events.jsonl", "{\"m\"");
    ToldProgram next = new ToldProgram(station.layout, Station.KEY, 2);
    next.says(CONFIG, "{}");
    next.prints("b0");
    next.measures("{\"m\":2}");
    next.tears("events.jsonl", "{\"torn\":1} \n");
    next.measures("{\"m\":3}");
    station.server.requests().clear();

    station.serve(uplink(2, LIVE, Ledger.EMPTY, true), MINUTE);

    assertThat(station.remote().log())
        .containsExactly(line("a0"), line("a1"), line("a2"), line("b0"));
    assertThat(station.remote().events())
        .containsExactly("{\"m\":0}", "{\"m\":1}", "{\"m\":2}", "{\"m\":3}");
    assertThat(station.server.requests().streamed())
        .noneMatch(
            request -> request.body().contains("a1") || request.body().contains("\"m\\\":0"));
  }

  @Test
  void a_run_that_was_deleted_is_created_again_with_all_that_was_said() {
    program.says(CONFIG, "{\"loss\":1}");
    program.prints("a0");
    program.measures("{\"m\":0}");
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    row(uplink, 0, 2);
    station.serve(uplink, MINUTE);
    station.server.runs().delete(station.address());
    station.serve(uplink, Duration.ofMinutes(10));

    assertThat(station.remote().history()).containsExactlyElementsOf(direct(2));
    assertThat(station.remote().log()).containsExactly(line("a0"));
    assertThat(station.remote().events()).containsExactly("{\"m\":0}");
    assertThat(station.remote().summary()).isEqualTo(Map.of("loss", 1));
  }

  @Test
  void told_of_from_the_start_our_own_lines_wait_for_what_the_program_does() {
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, false);
    uplink.line("claim 1 on here");
    station.serve(uplink, MINUTE);
    List<String> before = List.copyOf(station.remote().log());
    program.says(CONFIG, "{}");
    program.prints("hello");
    uplink.line("and on");
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(before).isEmpty();
    assertThat(station.remote().log()).containsExactly(line("hello"));
    assertThat(station.remote().config()).doesNotContainKey("training.max_iters");
  }

  @Test
  void told_of_from_the_start_a_program_that_never_opens_its_run_has_our_lines_and_rows() {
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, false);
    uplink.line("claim 1 on here");
    uplink.row(ListedLedger.row(0));
    uplink.covered(ListedLedger.of(1));
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(station.remote().log()).singleElement().asString().endsWith("claim 1 on here");
    assertThat(station.remote().history()).containsExactly(HistoryLine.of(ListedLedger.row(0)));
    assertThat(station.remote().config()).containsKey("training.max_iters");
  }

  @Test
  void many_and_long_rows_leave_in_posts_that_the_server_takes_and_without_a_pause() {
    program.says(CONFIG, "{}");
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    String text = "\"t\":\"" + "x".repeat(1 << 20) + "\"";
    for (int step = 0; step < 20; step++) {
      uplink.row(ToldProgram.row(step, text));
    }
    station.serve(uplink, Duration.ofSeconds(1));

    assertThat(station.remote().history()).hasSize(20).doesNotContainNull();
    assertThat(station.server.requests().streamed())
        .hasSize(3)
        .allMatch(request -> request.body().length() < 10 << 20);
  }

  @Test
  void ten_thousand_lines_and_metrics_arrive_whole() {
    program.says(CONFIG, "{}");
    for (int i = 0; i < 10_000; i++) {
      program.prints("line " + i);
    }
    program.changes(9_999, "changed");
    Uplink uplink = uplink(1, LIVE, Ledger.EMPTY, true);
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(station.remote().log()).hasSize(10_000).doesNotContainNull();
    assertThat(station.remote().log().get(9_999)).isEqualTo(line("changed"));
    assertThat(uplink.done()).isTrue();
  }

  private Uplink uplink(int epoch, Manner manner, Ledger safe, boolean quiet) {
    KeptCard card =
        new KeptCard(station.descriptor("root", epoch), station.outbox, !quiet, this::put);
    return new Uplink(card, epoch, manner, safe, () -> false, station.ports());
  }

  private RunDescriptor put(RunDescriptor descriptor) {
    try {
      return station.outbox.put(descriptor);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void row(Uplink uplink, long from, long to) {
    for (long step = from; step < to; step++) {
      uplink.row(ToldProgram.row(step, members(step)));
    }
  }

  private List<String> upserts() {
    return station.server.requests().all().stream()
        .map(LoggedRequest::body)
        .filter(body -> body.contains("mutation UpsertBucket"))
        .toList();
  }
}
