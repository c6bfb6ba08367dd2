package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.SHA;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static dev.sweeprunner.claim.Workers.claim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.ReleaseReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an owner counts as dead: by watching and by proof, and by nothing else. */
class ExpiryTests {
  private static final Duration EXPIRY = SETTINGS.expiry();

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
  void an_owner_expires_after_being_watched_for_the_expiry_time() {
    claim(a);

    assertThat(kind(workers.watch(b, EXPIRY.minus(SETTINGS.poll()))))
        .isEqualTo(Liveness.Kind.SILENT);
    assertThat(kind(workers.watch(b, SETTINGS.poll()))).isEqualTo(Liveness.Kind.EXPIRED);
  }

  @Test
  void a_beat_begins_the_watch_anew() {
    Claim claim = claim(a);
    workers.watch(b, EXPIRY.minus(SETTINGS.poll()));

    Workers.beat(claim);

    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
    assertThat(kind(workers.watch(b, EXPIRY.minus(SETTINGS.poll()))))
        .isEqualTo(Liveness.Kind.SILENT);
  }

  @Test
  void a_publish_begins_the_watch_anew() {
    Claim claim = claim(a);
    workers.watch(b, EXPIRY.minus(SETTINGS.poll()));

    claim.publish(checkpoint(10, 1));

    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
  }

  @Test
  void an_observer_that_slept_has_watched_two_polls_at_most() {
    claim(a);
    b.look(RUN);

    workers.clock.pass(Duration.ofDays(3));

    assertThat(owner(b.look(RUN)).watched()).isEqualTo(SETTINGS.poll().multipliedBy(2));
    assertThat(owner(b.look(RUN)).dead()).isFalse();
  }

  @Test
  void failed_reads_add_nothing() {
    claim(a);
    FaultyFiles faulty = new FaultyFiles(workers.files);
    DirectoryClaims c = workers.start("c", faulty, workers.clock, SETTINGS);
    c.look(RUN);
    faulty.refuse("read", name -> name.startsWith("hb."), FaultyFiles::broken, 9999);

    ClaimState state = workers.watch(c, EXPIRY.multipliedBy(3));

    assertThat(kind(state)).isEqualTo(Liveness.Kind.SILENT);
    assertThat(owner(state).watched()).isZero();
    faulty.heal();
    assertThat(owner(c.look(RUN)).watched()).isEqualTo(SETTINGS.poll().multipliedBy(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, 10})
  void wall_clocks_ten_years_apart_change_nothing(int years) {
    SettableClock skewed = new SettableClock();
    skewed.jumpWall(Duration.ofDays(365L * years));
    Claim claim = claim(workers.start("skewed", workers.files, skewed, SETTINGS));

    assertThat(kind(workers.watch(b, EXPIRY.minus(SETTINGS.poll()))))
        .isEqualTo(Liveness.Kind.SILENT);
    Workers.beat(claim);
    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
    workers.clock.jumpWall(Duration.ofDays(365L * years));
    assertThat(kind(workers.watch(b, EXPIRY))).isEqualTo(Liveness.Kind.EXPIRED);
  }

  @Test
  void a_process_that_is_gone_is_dead_at_once() {
    claim(a);
    workers.gone.add("a");

    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.PROVEN_DEAD);
  }

  @Test
  void a_hung_owner_that_is_proven_to_run_expires_all_the_same() {
    claim(a);
    workers.alive.add("a");

    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
    assertThat(kind(workers.watch(b, EXPIRY))).isEqualTo(Liveness.Kind.EXPIRED);
    assertThat(b.claim(RUN, SHA, b.look(RUN))).isPresent();
  }

  @Test
  void an_owner_killed_before_its_first_beat_expires_too() throws IOException {
    claim(a);
    Files.delete(workers.layout.lock(RUN).resolve("hb.00000001"));

    assertThat(kind(workers.watch(b, EXPIRY))).isEqualTo(Liveness.Kind.EXPIRED);
  }

