package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.beat;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static dev.sweeprunner.claim.Workers.claim;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner's sign of life and its look over the shoulder. */
class HeartbeatTests {
  @TempDir Path root;

  private Workers workers;
  private FaultyFiles faulty;
  private DirectoryClaims a;

  @BeforeEach
  void a_worker() {
    workers = new Workers(root);
    faulty = new FaultyFiles(new LocalFiles());
    a = workers.start("a", faulty, workers.clock, SETTINGS);
  }

  @Test
  void each_beat_counts_on_and_says_where_the_work_stands() throws IOException {
    Claim claim = claim(a);
    claim.progress(41, "train");
    beat(claim);
    claim.progress(42, "eval");
    beat(claim);

    assertThat(BeatText.parse(content())).isEqualTo(new BeatText(3, 42, "eval"));
    assertThat(Files.size(workers.layout.lock(RUN).resolve("hb.00000001"))).isEqualTo(96);
  }

  @Test
  void a_beat_finds_a_rival() {
    Claim claim = claim(a);
    workers.gone.add("a");
    claim(workers.start("b"));

    beat(claim);

    assertThat(claim.superseded()).isTrue();
  }

  @Test
  void ones_own_appends_are_no_rivals() {
    Claim claim = claim(a);
    claim.publish(checkpoint(10, 1));
    claim.publish(checkpoint(20, 1));

    beat(claim);

    assertThat(claim.superseded()).isFalse();
  }

  @Test
  void a_lock_folder_that_is_gone_means_superseded() {
    Claim claim = claim(a);
    faulty.refuse("list", name -> true, () -> new NoSuchFileException("x"), 1);

    beat(claim);

    assertThat(claim.superseded()).isTrue();
  }

  @Test
  void a_stale_handle_means_superseded() {
    Claim claim = claim(a);
    faulty.refuse("list", name -> true, () -> new IOException("Stale file handle"), 1);

    beat(claim);

    assertThat(claim.superseded()).isTrue();
  }

  @Test
  void any_other_error_proves_nothing() throws IOException {
    Claim claim = claim(a);
    faulty.refuse("beat", name -> true, FaultyFiles::broken, 1);
    faulty.refuse("list", name -> true, FaultyFiles::broken, 1);

    beat(claim);
    beat(claim);

    assertThat(claim.superseded()).isFalse();
    assertThat(BeatText.parse(content()).count()).isEqualTo(3);
  }

  @Test
  void a_hung_trainer_stops_beating_and_goes_on_when_it_moves() throws IOException {
    Claim claim = claim(a);
    workers.clock.pass(SETTINGS.hang().minusSeconds(1));
    beat(claim);
    long before = BeatText.parse(content()).count();
    workers.clock.pass(Duration.ofSeconds(2));

    beat(claim);
    assertThat(BeatText.parse(content()).count()).isEqualTo(before);

    claim.progress(5, "train");
    beat(claim);
    assertThat(BeatText.parse(content()).count()).isEqualTo(before + 1);
  }

  @Test
  void a_beat_file_that_somebody_removed_is_made_again() throws IOException {
    Claim claim = claim(a);
    Files.delete(workers.layout.lock(RUN).resolve("hb.00000001"));

    beat(claim);
    beat(claim);

    assertThat(BeatText.parse(content()).count()).isEqualTo(3);
  }

  @Test
  void a_closed_claim_beats_no_more() throws IOException {
    Claim claim = claim(a);
    claim.release(ReleaseReason.SHUTDOWN, "");
    String before = content();

    beat(claim);

    assertThat(content()).isEqualTo(before);
  }

