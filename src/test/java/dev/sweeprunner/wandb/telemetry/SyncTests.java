package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.run.Arrears;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Deliveries.Sent;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.LoggedRequest;
import dev.sweeprunner.testkit.wandb.RunAddress;
import dev.sweeprunner.wandb.api.WandbClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of workers without a network, and what arrives of them afterwards. */
class SyncTests {
  private static final int ITERATIONS = 6;

  @TempDir Path folder;
  private Station station;
  private Premises premises;

  @BeforeEach
  void start() {
    station = new Station(folder.resolve("station"));
    Points points = Grids.tiny(folder.resolve("sweep"), 2, ITERATIONS);
    premises = new Premises(station, folder.resolve("root"), points);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void everything_arrives_once_and_a_second_time_nothing_is_sent() throws IOException {
    life().liveToTheEnd();
    assertThat(station.server.requests().all()).isEmpty();
    Sync sync = premises.sync();
    List<String> waiting = sync.waiting();
    List<RunDescriptor> cards = cards();

    List<Sent> first = sync.ended().stream().map(sync::send).toList();
    List<String> left = sync.waiting();
    station.server.requests().clear();
    restore(cards);
    List<Sent> second = waiting.stream().map(sync::send).toList();

    assertThat(waiting).hasSize(2);
    assertThat(first).allMatch(Sent::delivered).hasSize(2);
    assertThat(first).extracting(Sent::rows).containsOnly(ITERATIONS + 1L);
    assertThat(left).isEmpty();
    assertThat(second).allMatch(Sent::delivered).extracting(Sent::rows).containsOnly(0L);
    assertThat(station.server.requests().all()).hasSize(2);
    assertThat(sync.waiting()).isEmpty();
    for (String runId : waiting) {
      assertWhole(runId);
      assertThat(remote(runId).log()).isNotEmpty().doesNotContainNull();
      assertThat(remote(runId).events()).isEmpty();
    }
  }

  @Test
  void a_run_whose_worker_died_shows_as_preempted_and_goes_on_later() {
    ClaimedRun run = killedAfterAPublish();

    Sent part = premises.sync().send(id(run));
    String between = remote(id(run)).state();
    int rows = remote(id(run)).history().size();
    Sent again = premises.sync().send(id(run));
    life().liveToTheEnd();
    Sent rest = premises.sync().send(id(run));

    assertThat(part.how()).isEqualTo("3 of 3 rows sent");
    assertThat(between).isEqualTo("preempted");
    assertThat(rows).isEqualTo(3);
    assertThat(again.how()).isEqualTo("W&B has it all");
    assertThat(rest.how()).isEqualTo("4 of 7 rows sent");
    assertWhole(id(run));
  }

  @Test
  void once_it_is_sent_its_card_does_not_say_that_it_lacks_something() throws IOException {
    ClaimedRun run = killedAfterAPublish();
    RunDescriptor card = premises.outbox.card(Premises.PROJECT, id(run)).orElseThrow();
    premises.outbox.told(card, 1L);

    Sent sent = premises.sync().send(id(run));

    assertThat(sent.delivered()).isTrue();
    assertThat(premises.outbox.card(Premises.PROJECT, id(run))).contains(card);
  }

  @Test
  void a_run_beside_another_that_w_b_lacks_is_named() throws IOException {
    ClaimedRun run = killedAfterAPublish();
    ToldProgram side = ToldProgram.beside(premises.layout, run.claim().key(), 1, 2);
    new ToldProgram(premises.layout, run.claim().key(), 1).says("{}", "{}");
    side.begins(-1L);
    side.logs(0, "\"x\":1");
    RunDescriptor card = premises.outbox.card(Premises.PROJECT, id(run)).orElseThrow();
    premises.outbox.told(card, 1L);

    List<String> lacking = premises.arrears().of(Premises.PROJECT).beside();

    assertThat(lacking).containsExactly(id(run) + "-2");
  }

  @Test
  void a_look_tells_by_the_cards_what_is_lacking_and_reads_nothing_else() throws IOException {
    ClaimedRun run = killedAfterAPublish();
    Arrears arrears = premises.arrears();
    Map<String, Long> before = arrears.of(Premises.PROJECT).rows();
    premises.outbox.told(premises.outbox.card(Premises.PROJECT, id(run)).orElseThrow(), 1L);

    Arrears.Owed owed = arrears.of(Premises.PROJECT);

    assertThat(before).isEmpty();
    assertThat(owed.rows()).containsExactly(Map.entry(id(run), 2L));
    assertThat(owed.all()).isTrue();
    assertThat(arrears.of("nothing-yet").rows()).isEmpty();
    assertThat(station.server.requests().all()).isEmpty();
  }

  @Test
  void a_run_that_is_held_stays_known_and_a_poisoned_one_is_told_for_good() throws IOException {
    ClaimedRun held = begun();
    held.claim().release(ReleaseReason.HELD, "the Stop button in W&B");
    ClaimedRun poisoned = begun();
    poisoned.claim().poison("it never works");

    Sync sync = premises.sync();
    List<Sent> sent = List.of(sync.send(id(held)), sync.send(id(poisoned)));
    List<Sent> again = List.of(sync.send(id(held)), sync.send(id(poisoned)));

    assertThat(sent).allMatch(Sent::delivered).extracting(Sent::rows).containsOnly(3L);
    assertThat(again).extracting(Sent::how).containsOnly("W&B has it all");
    assertThat(remote(id(held)).state()).isEqualTo("failed");
    assertThat(remote(id(poisoned)).state()).isEqualTo("failed");
    assertThat(sync.waiting()).containsExactly(id(held));
  }

  @Test
  void a_run_that_was_lost_to_another_cluster_is_never_told_of_again() throws IOException {
    ClaimedRun lost = begun();
    lost.claim().release(ReleaseReason.LOST_RACE, "it is trained on cluster far");

    Sent sent = premises.sync().send(id(lost));

    assertThat(sent.how()).isEqualTo("another cluster has it");
    assertThat(station.server.requests().all()).isEmpty();
    assertThat(premises.sync().waiting()).isEmpty();
  }

  @Test
  void a_run_that_another_cluster_trains_is_left_to_it() throws IOException {
    ClaimedRun run = killedAfterAPublish();
    Claimant far = new Claimant("far", 2, "far", "w", "cpu", "1");
    String config = ValueJson.of(Map.of(Claimant.KEY, Map.of("value", far.members())));
    station
        .server
        .runs()
        .place(new RunAddress(Station.ENTITY, Station.PROJECT, id(run)), "running", config, "{}");

    Sent sent = premises.sync().send(id(run));

    assertThat(sent.how()).isEqualTo("cluster far is training it");
    assertThat(remote(id(run)).history()).isEmpty();
    assertThat(premises.sync().waiting()).containsExactly(id(run));
  }

  @Test
  void a_run_in_somebodys_hands_gets_its_rows_but_no_end() {
    ClaimedRun run = killedAfterAPublish();

    Sent sent = premises.sync(station.client(), Processes.Verdict.ALIVE).send(id(run));

    assertThat(sent.how()).isEqualTo("3 of 3 rows sent");
    assertThat(remote(id(run)).state()).isEqualTo("running");
  }

  @Test
  void alerts_of_a_run_in_somebodys_hands_are_his_and_of_a_dead_one_are_told_once()
      throws IOException {
    Life life = premises.programLife(Trace.OFF, premises.keptQuietly());
    ClaimedRun run = life.claim().orElseThrow();
    try (Attempt attempt = life.attempt(run)) {
      attempt.advance();
    }
    premises.sync(station.client(), Processes.Verdict.ALIVE).send(id(run));
    int before = remote(id(run)).alerts().size();
    new ToldProgram(premises.layout, run.point().key(), run.claim().epoch()).alerts("t", "last");

    Sent sent = premises.sync().send(id(run));
    int told = remote(id(run)).alerts().size();
    Sent again = premises.sync().send(id(run));

    assertThat(before).isZero();
    assertThat(sent.delivered()).isTrue();
    assertThat(remote(id(run)).alerts()).hasSize(told).last().asString().contains("last");
    assertThat(told).isEqualTo(4);
    assertThat(again.how()).isEqualTo("W&B has it all");
    assertThat(remote(id(run)).state()).isEqualTo("preempted");
  }

  @Test
  void cut_off_before_any_of_its_questions_and_repeated_it_brings_everything_once()
      throws IOException {
    life().liveToTheEnd();
    List<RunDescriptor> cards = cards();
    String runId = cards.get(0).key().runId();
    int cuts = 0;
    for (boolean whole = false; !whole; cuts++) {
      station.server.runs().delete(new RunAddress(Station.ENTITY, Station.PROJECT, runId));
      restore(cards);
      int cut = cuts;
      whole = !dies(() -> premises.sync(mortal(cut), Processes.Verdict.GONE).send(runId));

      Sent rest = premises.sync().send(runId);

      assertThat(rest.delivered()).as("cut off before question " + cut).isTrue();
      assertWhole(runId);
    }
    assertThat(cuts).isBetween(5, 12);
  }

  @Test
  void with_a_wrong_key_nothing_is_lost_and_the_sentence_says_what_to_do() throws IOException {
    life().liveToTheEnd();
    WandbClient stranger = station.client("wrong", station.clock::now);
    Sync sync = premises.sync(stranger, Processes.Verdict.GONE);

    Sent sent = sync.send(sync.waiting().get(0));

    assertThat(sent.delivered()).isFalse();
    assertThat(sent.how()).contains("401").contains("WANDB_API_KEY");
    assertThat(sync.waiting()).hasSize(2);
    assertThat(station.server.requests().all()).extracting(LoggedRequest::status).containsOnly(401);
  }

  @Test
  void while_wandb_is_down_sync_gives_up_and_may_be_repeated() throws IOException {
    life().liveToTheEnd();
    String runId = premises.sync().waiting().get(0);
    station.server.faults().outage(true);

    Sent down = premises.sync().send(runId);
    station.server.faults().outage(false);
    Sent up = premises.sync().send(runId);

    assertThat(down.delivered()).isFalse();
    assertThat(up.delivered()).isTrue();
    assertWhole(runId);
  }

  @Test
  void a_card_without_a_claim_is_left_alone() throws IOException {
    premises.outbox.put(station.descriptor("root", 1));

    Sent sent = premises.sync().send(Station.RUN);
    Sent none = premises.sync().send("00000000");

    assertThat(sent.how()).isEqualTo("nobody has worked on it");
    assertThat(none.how()).isEqualTo("somebody else has sent it");
    assertThat(station.server.requests().all()).isEmpty();
  }

  private Life life() {
    return premises.life(Trace.OFF, premises.offline());
  }

  /** A claim that has published three rows. */
  private ClaimedRun begun() {
    Life life = life();
    ClaimedRun run = life.claim().orElseThrow();
    life.attempt(run).advance();
    return run;
  }

  private ClaimedRun killedAfterAPublish() {
    Life life = life();
    ClaimedRun run = life.claim().orElseThrow();
    try (Attempt attempt = life.attempt(run)) {
      attempt.advance();
    }
    return run;
  }

  private List<RunDescriptor> cards() throws IOException {
    return premises.outbox.waiting(Premises.PROJECT).stream()
        .map(runId -> premises.outbox.card(Premises.PROJECT, runId).orElseThrow())
        .toList();
  }

  private void restore(List<RunDescriptor> cards) throws IOException {
    for (RunDescriptor descriptor : cards) {
      premises.outbox.put(descriptor);
    }
  }

  /** A client of a process that is killed before this question. */
  private WandbClient mortal(int question) {
    AtomicInteger asked = new AtomicInteger();
    return station.client(
        Station.SECRET,
        () -> {
          if (asked.getAndIncrement() == question) {
            throw new Moments.Killed();
          }
          return station.clock.now();
        });
  }

  private static boolean dies(Runnable process) {
    try {
      process.run();
      return false;
    } catch (Moments.Killed killed) {
      return true;
    }
  }

  private void assertWhole(String runId) {
    FakeRun run = remote(runId);
    assertThat(run.state()).isEqualTo("finished");
    assertThat(run.history()).hasSize(ITERATIONS + 1).doesNotContainNull().doesNotHaveDuplicates();
    assertThat(run.rewrittenHistory()).isZero();
    assertThat(run.summary()).containsEntry("iter", ITERATIONS);
  }

  private FakeRun remote(String runId) {
    return station.server.runs().get(runId);
  }

  private static String id(ClaimedRun run) {
    return run.point().runId();
  }
}
