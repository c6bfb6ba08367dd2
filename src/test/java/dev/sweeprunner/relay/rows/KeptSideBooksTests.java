package dev.sweeprunner.relay.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.SideRuns;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run beside a claim's own goes on over the claims as its program does. */
class KeptSideBooksTests {
  private static final SideBooks.Known EVAL = new SideBooks.Known(2, "eval", false);
  private static final String IMPLICIT = "{\"lr\":{\"value\":1}}";
  private static final String EXPLICIT = "{\"_wandb\":{\"value\":{\"t\":{\"3\":[61]}}}}";

  @TempDir Path root;

  private final SettableClock clock = new SettableClock();
  private final List<String> notes = new ArrayList<>();

  private KeptSideBooks claim(int epoch, Relay.Base base) throws IOException {
    return KeptSideBooks.of(
        new LocalFiles(), new Layout(root), clock, Lives.opening(epoch, base, notes::add));
  }

  private static Relay.Base.At at(long step) {
    return new Relay.Base.At(step, 0, TrackedRun.UNSAID);
  }

  private Path folder(int epoch) {
    return SideRuns.folder(new Layout(root).tracked(Lives.KEY, epoch), "00000001-2");
  }

  private List<String> rows(int epoch) throws IOException {
    return Files.readAllLines(SideRuns.rows(folder(epoch)));
  }

  /** As a client posts it. */
  private static String row(long step, double time) {
    return "{\"x\":NaN,\"_step\":" + step + ",\"_runtime\":1.5,\"_timestamp\":" + time + "}";
  }

  /** As it is kept. */
  private static String kept(long step, String runtime, double time) {
    return "{\"_step\":"
        + step
        + ",\"_runtime\":"
        + runtime
        + ",\"_timestamp\":"
        + time
        + ",\"x\":NaN}";
  }

  /** A first life that has logged at seconds 10, 20, 30, and published at 25. */
  private void live(KeptSideBooks first, String config) throws IOException {
    ClaimBook book = first.open(EVAL, 4);
    book.described(Map.of("config", config));
    book.history(0, List.of(row(0, 10), row(1, 20)));
    book.history(2, List.of(row(2, 30)));
    first.mark(7, 25);
    book.complete(3);
    book.close();
  }

  @Test
  void a_new_one_is_not_there_yet_and_leaves_nothing() throws IOException {
    ClaimBook book = claim(1, new Relay.Base.Fresh()).open(EVAL, -1);
    Book.Known known = book.known();
    book.close();

    assertThat(known).isEqualTo(new Book.Known(false, 0, 0, 0, -1, "{}", "{}"));
    assertThat(folder(1)).doesNotExist();
  }

  @Test
  void what_it_is_told_lies_in_its_own_folder() throws IOException {
    KeptSideBooks first = claim(1, new Relay.Base.Fresh());
    ClaimBook book = first.open(EVAL, 4);
    book.described(Map.of("config", IMPLICIT, "displayName", "an eval"));
    book.history(0, List.of(row(0, 10), row(1, 20)));
    book.history(1, List.of(row(1, 20), row(2, 30)));
    book.console(0, List.of("a line"));
    book.events(0, List.of("{\"system.cpu\":1}"));
    book.summary("{\"x\":1e-05}");
    book.complete(3);
    book.close();

    assertThat(rows(1)).containsExactly(kept(0, "1.5", 10), kept(1, "1.5", 20), kept(2, "1.5", 30));
    assertThat(folder(1).resolve("run.json")).content().contains("an eval", "1e-05");
    assertThat(folder(1).resolve("output.log")).content().contains("a line");
    assertThat(folder(1).resolve("events.jsonl")).content().contains("cpu");
    assertThat(SideRuns.end(folder(1))).content().contains("\"exit\":3");
    assertThat(SideRuns.start(folder(1)))
        .content()
        .contains("\"asked\":\"eval\"", "\"after\":-1", "\"newest\":4");
  }

  @Test
  void a_client_that_opens_it_again_takes_its_end_back() throws IOException {
    ClaimBook book = claim(1, new Relay.Base.Fresh()).open(EVAL, -1);
    book.described(Map.of("config", IMPLICIT));
    book.complete(0);
    book.described(Map.of("config", IMPLICIT));

    assertThat(SideRuns.end(folder(1))).doesNotExist();
  }

