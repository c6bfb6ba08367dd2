package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SHA;
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
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a network file system does to a protocol: replies get lost, links do not work, disks fill.
 */
class LostRepliesTests {
  @TempDir Path root;

  private Workers workers;
  private FaultyFiles faulty;
  private DirectoryClaims a;
  private DirectoryClaims b;

  @BeforeEach
  void one_faulty_worker() {
    workers = new Workers(root);
    faulty = new FaultyFiles(new LocalFiles());
    a = workers.start("a", faulty, workers.clock, Workers.SETTINGS);
    b = workers.start("b");
  }

  @Test
  void a_link_that_says_taken_although_it_is_ones_own_is_won() {
    faulty.loseReply("link", LostRepliesTests::slot, FaultyFiles::taken, 1);

    Claim claim = claim(a);

    assertThat(claim.epoch()).isEqualTo(1);
    faulty.loseReply("link", LostRepliesTests::slot, FaultyFiles::taken, 1);
    assertThat(claim.publish(checkpoint(10, 1))).isTrue();
    assertThat(b.history(RUN)).hasSize(2);
  }

  @Test
  void an_error_after_the_link_is_won_as_well() {
    faulty.loseReply("link", LostRepliesTests::slot, FaultyFiles::broken, 1);

    assertThat(claim(a).epoch()).isEqualTo(1);
    assertThat(b.history(RUN)).hasSize(1);
  }

  @Test
  void an_error_before_the_link_is_tried_again() {
    faulty.refuse("link", LostRepliesTests::slot, FaultyFiles::broken, 2);

    assertThat(claim(a).epoch()).isEqualTo(1);
    assertThat(b.history(RUN)).hasSize(1);
  }

  @Test
  void a_false_taken_is_tried_again() {
    faulty.refuse("link", LostRepliesTests::slot, FaultyFiles::taken, 1);

    assertThat(claim(a).epoch()).isEqualTo(1);
  }

  @Test
  void a_lost_reply_of_a_lost_race_is_lost() {
    ClaimState basis = a.look(RUN);
    claim(b);
    faulty.refuse("link", LostRepliesTests::slot, FaultyFiles::broken, 1);

    assertThat(a.claim(RUN, SHA, basis)).isEmpty();
  }

  @Test
  void a_temp_that_is_already_unlinked_does_no_harm() {
    faulty.loseReply(
        "delete", name -> name.startsWith(FileSystem.TEMP_PREFIX), FaultyFiles::missing, 99);

    Claim claim = claim(a);
    assertThat(claim.publish(checkpoint(10, 1))).isTrue();
    assertThat(claim.finish(finish(10))).isTrue();
  }

  @Test
  void a_publish_whose_success_stayed_hidden_is_found_when_it_is_made_again() {
    Claim claim = claim(a);
    faulty.loseReply("link", LostRepliesTests::slot, FaultyFiles::broken, 1);
    faulty.refuse("read", LostRepliesTests::slot, FaultyFiles::broken, 1);
    faulty.refuse(
        "create", name -> name.startsWith(FileSystem.TEMP_PREFIX), FaultyFiles::broken, 0);
    faulty.refuse("list", name -> name.endsWith(".lock"), FaultyFiles::broken, 5);

    assertThatThrownBy(() -> claim.publish(checkpoint(10, 1)))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(claim.superseded()).isFalse();
    faulty.heal();

    assertThat(claim.publish(checkpoint(10, 1))).isTrue();
    assertThat(b.history(RUN))
        .extracting(end -> end.type())
        .containsExactly(RecordType.CLAIM, RecordType.PUBLISH);
    assertThat(claim.published()).containsExactly(checkpoint(10, 1));
  }

  @Test
  void another_word_after_a_hidden_success_goes_behind_it() {
    Claim claim = claim(a);
    faulty.loseReply("link", LostRepliesTests::slot, FaultyFiles::broken, 1);
    faulty.refuse("list", name -> name.endsWith(".lock"), FaultyFiles::broken, 99);
    assertThatThrownBy(() -> claim.publish(checkpoint(10, 1)))
        .isInstanceOf(UncheckedIOException.class);
    faulty.heal();

    assertThat(claim.release(ReleaseReason.PREEMPTED, "")).isTrue();

    assertThat(b.history(RUN))
        .extracting(end -> end.type())
        .containsExactly(RecordType.CLAIM, RecordType.PUBLISH, RecordType.RELEASE);
    assertThat(b.history(RUN).get(2).summary().checkpoint()).isEqualTo(checkpoint(10, 1));
  }

  @Test
  void a_claim_whose_success_stayed_hidden_is_taken_up_at_the_next_look() {
    ClaimState basis = a.look(RUN);
    faulty.loseReply("link", LostRepliesTests::slot, FaultyFiles::broken, 1);
    faulty.refuse("read", LostRepliesTests::slot, FaultyFiles::broken, 99);
    assertThatThrownBy(() -> a.claim(RUN, SHA, basis)).isInstanceOf(UncheckedIOException.class);
    faulty.heal();

    ClaimState next = a.look(RUN);

    assertThat(logged(next).owner()).extracting(Liveness::dead).isEqualTo(true);
    assertThat(a.claim(RUN, SHA, next)).isPresent();
  }