  @Test
  void a_finding_of_another_worker_counts_while_nothing_has_changed() {
    Claim claim = claim(a);
    workers.watch(b, EXPIRY);
    assertThat(b.findings()).hasSize(1);
    workers.findings.addAll(b.findings());
    DirectoryClaims c = workers.start("c");

    assertThat(kind(c.look(RUN))).isEqualTo(Liveness.Kind.EXPIRED);
    Workers.beat(claim);
    assertThat(owner(c.look(RUN)).dead()).isFalse();
  }

  @Test
  void a_finding_about_an_older_slot_counts_for_nothing() {
    Claim claim = claim(a);
    workers.watch(b, EXPIRY);
    workers.findings.addAll(b.findings());
    claim.publish(checkpoint(10, 1));

    assertThat(owner(workers.start("c").look(RUN)).dead()).isFalse();
  }

  @Test
  void findings_go_when_their_run_ends() {
    Claim claim = claim(a);
    workers.watch(b, EXPIRY);

    claim.finish(Workers.finish(10));
    a.conclude(RUN);
    b.list("toy");

    assertThat(b.findings()).isEmpty();
  }

  @Test
  void a_full_disk_beats_by_the_files_time() throws IOException {
    Claim claim = claim(a);
    b.look(RUN);
    Path beat = workers.layout.lock(RUN).resolve("hb.00000001");
    Files.setLastModifiedTime(
        beat,
        java.nio.file.attribute.FileTime.from(
            Files.getLastModifiedTime(beat).toInstant().plusSeconds(1)));
    workers.clock.pass(SETTINGS.poll());

    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
    assertThat(claim.superseded()).isFalse();
  }

  @Test
  void a_one_shot_reader_knows_how_long_the_beat_is_silent_by_file_time() throws IOException {
    Claim claim = claim(a);
    claim.progress(7, "train");
    Workers.beat(claim);
    Path beat = workers.layout.lock(RUN).resolve("hb.00000001");
    Files.setLastModifiedTime(
        beat,
        java.nio.file.attribute.FileTime.from(workers.clock.now().minus(Duration.ofMinutes(12))));

    Liveness owner = owner(b.look(RUN));

    assertThat(owner.silentByFileTime()).isEqualTo(Duration.ofMinutes(12));
    assertThat(owner.iter()).isEqualTo(7);
    assertThat(owner.phase()).isEqualTo("train");
    assertThat(owner.kind()).isEqualTo(Liveness.Kind.SILENT);
  }

  @Test
  void an_empty_lock_folder_is_free_once_it_stayed_empty() throws IOException {
    Files.createDirectories(workers.layout.lock(RUN));

    assertThat(b.look(RUN)).isEqualTo(new ClaimState.Empty(false));
    assertThat(workers.watch(b, EXPIRY)).isEqualTo(new ClaimState.Empty(true));
    assertThat(b.claim(RUN, SHA, b.look(RUN))).isPresent();
  }

  @Test
  void a_temp_of_a_killed_process_goes_after_an_hour_of_watching() throws IOException {
    claim(a).release(ReleaseReason.SHUTDOWN, "");
    Path temp = workers.layout.lock(RUN).resolve(FileSystem.TEMP_PREFIX + "left");
    Files.writeString(temp, "half a rec");

    workers.watch(b, Janitor.TEMP_EXPIRY.minus(SETTINGS.poll()));
    assertThat(temp).exists();
    workers.watch(b, SETTINGS.poll());

    assertThat(temp).doesNotExist();
  }

  @Test
  void an_expiry_that_a_living_owner_could_miss_is_refused() {
    assertThatThrownBy(() -> ClaimSettings.of(Duration.ofSeconds(60), Duration.ofSeconds(30)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("claim.expiry");
  }

  private static Liveness.Kind kind(ClaimState state) {
    return owner(state).kind();
  }

  private static Liveness owner(ClaimState state) {
    Liveness owner = Workers.logged(state).owner();
    if (owner == null) {
      throw new AssertionError("no owner in " + state);
    }
    return owner;
  }
}
