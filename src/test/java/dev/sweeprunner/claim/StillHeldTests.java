package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static dev.sweeprunner.claim.Workers.claim;
import static dev.sweeprunner.claim.Workers.logged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.ReleaseReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one question that spares a look at a held run: what it says, and what it costs. */
class StillHeldTests {
  @TempDir Path root;

  private final FaultyFiles files = new FaultyFiles(new LocalFiles());
  private Workers workers;
  private DirectoryClaims a;
  private DirectoryClaims b;

  @BeforeEach
  void two_workers() {
    workers = new Workers(root);
    a = workers.start("a");
    workers.files = files;
    b = workers.start("b");
  }

  @Test
  void a_beat_since_the_last_look_says_so_for_one_call() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    for (int i = 0; i < 3; i++) {
      beat(claim);
      files.calls.clear();

      assertThat(b.stillHeld(RUN)).isTrue();

      assertThat(files.calls).containsExactly("modified hb.00000001");
      assertThat(b.beatsInTime(RUN)).isTrue();
    }
  }

  @Test
  void who_has_not_looked_knows_nothing() throws IOException {
    Claim claim = claim(a);
    beat(claim);

    assertThat(b.stillHeld(RUN)).isFalse();
    assertThat(b.beatsInTime(RUN)).isFalse();
    assertThat(files.calls).isEmpty();
  }

  @Test
  void a_beat_that_stands_says_nothing() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    assertThat(b.stillHeld(RUN)).isFalse();
    beat(claim);
    assertThat(b.stillHeld(RUN)).isTrue();
    assertThat(b.stillHeld(RUN)).isFalse();
  }

  @Test
  void a_run_that_was_given_back_is_looked_at_and_free() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    beat(claim);
    b.stillHeld(RUN);

    claim.release(ReleaseReason.PREEMPTED, "SIGTERM");

    assertThat(b.stillHeld(RUN)).isFalse();
    assertThat(logged(b.look(RUN)).owner()).isNull();
    assertThat(b.stillHeld(RUN)).isFalse();
    assertThat(b.beatsInTime(RUN)).isFalse();
  }

  @Test
  void the_last_beat_of_a_superseded_owner_hides_its_heir_for_one_look() throws IOException {
    Claim zombie = claim(a);
    b.look(RUN);
    workers.gone.add("a");
    DirectoryClaims c = workers.start("c");
    claim(c);
    workers.gone.clear();
    beat(zombie);

    assertThat(b.stillHeld(RUN)).isTrue();
    assertThat(zombie.superseded()).isTrue();
    assertThat(b.stillHeld(RUN)).isFalse();
    assertThat(logged(b.look(RUN)).end().owner().worker()).isEqualTo("c");
  }

  @Test
  void a_process_that_is_gone_is_looked_at_though_it_has_just_beaten() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    beat(claim);
    workers.gone.add("a");

    assertThat(b.stillHeld(RUN)).isFalse();
    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.PROVEN_DEAD);
  }

  @Test
  void the_watch_goes_on_from_the_beat_that_was_seen_without_a_look() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    workers.clock.pass(SETTINGS.poll());
    beat(claim);
    assertThat(b.stillHeld(RUN)).isTrue();

    ClaimState state = b.look(RUN);
    for (int polls = 1; !owner(state).dead(); polls++) {
      workers.clock.pass(SETTINGS.poll());
      assertThat(b.stillHeld(RUN)).isFalse();
      state = b.look(RUN);
      assertThat(owner(state).watched()).isEqualTo(SETTINGS.poll().multipliedBy(polls));
    }
    assertThat(owner(state).watched()).isEqualTo(SETTINGS.expiry());
  }

  @Test
  void a_beat_between_the_question_and_the_look_begins_the_watch_anew() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    beat(claim);
    b.stillHeld(RUN);
    workers.clock.pass(SETTINGS.poll());
    beat(claim);

    assertThat(owner(b.look(RUN)).watched()).isZero();
  }

  @Test
  void a_beat_that_is_late_is_no_beat_in_time() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    beat(claim);
    b.stillHeld(RUN);
    workers.clock.pass(SETTINGS.beat());
    b.look(RUN);
    assertThat(b.beatsInTime(RUN)).isTrue();

    workers.clock.pass(SETTINGS.beat());

    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
    assertThat(b.beatsInTime(RUN)).isFalse();
  }

  @Test
  void what_cannot_be_asked_is_looked_at() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    beat(claim);
    files.refuse("modified", name -> name.startsWith("hb."), FaultyFiles::broken, 1);

    assertThat(b.stillHeld(RUN)).isFalse();
    assertThat(b.stillHeld(RUN)).isTrue();
  }

  @Test
  void an_old_answer_of_a_network_mount_leads_to_a_look() throws IOException {
    Claim claim = claim(a);
    FileTime old = Files.getLastModifiedTime(beatFile());
    b.look(RUN);
    Workers.beat(claim);
    Files.setLastModifiedTime(beatFile(), old);

    assertThat(b.stillHeld(RUN)).isFalse();
    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
  }

  @Test
  void a_claim_of_ones_own_is_never_asked_about() throws IOException {
    Claim claim = claim(b);
    b.look(RUN);
    beat(claim);

    assertThat(b.stillHeld(RUN)).isFalse();
  }

  @Test
  void a_publish_is_seen_at_the_next_look_and_hides_nothing() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    claim.publish(checkpoint(10, 1));
    beat(claim);

    assertThat(b.stillHeld(RUN)).isTrue();
    assertThat(logged(b.look(RUN)).end().slot()).isEqualTo(2);
  }

  private Path beatFile() {
    return workers.layout.lock(RUN).resolve("hb.00000001");
  }

  /** A beat, at a later time whatever the file system's clock is good for. */
  private void beat(Claim claim) throws IOException {
    FileTime before = Files.getLastModifiedTime(beatFile());
    Workers.beat(claim);
    Files.setLastModifiedTime(
        beatFile(), FileTime.from(before.toInstant().plus(Duration.ofSeconds(30))));
  }

  private static Liveness owner(ClaimState state) {
    return Objects.requireNonNull(logged(state).owner());
  }

  private static Liveness.Kind kind(ClaimState state) {
    return owner(state).kind();
  }
}