  @Test
  void a_full_disk_takes_no_slot_and_leaves_no_litter() throws IOException {
    Claim claim = claim(a);
    faulty.refuse("create", name -> name.startsWith(FileSystem.TEMP_PREFIX), FaultyFiles::full, 99);

    assertThatThrownBy(() -> claim.publish(checkpoint(10, 1)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("No space left");
    assertThat(names()).containsExactly("00000001.json", "hb.00000001");
    faulty.heal();

    assertThat(claim.publish(checkpoint(10, 1))).isTrue();
  }

  @Test
  void without_hard_links_slots_are_taken_by_exclusive_creation() throws IOException {
    faulty.refuse("link", name -> true, FaultyFiles::unsupported, 9999);

    Claim claim = claim(a);
    assertThat(claim.publish(checkpoint(10, 1))).isTrue();
    assertThat(claim.release(ReleaseReason.PREEMPTED, "")).isTrue();

    assertThat(workers.layout.format("toy")).hasContent("{\"v\":1,\"primitive\":\"create\"}");
    Claim next = claim(b);
    assertThat(next.epoch()).isEqualTo(4);
    assertThat(names()).allMatch(name -> !name.startsWith(FileSystem.TEMP_PREFIX));
  }

  @Test
  void the_two_primitives_exclude_each_other() {
    ClaimState basisOfA = a.look(RUN);
    ClaimState basisOfB = b.look(RUN);
    faulty.refuse("link", name -> true, FaultyFiles::unsupported, 9999);
    claim(a).release(ReleaseReason.SHUTDOWN, "");

    assertThat(b.claim(RUN, SHA, basisOfB)).isEmpty();
    assertThat(a.claim(RUN, SHA, basisOfA)).isEmpty();
    assertThat(claim(b).epoch()).isEqualTo(3);
  }

  @Test
  void an_empty_slot_is_a_claim_of_nobody_known_and_expires() throws IOException {
    claim(b).release(ReleaseReason.PREEMPTED, "");
    Files.createFile(workers.layout.lock(RUN).resolve("00000003.json"));

    ClaimState.Logged taken = logged(a.look(RUN));
    ClaimState expired = workers.watch(a, Workers.SETTINGS.expiry());
    Claim claim = a.claim(RUN, SHA, expired).orElseThrow();

    assertThat(taken.end().owner().worker()).isEqualTo("unknown");
    assertThat(taken.owner()).extracting(Liveness::dead).isEqualTo(false);
    assertThat(claim.epoch()).isEqualTo(4);
    assertThat(claim.summary().attempts()).isEqualTo(2);
  }

  @Test
  void replies_lost_by_exclusive_creation_do_no_harm() {
    faulty.refuse("link", name -> true, FaultyFiles::unsupported, 9999);
    Claim claim = claim(a);
    faulty.refuse("take", LostRepliesTests::slot, FaultyFiles::full, 1);
    faulty.loseReply("take", LostRepliesTests::slot, FaultyFiles::full, 1);

    assertThat(claim.publish(checkpoint(10, 1))).isTrue();
    assertThat(b.history(RUN)).hasSize(2);
  }

  @Test
  void an_owner_whose_exclusive_creation_is_cut_short_gives_way() {
    faulty.refuse("link", name -> true, FaultyFiles::unsupported, 9999);
    Claim claim = claim(a);
    faulty.refuse("take", LostRepliesTests::slot, this::cutShort, 1);

    assertThat(claim.publish(checkpoint(10, 1))).isFalse();
    assertThat(claim.superseded()).isTrue();
    assertThat(logged(b.look(RUN)).end().slot()).isEqualTo(2);
    assertThat(logged(b.look(RUN)).end().owner().worker()).isEqualTo("unknown");
  }

  private IOException cutShort() {
    try {
      Files.createFile(workers.layout.lock(RUN).resolve("00000002.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return FaultyFiles.full();
  }

  @Test
  void an_empty_format_marker_means_exclusive_creation() throws IOException {
    Files.createDirectories(workers.layout.locks("toy"));
    Files.createFile(workers.layout.format("toy"));

    assertThat(claim(b).epoch()).isEqualTo(1);
    assertThat(claim(a(new LocalFiles())).epoch()).isEqualTo(2);
  }

  private DirectoryClaims a(FileSystem files) {
    workers.gone.add("b");
    return workers.start("a2", files, workers.clock, Workers.SETTINGS);
  }

  @Test
  void a_removed_lock_folder_means_superseded() throws IOException {
    Claim claim = claim(a);
    new LocalFiles().deleteTree(workers.layout.lock(RUN));

    assertThat(claim.publish(checkpoint(10, 1))).isFalse();
    assertThat(claim.superseded()).isTrue();
  }

  private static boolean slot(String name) {
    return name.endsWith(".json");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(workers.layout.lock(RUN))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
