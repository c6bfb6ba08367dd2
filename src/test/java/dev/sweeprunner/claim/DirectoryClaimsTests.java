package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SHA;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static dev.sweeprunner.claim.Workers.claim;
import static dev.sweeprunner.claim.Workers.finish;
import static dev.sweeprunner.claim.Workers.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol as its users see it, on a real file system. */
class DirectoryClaimsTests {
  @TempDir Path root;

  private Workers workers;
  private DirectoryClaims a;
  private DirectoryClaims b;

  @BeforeEach
  void two_workers() {
    workers = new Workers(root);
    a = workers.start("a");
    b = workers.start("b");
  }

  @Test
  void a_run_nobody_claimed_is_unclaimed_and_looking_leaves_no_trace() {
    ClaimState state = a.look(RUN);

    assertThat(state).isInstanceOf(ClaimState.Unclaimed.class);
    assertThat(a.list("toy").locked()).isEmpty();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void a_claim_begins_a_log_and_beats() throws IOException {
    Claim claim = claim(a);

    assertThat(claim.epoch()).isEqualTo(1);
    assertThat(claim.summary().attempts()).isEqualTo(1);
    assertThat(names()).containsExactlyInAnyOrder("00000001.json", "hb.00000001");
    assertThat(b.list("toy").locked()).containsExactly(RUN.runId());
    LogEnd end = logged(b.look(RUN)).end();
    assertThat(end.type()).isEqualTo(RecordType.CLAIM);
    assertThat(end.owner().worker()).isEqualTo("a");
    assertThat(end.configSha256()).isEqualTo(SHA);
  }

  @Test
  void of_two_on_the_same_basis_one_gets_it() {
    ClaimState basisOfA = a.look(RUN);
    ClaimState basisOfB = b.look(RUN);

    assertThat(b.claim(RUN, SHA, basisOfB)).isPresent();
    assertThat(a.claim(RUN, SHA, basisOfA)).isEmpty();
  }

  @Test
  void a_released_run_is_resumed_from_its_newest_publish() {
    Claim first = claim(a);
    assertThat(first.publish(checkpoint(10, 1))).isTrue();
    assertThat(first.release(ReleaseReason.PREEMPTED, "SIGTERM")).isTrue();

    ClaimState.Logged released = logged(b.look(RUN));
    Claim second = b.claim(RUN, SHA, released).orElseThrow();

    assertThat(released.owner()).isNull();
    assertThat(released.end().releaseReason()).isEqualTo(ReleaseReason.PREEMPTED);
    assertThat(released.end().detail()).isEqualTo("SIGTERM");
    assertThat(second.epoch()).isEqualTo(4);
    assertThat(second.summary().checkpoint()).isEqualTo(checkpoint(10, 1));
    assertThat(second.summary().deaths()).isZero();
    assertThat(second.published()).containsExactly(checkpoint(10, 1));
  }

  @Test
  void slots_are_numbers_of_several_digits() {
    Claim claim = claim(a);
    for (int i = 1; i <= 120; i++) {
      assertThat(claim.publish(checkpoint(10 * i, 1))).isTrue();
    }

    assertThat(logged(b.look(RUN)).end().slot()).isEqualTo(121);
    assertThat(b.history(RUN))
        .extracting(LogEnd::slot)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 121).boxed().toList());
  }

  @Test
  void a_superseded_owner_changes_nothing_any_more() throws IOException {
    Claim zombie = claim(a);
    zombie.publish(checkpoint(10, 1));
    workers.gone.add("a");
    Claim rival = claim(b);
    List<String> before = names();

    assertThat(zombie.publish(checkpoint(20, 1))).isFalse();
    assertThat(zombie.superseded()).isTrue();
    assertThat(zombie.release(ReleaseReason.PREEMPTED, "")).isFalse();
    assertThat(names()).isEqualTo(before);
    assertThat(rival.superseded()).isFalse();
    assertThat(rival.publish(checkpoint(20, 3))).isTrue();
  }

  @Test
  void finish_and_a_takeover_race_for_one_slot_with_one_outcome() {
    Claim owner = claim(a);
    workers.gone.add("a");
    ClaimState judgedDead = b.look(RUN);

    boolean finished = owner.finish(finish(400));
    assertThat(finished).isTrue();
    assertThat(b.claim(RUN, SHA, judgedDead)).isEmpty();
    assertThat(logged(b.look(RUN)).end().type()).isEqualTo(RecordType.FINISH);
  }

  @Test
  void a_takeover_refuses_the_zombies_finish() {
    Claim zombie = claim(a);
    workers.gone.add("a");
    Claim rival = claim(b);

    assertThat(zombie.finish(finish(400))).isFalse();
    assertThat(rival.finish(finish(400))).isTrue();
    assertThat(logged(a.look(RUN)).end().owner().worker()).isEqualTo("b");
  }

  @Test
  void a_takeover_counts_a_death_only_without_progress() {
    Claim first = claim(a);
    Workers.beat(first);
    first.close();
    workers.gone.add("a");
    Claim second = claim(b);
    second.publish(checkpoint(10, 2));
    workers.gone.add("b");
    Claim third = claim(workers.start("c"));

    assertThat(second.summary().attempts()).isEqualTo(2);
    assertThat(third.summary().attempts()).isEqualTo(3);
    assertThat(third.summary().deaths()).isZero();
    assertThat(logged(a.history(RUN), 2).summary().deaths()).isEqualTo(1);
  }

  private static LogEnd logged(List<LogEnd> history, int slot) {
    return history.get(slot - 1);
  }

  private static ClaimState.Logged logged(ClaimState state) {
    return Workers.logged(state);
  }

  @Test
  void a_finished_log_is_compacted_and_hinted_at() throws IOException {
    Claim claim = claim(a);
    claim.publish(checkpoint(10, 1));
    claim.publish(checkpoint(20, 1));

    assertThat(claim.finish(finish(20))).isTrue();
    a.conclude(RUN);

    assertThat(names()).containsExactly("00000004.json");
    assertThat(b.list("toy").ended()).containsExactly(RUN.runId());
    LogEnd end = logged(b.look(RUN)).end();
    assertThat(end.finish()).isEqualTo(finish(20));
    assertThat(end.summary().checkpoint()).isEqualTo(checkpoint(20, 1));
  }

  @Test
  void whoever_concludes_a_finished_log_mends_what_a_kill_left_undone() throws IOException {
    finish_killed_at("finish.linked");
    assertThat(names()).contains("00000001.json", "hb.00000001");
    assertThat(b.list("toy").ended()).isEmpty();

    b.conclude(RUN);

    assertThat(names()).containsExactly("00000003.json");
    assertThat(b.list("toy").ended()).containsExactly(RUN.runId());
  }

  @Test
  void a_kill_while_compacting_keeps_the_end() throws IOException {
    finish_killed_at("finish.compacting");
    assertThat(names()).doesNotContain("00000001.json").contains("00000002.json");

    b.conclude(RUN);

    assertThat(names()).containsExactly("00000003.json");
  }

  private void finish_killed_at(String point) {
    workers.trace = new KillAt(point);
    DirectoryClaims killed = workers.start("killed");
    Claim claim = claim(killed);
    claim.publish(checkpoint(10, 1));
    assertThatThrownBy(
            () -> {
              claim.finish(finish(10));
              killed.conclude(RUN);
            })
        .isInstanceOf(KillAt.Killed.class);
  }

  @Test
  void a_reset_that_is_killed_leaves_no_hint_that_the_log_has_ended() {
    Claim claim = claim(a);
    claim.fail(new Failure(FailureClass.CONFIG, "no such thing", "host-a"));
    claim.poison("its config failed");
    a.conclude(RUN);
    assertThat(b.list("toy").ended()).containsExactly(RUN.runId());
    workers.trace = new KillAt("append.linked.RESET");
    DirectoryClaims killed = workers.start("killed");

    assertThatThrownBy(() -> killed.reset(RUN)).isInstanceOf(KillAt.Killed.class);

    assertThat(b.list("toy").ended()).isEmpty();
    assertThat(logged(b.look(RUN)).end().type()).isEqualTo(RecordType.RESET);
  }

  @Test
  void one_that_only_looks_mends_nothing() {
    finish_killed_at("finish.linked");
    DirectoryClaims status =
        workers.start("s", workers.files, workers.clock, Workers.SETTINGS.observing());

    status.look(RUN);

    assertThat(status.list("toy").ended()).isEmpty();
  }

  @Test
  void a_zombie_of_a_compacted_log_finds_its_slot_free_and_still_loses() throws IOException {
    Claim zombie = claim(a);
    workers.gone.add("a");
    Claim rival = claim(b);
    rival.publish(checkpoint(10, 2));
    rival.finish(finish(10));
    b.conclude(RUN);
    assertThat(names()).containsExactly("00000004.json");

    assertThat(zombie.finish(finish(10))).isFalse();
    assertThat(logged(b.look(RUN)).end().owner().worker()).isEqualTo("b");
    assertThat(names()).as("what it wrote too late is gone").containsExactly("00000004.json");
  }

  @Test
  void a_late_claimer_of_a_compacted_log_loses() throws IOException {
    Claim owner = claim(a);
    owner.release(ReleaseReason.SHUTDOWN, "");
    ClaimState old = b.look(RUN);
    Claim again = claim(a);
    again.finish(finish(10));
    a.conclude(RUN);

    assertThat(b.claim(RUN, SHA, old)).isEmpty();
    assertThat(logged(b.look(RUN)).end().type()).isEqualTo(RecordType.FINISH);
    assertThat(names()).containsExactly("00000004.json");
  }

  @Test
  void a_poisoned_run_stays_so_until_it_is_reset() {
    Claim claim = claim(a);
    claim.fail(new Failure(FailureClass.CONFIG, "no such thing", "host-a"));
    Claim second = claim(b);
    assertThat(second.summary().failures()).isEqualTo(1);
    assertThat(second.summary().badHosts()).containsExactly("host-a");
    assertThat(second.poison("config error twice")).isTrue();
    b.conclude(RUN);
    assertThat(a.list("toy").ended()).containsExactly(RUN.runId());

    LogEnd reset = a.reset(RUN).orElseThrow();

    assertThat(reset.type()).isEqualTo(RecordType.RESET);
    assertThat(reset.summary().failures()).isZero();
    assertThat(reset.summary().attempts()).isEqualTo(2);
    assertThat(a.list("toy").ended()).isEmpty();
    assertThat(claim(b).summary().attempts()).isEqualTo(3);
  }

  @Test
  void a_hint_that_outlived_a_reset_goes_at_the_next_look() throws IOException {
    claim(a).poison("why not");
    a.reset(RUN);
    Files.writeString(workers.layout.done(RUN), "POISON 2");

    b.look(RUN);

    assertThat(b.list("toy").ended()).isEmpty();
  }

  @Test
  void reset_refuses_a_living_owner_and_a_finished_run_and_knows_no_run_without_a_log() {
    assertThat(b.reset(RUN)).isEmpty();

    Claim claim = claim(a);
    assertThatThrownBy(() -> b.reset(RUN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("worker a");

    claim.finish(finish(10));
    assertThatThrownBy(() -> b.reset(RUN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("finished");
  }

  @Test
  void history_tells_every_record_in_order() {
    Claim claim = claim(a);
    claim.publish(checkpoint(10, 1));
    claim.release(ReleaseReason.HELD, "stopped by the user");

    assertThat(b.history(RUN))
        .extracting(LogEnd::type)
        .containsExactly(RecordType.CLAIM, RecordType.PUBLISH, RecordType.RELEASE);
    assertThat(b.history(RUN)).extracting(LogEnd::slot).containsExactly(1, 2, 3);
  }

  @Test
  void another_config_under_the_same_id_is_refused() {
    claim(a).release(ReleaseReason.PREEMPTED, "");
    ClaimState released = b.look(RUN);

    assertThatThrownBy(() -> b.claim(RUN, "d1".repeat(32), released))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(SHA);
  }

  @Test
  void a_claim_that_this_worker_gave_up_without_a_word_is_free_at_once() {
    Claim claim = claim(a);
    claim.close();

    assertThat(logged(a.look(RUN)).owner()).extracting(Liveness::dead).isEqualTo(true);
    assertThat(logged(b.look(RUN)).owner()).extracting(Liveness::dead).isEqualTo(false);
  }

  @Test
  void a_lock_of_the_earlier_runner_is_foreign_and_stays_as_it_is() throws IOException {
    Path meta = workers.layout.lock(RUN).resolve("lock_meta.json");
    Files.createDirectories(workers.layout.lock(RUN));
    Files.writeString(meta, "{\"job\": 7}");
    var time = Files.getLastModifiedTime(workers.layout.lock(RUN));

    ClaimState state = a.look(RUN);

    assertThat(state).isInstanceOf(ClaimState.Foreign.class);
    assertThat(((ClaimState.Foreign) state).what()).contains("lock_meta.json");
    assertThat(a.claim(RUN, SHA, new ClaimState.Unclaimed())).isEmpty();
    assertThat(meta).hasContent("{\"job\": 7}");
    assertThat(Files.getLastModifiedTime(workers.layout.lock(RUN))).isEqualTo(time);
  }

  @Test
  void a_resume_lock_is_foreign_and_no_lock_folder_of_ours() throws IOException {
    Files.createDirectories(workers.layout.resumeLock(RUN));

    assertThat(a.look(RUN)).isInstanceOf(ClaimState.Foreign.class);
    assertThat(a.list("toy").locked()).isEqualTo(Set.of());
  }

  @Test
  void a_hint_without_a_log_ends_nothing() throws IOException {
    Claim done = claim(a);
    done.finish(finish(20));
    a.conclude(RUN);
    deleteLock();
    DirectoryClaims looker =
        workers.start("looker", workers.files, workers.clock, Workers.SETTINGS.observing());

    assertThat(looker.look(RUN)).isInstanceOf(ClaimState.Unclaimed.class);
    assertThat(looker.list("toy").ended()).isEmpty();
    assertThat(workers.layout.done(RUN)).exists();
    assertThat(b.list("toy").ended()).isEmpty();
    assertThat(workers.layout.done(RUN)).doesNotExist();

    claim(b);

    assertThat(a.list("toy").ended()).isEmpty();
  }

  private void deleteLock() throws IOException {
    for (String name : names()) {
      Files.delete(workers.layout.lock(RUN).resolve(name));
    }
    Files.delete(workers.layout.lock(RUN));
  }

  @Test
  void a_folder_that_may_not_be_read_is_named_with_the_reason() {
    FaultyFiles broken = new FaultyFiles(workers.files);
    broken.refuse("list", name -> true, () -> new AccessDeniedException("x"), 99);
    claim(a);
    DirectoryClaims c = workers.start("c", broken, workers.clock, Workers.SETTINGS);

    assertThat(c.look(RUN))
        .isEqualTo(
            new ClaimState.Unreadable(
                workers.layout.lock(RUN) + " cannot be read: permission denied"));
    assertThatThrownBy(() -> c.list("toy"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be used: permission denied");
  }

  @Test
  void an_unreadable_folder_is_unknown_and_not_nobody() {
    FaultyFiles broken = new FaultyFiles(workers.files);
    broken.refuse("list", name -> name.endsWith(".lock"), FaultyFiles::broken, 99);
    claim(a);
    DirectoryClaims c = workers.start("c", broken, workers.clock, Workers.SETTINGS);

    assertThat(c.look(RUN)).isInstanceOf(ClaimState.Unreadable.class);
  }

  @Test
  void a_newer_protocol_or_record_is_refused() throws IOException {
    claim(a).release(ReleaseReason.PREEMPTED, "");
    Path slot = workers.layout.lock(RUN).resolve("00000003.json");
    Files.writeString(slot, "{\"v\":2,\"slot\":3}");

    assertThat(a.look(RUN)).isInstanceOf(ClaimState.Unreadable.class);

    Files.writeString(workers.layout.format("toy"), "{\"v\":2,\"primitive\":\"link\"}");
    DirectoryClaims later = workers.start("later");
    assertThat(later.look(RUN)).isInstanceOf(ClaimState.Unreadable.class);
    assertThatThrownBy(() -> later.list("toy"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("newer");
  }

  @Test
  void the_format_marker_names_version_and_primitive() {
    claim(a);

    assertThat(workers.layout.format("toy")).hasContent("{\"v\":1,\"primitive\":\"link\"}");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(workers.layout.lock(RUN))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