  @Test
  void an_heir_goes_on_from_where_it_was_at_the_checkpoint() throws IOException {
    live(claim(1, new Relay.Base.Fresh()), IMPLICIT);

    KeptSideBooks heir = claim(2, at(7));
    List<SideBooks.Known> earlier = heir.earlier();
    ClaimBook book = heir.open(EVAL, 7);
    Book.Known known = book.known();
    book.described(Map.of("config", IMPLICIT));
    book.history(1, List.of(row(2, 40)));
    book.close();

    assertThat(earlier).containsExactly(EVAL);
    assertThat(known.tail()).isEqualTo(1);
    assertThat(known.exists()).isTrue();
    assertThat(known.config()).isEqualTo(IMPLICIT);
    assertThat(rows(2)).containsExactly(kept(2, "3.0", 40));
    assertThat(SideRuns.start(folder(2))).content().contains("\"after\":1");
  }

  @Test
  void one_that_was_opened_after_the_checkpoint_begins_anew() throws IOException {
    KeptSideBooks first = claim(1, new Relay.Base.Fresh());
    first.mark(3, 5);
    live(first, IMPLICIT);

    Book.Known known = claim(2, at(3)).open(EVAL, 3).known();

    assertThat(known.exists()).isFalse();
  }

  @Test
  void one_that_a_later_claim_leaves_alone_stays_where_it_was() throws IOException {
    live(claim(1, new Relay.Base.Fresh()), IMPLICIT);
    claim(2, at(7)).mark(9, 100);

    assertThat(claim(3, at(9)).open(EVAL, 9).known().tail()).isEqualTo(1);
  }

  @Test
  void where_the_run_begins_anew_so_does_it() throws IOException {
    live(claim(1, new Relay.Base.Fresh()), IMPLICIT);

    assertThat(claim(2, new Relay.Base.Fresh()).open(EVAL, -1).known().exists()).isFalse();
    assertThat(claim(2, at(-1)).open(EVAL, -1).known().exists()).isFalse();
  }

  @Test
  void without_a_rule_steps_that_it_names_may_come_again() throws IOException {
    live(claim(1, new Relay.Base.Fresh()), EXPLICIT);

    ClaimBook book = claim(2, new Relay.Base.Unknown()).open(EVAL, 4);
    Book.Known known = book.known();
    book.described(Map.of("config", EXPLICIT));
    book.history(1, List.of(row(1, 40)));
    book.close();

    assertThat(known.tail()).isEqualTo(-1);
    assertThat(rows(2)).hasSize(1).first().asString().startsWith("{\"_step\":1,");
    assertThat(SideRuns.start(folder(2))).content().doesNotContain("after");
    assertThat(SideRuns.habit(folder(2))).exists();
  }

  @Test
  void rows_that_a_young_life_has_held_back_are_there_when_it_ends() throws IOException {
    ClaimBook younger = claim(1, new Relay.Base.Fresh()).open(EVAL, 4);
    younger.described(Map.of("config", IMPLICIT));
    younger.history(0, List.of(row(0, 10), row(1, 11), row(2, 12)));
    younger.close();

    ClaimBook book = claim(2, new Relay.Base.Unknown()).open(EVAL, 4);
    book.described(Map.of("config", IMPLICIT));
    book.history(1, List.of(row(0, 40)));
    boolean before = Files.exists(SideRuns.rows(folder(2)));
    book.close();

    assertThat(before).isFalse();
    assertThat(rows(2)).hasSize(1).first().asString().startsWith("{\"_step\":3,");
  }

  @Test
  void a_checkpoint_waits_for_its_rows_or_for_its_silence() throws IOException {
    KeptSideBooks first = claim(1, new Relay.Base.Fresh());
    boolean alone = first.covers(15);
    ClaimBook book = first.open(EVAL, 4);
    book.described(Map.of("config", EXPLICIT));
    book.history(0, List.of(row(0, 10)));
    boolean asked = first.covers(15);
    book.history(1, List.of(row(1, 20)));
    boolean seen = first.covers(15);
    boolean later = first.covers(25);
    clock.advance(Duration.ofSeconds(3));
    boolean silent = first.covers(25);

    assertThat(alone).isTrue();
    assertThat(asked).isFalse();
    assertThat(seen).isTrue();
    assertThat(later).isFalse();
    assertThat(silent).isTrue();
  }
}
