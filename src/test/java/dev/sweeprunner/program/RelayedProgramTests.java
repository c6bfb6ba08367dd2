package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.testkit.ScriptedRelay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that log to a relay, killed and resumed: each step once, none missing. */
class RelayedProgramTests {
  /**
   * Six rows of which each second is saved, numbered from where the relay says. {@code $i} of a row
   * tells whether it is the right one. Between a save and the next row time passes, as in training.
   */
  private static final String LOGS =
      """
      echo hello >> "$RELAY_FILE"
      state="$OUT_DIR/state.json"
      i=0
      [ -e "$state" ] && i=$(cat "$state")
      echo "$i $RELAY_TAIL" >> starts
      step=$RELAY_TAIL
      while [ "$i" -lt 6 ]; do
        i=$((i + 1))
        step=$((step + 1))
        printf '{"_step":%s,"_timestamp":%s,"_runtime":%s,"i":%s}\\n' \
          "$step" "$(date +%s.%N)" "$i.5" "$i" >> "$RELAY_FILE"
        [ "$i" = "$DIES_AT" ] && [ "$SWEEP_RUNNER_EPOCH" = 1 ] && kill -9 $$
        if [ $((i % 2)) = 0 ]; then
          echo "$i" > "$state.t"
          mv "$state.t" "$state"
          sleep "${REST:-0.6}"
        fi
        [ "$i" = "$DIES_AFTER" ] && [ "$SWEEP_RUNNER_EPOCH" = 1 ] && kill -9 $$
        [ "$i" = "$WAITS_AT" ] && [ "$SWEEP_RUNNER_EPOCH" = 1 ] && { touch waits; sleep 60; }
      done
      echo bye >> "$RELAY_FILE"
      exit 0
      """;

  @TempDir private Path folder;
  private ScriptedRelay relay;

  @BeforeEach
  void makeRelay() {
    relay = new ScriptedRelay(folder.resolve("storage"), folder);
  }

  private ProgramWorld world(String first) throws IOException {
    ProgramWorld world =
        new ProgramWorld(folder, first + LOGS)
            .says("checkpoint.pattern", "state.json")
            .says("checkpoint.ready", "atomic");
    return world.relay(relay);
  }

  private List<String> starts() throws IOException {
    return Files.readAllLines(folder.resolve("starts"));
  }

  /** What the i-th row of an undisturbed run holds. */
  private static List<String> whole(int rows) {
    return IntStream.range(0, rows).mapToObj(step -> step + " " + (step + 1)).toList();
  }