  @Test
  void the_beat_thread_beats_by_itself_until_closed() throws Exception {
    ClaimSettings quick = ClaimSettings.of(Duration.ofSeconds(1), Duration.ofMillis(20));
    ClaimPorts around =
        new ClaimPorts(
            workers.clock,
            time -> {},
            owner -> Processes.Verdict.UNKNOWN,
            Trace.OFF,
            () -> List.of());
    DirectoryClaims real =
        new DirectoryClaims(new Layout(root), new LocalFiles(), workers.owner("r"), quick, around);

    try (Claim claim = claim(real)) {
      for (int i = 0; i < 500 && BeatText.parse(content()).count() < 4; i++) {
        Thread.sleep(10);
      }
      assertThat(BeatText.parse(content()).count()).isGreaterThanOrEqualTo(4);
      assertThat(claim.superseded()).isFalse();
    }
    String last = content();
    Thread.sleep(100);
    assertThat(content()).isEqualTo(last);
  }

  @Test
  void a_beat_that_is_written_and_meets_no_rival_renews_the_claim() {
    List<String> renewals = new ArrayList<>();
    Claim claim = claim(a);
    claim.onRenewal(() -> renewals.add("renewed"));

    beat(claim);
    beat(claim);

    assertThat(renewals).hasSize(2);
  }

  @Test
  void the_age_of_a_lease_counts_from_the_claim_and_then_from_the_newest_renewal() {
    Claim claim = claim(a);
    workers.clock.pass(Duration.ofSeconds(20));
    assertThat(claim.sinceRenewal()).isEqualTo(Duration.ofSeconds(20));

    beat(claim);
    assertThat(claim.sinceRenewal()).isZero();

    workers.clock.pass(Duration.ofSeconds(30));
    faulty.refuse("beat", name -> true, FaultyFiles::broken, 1);
    beat(claim);
    assertThat(claim.sinceRenewal()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void a_beat_that_cannot_be_written_renews_nothing() {
    List<String> renewals = new ArrayList<>();
    Claim claim = claim(a);
    claim.onRenewal(() -> renewals.add("renewed"));
    faulty.refuse("beat", name -> true, FaultyFiles::broken, 1);

    beat(claim);
    assertThat(renewals).isEmpty();

    beat(claim);
    assertThat(renewals).hasSize(1);
  }

  @Test
  void a_beat_that_meets_a_rival_renews_nothing() {
    List<String> renewals = new ArrayList<>();
    Claim claim = claim(a);
    claim.onRenewal(() -> renewals.add("renewed"));
    workers.gone.add("a");
    claim(workers.start("b"));

    beat(claim);
    beat(claim);

    assertThat(claim.superseded()).isTrue();
    assertThat(renewals).isEmpty();
  }

  @Test
  void where_it_cannot_be_seen_whether_there_is_a_rival_nothing_is_renewed() {
    List<String> renewals = new ArrayList<>();
    Claim claim = claim(a);
    claim.onRenewal(() -> renewals.add("renewed"));
    faulty.refuse("list", name -> true, FaultyFiles::broken, 1);

    beat(claim);
    assertThat(claim.superseded()).isFalse();
    assertThat(renewals).isEmpty();

    beat(claim);
    assertThat(renewals).hasSize(1);
  }

  @Test
  void a_beat_into_a_file_that_somebody_removed_renews_nothing() throws IOException {
    List<String> renewals = new ArrayList<>();
    Claim claim = claim(a);
    claim.onRenewal(() -> renewals.add("renewed"));
    Files.delete(workers.layout.lock(RUN).resolve("hb.00000001"));

    beat(claim);
    assertThat(renewals).isEmpty();

    beat(claim);
    assertThat(renewals).hasSize(1);
  }

  @Test
  void a_hung_or_closed_claim_is_renewed_no_more() {
    List<String> renewals = new ArrayList<>();
    Claim claim = claim(a);
    claim.onRenewal(() -> renewals.add("renewed"));
    workers.clock.pass(SETTINGS.hang().plusSeconds(1));
    beat(claim);
    assertThat(renewals).hasSizeLessThanOrEqualTo(1);
    int before = renewals.size();
    workers.clock.pass(SETTINGS.hang().plusSeconds(1));

    beat(claim);
    claim.progress(1, "program");
    claim.release(ReleaseReason.SHUTDOWN, "");
    beat(claim);

    assertThat(renewals).hasSize(before);
  }

  private String content() throws IOException {
    return Files.readString(workers.layout.lock(RUN).resolve("hb.00000001"));
  }
}
