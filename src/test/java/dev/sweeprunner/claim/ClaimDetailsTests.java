package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static dev.sweeprunner.claim.Workers.claim;
import static dev.sweeprunner.claim.Workers.finish;
import static dev.sweeprunner.claim.Workers.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promises of the claim that only show in its margins. */
class ClaimDetailsTests {
  private static final Failure FAILURE = new Failure(FailureClass.INFRA, "GPU lost", "host");

  @TempDir Path root;

  private Workers workers;
  private FaultyFiles faulty;
  private DirectoryClaims a;
  private DirectoryClaims b;

  @BeforeEach
  void two_workers() {
    workers = new Workers(root);
    faulty = new FaultyFiles(new LocalFiles());
    a = workers.start("a", faulty, workers.clock, SETTINGS);
    b = workers.start("b");
  }

  @Test
  void every_word_says_whether_it_was_heard() {
    Claim failing = claim(a);
    assertThat(failing.fail(FAILURE)).isTrue();
    failing.close();
    Claim poisoning = claim(a);
    workers.gone.add("a");
    claim(b);

    assertThat(poisoning.overtaken()).isTrue();
    assertThat(poisoning.fail(FAILURE)).isFalse();
    assertThat(poisoning.poison("no use")).isFalse();
  }

  @Test
  void a_poison_that_was_heard_is_said_to_be() {
    Claim claim = claim(a);

    assertThat(claim.overtaken()).isFalse();
    assertThat(claim.poison("no use")).isTrue();
  }

  @Test
  void a_claim_that_was_given_up_beats_no_more() {
    HeldClaim claim = (HeldClaim) claim(a);
    boolean before = claim.beats();

    claim.close();

    assertThat(before).isTrue();
    assertThat(claim.beats()).isFalse();
  }

  @Test
  void a_claim_whose_lock_folder_is_gone_is_superseded() throws IOException {
    claim(a).release(ReleaseReason.PREEMPTED, "");
    Claim claim = claim(b);
    new LocalFiles().deleteTree(workers.layout.lock(RUN));

    assertThatThrownBy(claim::published).isInstanceOf(UncheckedIOException.class);

    assertThat(claim.superseded()).isTrue();
  }

  @Test
  void what_was_published_is_known_after_the_log_was_compacted() {
    Claim claim = claim(a);
    claim.publish(checkpoint(10, 1));
    claim.finish(finish(10));
    b.conclude(RUN);

    assertThat(b.history(RUN)).hasSize(1);
    assertThat(claim.published()).containsExactly(checkpoint(10, 1));
  }

  @Test
  void a_claim_passes_its_points_in_order() {
    List<String> reached = new ArrayList<>();
    workers.trace =
        new Trace() {
          @Override
          public void event(String name, String runId, int epoch, long iter) {}

          @Override
          public void reach(String point) {
            reached.add(point);
          }
        };

    claim(workers.start("traced"));

    assertThat(reached).containsSubsequence("append.linked.CLAIM", "claim.linked", "claim.beating");
  }

  @Test
  void the_first_claim_of_a_run_makes_its_folder_last() {
    claim(a);

    assertThat(faulty.calls).contains("syncFolder .locks");
  }

  @Test
  void a_record_that_vanishes_while_it_is_read_is_looked_for_again_four_times() {
    claim(b);
    faulty.refuse("read", ClaimDetailsTests::slot, FaultyFiles::missing, 4);
    ClaimState found = a.look(RUN);
    faulty.refuse("read", ClaimDetailsTests::slot, FaultyFiles::missing, 5);
    ClaimState given = a.look(RUN);

    assertThat(logged(found).end().type()).isEqualTo(RecordType.CLAIM);
    assertThat(given).isInstanceOf(ClaimState.Unreadable.class);
  }

  @Test
  void a_resume_lock_makes_a_run_with_a_log_foreign_until_it_has_finished() throws IOException {
    Claim claim = claim(a);
    Files.createDirectories(workers.layout.resumeLock(RUN));
    ClaimState held = b.look(RUN);
    claim.finish(finish(10));
    ClaimState ended = b.look(RUN);

    assertThat(held).isInstanceOf(ClaimState.Foreign.class);
    assertThat(logged(ended).end().type()).isEqualTo(RecordType.FINISH);
  }

  @Test
  void temps_beside_the_lock_folders_go_after_an_hour_of_watching() throws IOException {
    claim(a);
    Path temp = temp(workers.layout.locks("toy"));

    watch(() -> b.list("toy"), Janitor.TEMP_EXPIRY.minus(SETTINGS.poll()));
    boolean before = Files.exists(temp);
    watch(() -> b.list("toy"), SETTINGS.poll().multipliedBy(2));

    assertThat(before).isTrue();
    assertThat(temp).doesNotExist();
  }

  @Test
  void temps_in_a_folder_without_a_log_go_too_but_not_for_who_only_looks() throws IOException {
    claim(a).close();
    new LocalFiles().deleteTree(workers.layout.lock(RUN));
    Files.createDirectories(workers.layout.lock(RUN));
    Path temp = temp(workers.layout.lock(RUN));
    DirectoryClaims status = workers.start("s", workers.files, workers.clock, SETTINGS.observing());

    watch(() -> status.look(RUN), Janitor.TEMP_EXPIRY.plus(SETTINGS.poll()));
    boolean before = Files.exists(temp);
    watch(() -> b.look(RUN), Janitor.TEMP_EXPIRY.plus(SETTINGS.poll()));

    assertThat(before).isTrue();
    assertThat(temp).doesNotExist();
  }

  /** Looks at the usual pace: a look after a long silence counts for no more than a usual one. */
  private void watch(Runnable look, Duration time) {
    look.run();
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plus(SETTINGS.poll())) {
      workers.clock.pass(SETTINGS.poll());
      look.run();
    }
  }

  private static Path temp(Path folder) throws IOException {
    return Files.writeString(folder.resolve(FileSystem.TEMP_PREFIX + "left"), "half a rec");
  }

  private static boolean slot(String name) {
    return name.matches("[0-9]{8}\\.json");
  }
}