  private static List<String> journal(ProgramWorld world) throws IOException {
    return Files.readAllLines(world.run(0).resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceAll(".*\"iter\":(\\d+).*\"i\":(\\d+)(?:\\.0)?[,}].*", "$1 $2"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = ProgramRules.Folder.class,
      names = {"SHARED", "COPY"})
  void what_it_logs_is_the_runs_journal(ProgramRules.Folder mode) throws IOException {
    ProgramWorld world = world("").mode(mode);

    Outcome outcome = world.work();

    assertThat(outcome).isEqualTo(Outcome.FINISHED);
    assertThat(journal(world)).isEqualTo(whole(6));
    assertThat(relay.openings.get(0).base()).isEqualTo(new Relay.Base.Fresh());
    assertThat(relay.lives.get(0).closed()).isTrue();
    assertThat(world.notices).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"SHARED, -1", "COPY, -1", "SHARED, 0", "COPY, 0"})
  void it_ends_at_its_own_total_whether_it_counts_from_0_or_from_1(
      ProgramRules.Folder mode, int before) throws IOException {
    ProgramWorld world =
        world(
                """
                [ "$RELAY_TAIL" = -1 ] && RELAY_TAIL=%d
                echo '{"step": 0, "total": 6}' >> "$SWEEP_RUNNER_METRICS"
                """
                    .formatted(before))
            .mode(mode);

    Outcome outcome = world.work();

    assertThat(outcome).isEqualTo(Outcome.FINISHED);
    assertThat(journal(world)).hasSize(6).last().isEqualTo(before + 6 + " 6");
    assertThat(world.run(0).resolve("FINISHED.json")).content().containsPattern("\"iter\" ?: ?6,");
  }

  @ParameterizedTest
  @CsvSource({
    // The row after the save has arrived: it goes on from that.
    "SHARED, DIES_AT=5, 4",
    "COPY, DIES_AT=5, 4",
    // None has: whether all before it did nobody knows, but what is there is there.
    "SHARED, DIES_AFTER=4, 4",
    "COPY, DIES_AFTER=4, 2",
    "COPY, DIES_AFTER=1, 0",
    "SHARED, DIES_AFTER=3, 2"
  })
  void a_kill_leaves_each_step_once_and_none_missing(
      ProgramRules.Folder mode, String dies, int resumed) throws IOException {
    ProgramWorld world = world(dies + "\n").mode(mode);

    Outcome first = world.work();
    world.worker().liveToTheEnd();

    assertThat(first).isEqualTo(Outcome.FAILED);
    assertThat(starts()).containsExactly("0 -1", resumed + " " + (resumed - 1));
    assertThat(journal(world)).isEqualTo(whole(6));
  }

  @Test
  void its_heir_is_told_what_the_run_was_at_the_checkpoint() throws IOException {
    ProgramWorld world = world("DIES_AT=5\n").mode(ProgramRules.Folder.COPY);

    world.work();
    world.worker().liveToTheEnd();

    assertThat(relay.openings.get(1).base())
        .isEqualTo(new Relay.Base.At(3, 4.5, relay.lives.get(0).tracked(3)));
  }

  @Test
  void where_nobody_says_how_it_saves_nobody_knows_where_it_goes_on() throws IOException {
    ProgramWorld world = new ProgramWorld(folder, "DIES_AT=3\n" + LOGS);
    world.relay(relay);

    world.work();
    world.worker().liveToTheEnd();

    assertThat(relay.openings.get(1).base()).isEqualTo(new Relay.Base.Unknown());
  }

  @Test
  void a_rule_in_words_makes_copies_and_what_was_begun_in_one_folder_stays_there()
      throws IOException {
    ProgramWorld world =
        world("echo \"$OUT_DIR\" >> folders\nDIES_AT=5\n").mode(ProgramRules.Folder.SHARED);
    world.work();
    world.mode(ProgramRules.Folder.AUTO).worker().liveToTheEnd();

    assertThat(Files.readAllLines(folder.resolve("folders")))
        .containsExactly(world.work(0).toString(), world.work(0).toString());
    assertThat(journal(world)).isEqualTo(whole(6));
    assertThat(world.training().statesMaySpoil()).isTrue();
  }

  @Test
  void a_new_run_whose_checkpoints_are_known_is_copied() throws IOException {
    ProgramWorld world =
        world("echo \"$OUT_DIR\" >> folders\n").mode(ProgramRules.Folder.AUTO).copyLimit(1);

    world.work();

    assertThat(ProgramWorld.text(folder.resolve("folders"))).contains("epochs/1/work");
    assertThat(world.notices)
        .singleElement()
        .asString()
        .contains("a published copy takes")
        .contains("program.mode shared");
  }

  @Test
  void one_that_dies_of_the_signal_has_told_all_it_logged() throws IOException {
    String client =
        """
        : > pending
        setsid bash -c 'while :; do sleep 0.3; n=$(wc -l < pending)
          [ "$n" -gt "${sent:-0}" ] && tail -n +$((${sent:-0} + 1)) pending | head -n $((n - ${sent:-0})) >> "$1"
          sent=$n; echo post >> "$1"; done' core "$RELAY_FILE" --pid $$ &
        echo hello >> "$RELAY_FILE"
        i=0
        while :; do
          printf '{"_step":%s,"_timestamp":%s,"_runtime":1,"i":1}\\n' "$i" "$(date +%s.%N)" >> pending
          i=$((i + 1))
          sleep 0.01
        done
        """;
    ProgramWorld world = new ProgramWorld(folder, client);
    world.relay(relay);
    CompletableFuture<Outcome> working = CompletableFuture.supplyAsync(world::work);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ScriptedRelay.kept(logged(world)).size() > 20);

    world.stop("SIGTERM");

    assertThat(working.join()).isEqualTo(Outcome.RELEASED);
    assertThat(ScriptedRelay.kept(logged(world)))
        .isEqualTo(Files.readAllLines(folder.resolve("pending")));
  }

  private Path logged(ProgramWorld world) {
    return new Layout(world.root).loggedRows(world.points().at(0).key(), 1);
  }

  @Test
  void one_that_waits_is_given_back_after_its_life_was_closed() throws IOException {
    ProgramWorld world = world("WAITS_AT=4\n").mode(ProgramRules.Folder.COPY);
    CompletableFuture<Outcome> working = CompletableFuture.supplyAsync(world::work);
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("waits")));

    world.stop("SIGTERM");
    Outcome first = working.join();
    world.stop("");
    Outcome second = world.work();

    assertThat(first).isEqualTo(Outcome.RELEASED);
    assertThat(relay.lives.get(0).closed()).isTrue();
    assertThat(second).isEqualTo(Outcome.FINISHED);
    assertThat(journal(world)).isEqualTo(whole(6));
  }

  @Test
  void one_that_never_speaks_goes_by_its_own_evidence_and_is_told_of_where_it_uses_wandb()
      throws IOException {
    ProgramWorld world =
        new ProgramWorld(
                folder,
                """
                echo 'wandb: Tracking run offline'
                echo '{"step": 3, "loss": 1}' >> "$SWEEP_RUNNER_METRICS"
                """)
            .sweep("x: {values: [1, 2]}");
    world.relay(relay);

    world.worker().liveToTheEnd();

    assertThat(Files.readAllLines(world.run(0).resolve("metrics.jsonl"))).hasSize(1);
    assertThat(world.notices)
        .filteredOn(note -> note.contains("never spoke to the relay"))
        .hasSize(1);
  }

  @Test
  void the_token_is_not_written_down() throws IOException {
    ProgramWorld world = world("");

    world.work();

    String record =
        ProgramWorld.text(new Layout(world.root).program(world.points().at(0).key(), 1));
    assertThat(record).contains("WANDB_API_KEY").doesNotContain("0123456789");
  }
}
