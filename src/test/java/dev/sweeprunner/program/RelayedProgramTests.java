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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Programs that log to a relay, killed and resumed: each step once, none missing. */
class RelayedProgramTests {
  /**
   * Six rows of which each second is saved, numbered from where the relay says. {@code $i} of a row
   * tells whether it is the right one. A save takes time, and so does what comes before the next
   * row, as in training: a busy host's ticks, by which files get their times, may be late.
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
          sleep 0.1
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

  private static final ProgramRules.Folder SHARED = ProgramRules.Folder.SHARED;
  private static final ProgramRules.Folder COPY = ProgramRules.Folder.COPY;
  private static final int AT_ONCE = 3;

  @TempDir private Path folder;
  private ScriptedRelay relay;

  @BeforeEach
  void makeRelay() {
    relay = new ScriptedRelay(folder.resolve("storage"), folder);
  }

  private static ProgramWorld world(Path folder, String first) throws IOException {
    return new ProgramWorld(folder, first + LOGS)
        .says("checkpoint.pattern", "state.json")
        .says("checkpoint.ready", "atomic");
  }

  /** A course that is played in a folder of its own. */
  private interface Course {
    void play(Path place, ScriptedRelay there) throws IOException;
  }

  /** Plays some at a time, since programs mostly wait; each is a test. */
  private List<DynamicTest> played(Map<String, Course> courses) {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    List<DynamicTest> tests = new ArrayList<>();
    courses.forEach(
        (name, course) -> {
          Path place = folder.resolve("course-" + tests.size());
          Future<?> ends =
              pool.submit(
                  () -> {
                    Files.createDirectories(place);
                    course.play(place, new ScriptedRelay(place.resolve("storage"), place));
                    return null;
                  });
          tests.add(DynamicTest.dynamicTest(name, () -> outcome(ends)));
        });
    pool.shutdown();
    return tests;
  }

  /** What went wrong in it goes wrong here. */
  private static void outcome(Future<?> course) throws Throwable {
    try {
      course.get();
    } catch (ExecutionException failure) {
      throw Objects.requireNonNull(failure.getCause());
    }
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

  @TestFactory
  List<DynamicTest> each_step_stands_once_and_none_is_missing() {
    Map<String, Course> all = new LinkedHashMap<>();
    // The row after the save has arrived: it goes on from that.
    all.put("killed, SHARED, DIES_AT=5", kill(SHARED, "DIES_AT=5", 4));
    all.put("killed, COPY, DIES_AT=5", kill(COPY, "DIES_AT=5", 4));
    // None has: whether all before it did nobody knows, but what is there is there.
    all.put("killed, SHARED, DIES_AFTER=4", kill(SHARED, "DIES_AFTER=4", 4));
    all.put("killed, COPY, DIES_AFTER=4", kill(COPY, "DIES_AFTER=4", 2));
    all.put("killed, COPY, DIES_AFTER=1", kill(COPY, "DIES_AFTER=1", 0));
    all.put("killed, SHARED, DIES_AFTER=3", kill(SHARED, "DIES_AFTER=3", 2));
    all.put("logging, SHARED", logging(SHARED));
    all.put("logging, COPY", logging(COPY));
    all.put("ending, SHARED, from 0", ending(SHARED, -1));
    all.put("ending, COPY, from 0", ending(COPY, -1));
    all.put("ending, SHARED, from 1", ending(SHARED, 0));
    all.put("ending, COPY, from 1", ending(COPY, 0));
    all.put(
        "its_heir_is_told_what_the_run_was_at_the_checkpoint",
        RelayedProgramTests::its_heir_is_told_what_the_run_was_at_the_checkpoint);
    all.put(
        "where_nobody_says_how_it_saves_nobody_knows_where_it_goes_on",
        RelayedProgramTests::where_nobody_says_how_it_saves_nobody_knows_where_it_goes_on);
    all.put(
        "a_rule_in_words_makes_copies_and_what_was_begun_in_one_folder_stays_there",
        RelayedProgramTests
            ::a_rule_in_words_makes_copies_and_what_was_begun_in_one_folder_stays_there);
    return played(all);
  }

  private static Course logging(ProgramRules.Folder mode) {
    return (place, there) -> {
      ProgramWorld world = world(place, "").relay(there).mode(mode);

      Outcome outcome = world.work();

      assertThat(outcome).isEqualTo(Outcome.FINISHED);
      assertThat(journal(world)).isEqualTo(whole(6));
      assertThat(there.openings.get(0).base()).isEqualTo(new Relay.Base.Fresh());
      assertThat(there.lives.get(0).closed()).isTrue();
      assertThat(world.notices).isEmpty();
    };
  }

  private static Course ending(ProgramRules.Folder mode, int before) {
    return (place, there) -> {
      ProgramWorld world =
          world(
                  place,
                  """
                  [ "$RELAY_TAIL" = -1 ] && RELAY_TAIL=%d
                  echo '{"step": 0, "total": 6}' >> "$SWEEP_RUNNER_METRICS"
                  """
                      .formatted(before))
              .relay(there)
              .mode(mode);

      Outcome outcome = world.work();

      assertThat(outcome).isEqualTo(Outcome.FINISHED);
      assertThat(journal(world)).hasSize(6).last().isEqualTo(before + 6 + " 6");
      assertThat(world.run(0).resolve("FINISHED.json"))
          .content()
          .containsPattern("\"iter\" ?: ?6,");
    };
  }

  private static Course kill(ProgramRules.Folder mode, String dies, int resumed) {
    return (place, there) -> {
      ProgramWorld world = world(place, dies + "\n").relay(there).mode(mode);

      Outcome first = world.work();
      world.worker().liveToTheEnd();

      assertThat(first).isEqualTo(Outcome.FAILED);
      assertThat(Files.readAllLines(place.resolve("starts")))
          .containsExactly("0 -1", resumed + " " + (resumed - 1));
      assertThat(journal(world)).isEqualTo(whole(6));
    };
  }

  private static void its_heir_is_told_what_the_run_was_at_the_checkpoint(
      Path folder, ScriptedRelay relay) throws IOException {
    ProgramWorld world = world(folder, "DIES_AT=5\n").relay(relay).mode(ProgramRules.Folder.COPY);

    world.work();
    world.worker().liveToTheEnd();

    assertThat(relay.openings.get(1).base())
        .isEqualTo(new Relay.Base.At(3, 4.5, relay.lives.get(0).tracked(3)));
    assertThat(relay.lives.get(0).marks).containsKey(3L);
  }

  private static void where_nobody_says_how_it_saves_nobody_knows_where_it_goes_on(
      Path folder, ScriptedRelay relay) throws IOException {
    ProgramWorld world = new ProgramWorld(folder, "DIES_AT=3\n" + LOGS);
    world.relay(relay);

    world.work();
    world.worker().liveToTheEnd();

    assertThat(relay.openings.get(1).base()).isEqualTo(new Relay.Base.Unknown());
  }

  private static void a_rule_in_words_makes_copies_and_what_was_begun_in_one_folder_stays_there(
      Path folder, ScriptedRelay relay) throws IOException {
    ProgramWorld world =
        world(folder, "echo \"$OUT_DIR\" >> folders\nDIES_AT=5\n")
            .relay(relay)
            .mode(ProgramRules.Folder.SHARED);
    world.work();
    world.mode(ProgramRules.Folder.AUTO).worker().liveToTheEnd();

    assertThat(Files.readAllLines(folder.resolve("folders")))
        .containsExactly(world.work(0).toString(), world.work(0).toString());
    assertThat(journal(world)).isEqualTo(whole(6));
    assertThat(world.training().statesMaySpoil()).isTrue();
  }

  @Test
  void what_was_noticed_of_rows_is_said_before_they_are_told() throws IOException {
    relay.noticed = "steps 3-4 never arrived";
    ProgramWorld world = world(folder, "").relay(relay);

    world.work();

    List<String> log = Files.readAllLines(world.run(0).resolve("run.log"));
    assertThat(log.stream().map(line -> line.replaceFirst("^\\S+ ", "")).toList())
        .containsSubsequence("[relay] steps 3-4 never arrived", "iteration 0: i 1.00000");
  }

  @Test
  void a_new_run_whose_checkpoints_are_known_is_copied() throws IOException {
    ProgramWorld world =
        world(folder, "echo \"$OUT_DIR\" >> folders\n")
            .relay(relay)
            .mode(ProgramRules.Folder.AUTO)
            .copyLimit(1);

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

  private static Path logged(ProgramWorld world) {
    return new Layout(world.root).loggedRows(world.points().at(0).key(), 1);
  }

  @Test
  void one_that_waits_is_given_back_after_its_life_was_closed() throws IOException {
    ProgramWorld world = world(folder, "WAITS_AT=4\n").relay(relay).mode(ProgramRules.Folder.COPY);
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
    ProgramWorld world = world(folder, "").relay(relay);

    world.work();

    String record =
        ProgramWorld.text(new Layout(world.root).program(world.points().at(0).key(), 1));
    assertThat(record).contains("WANDB_API_KEY").doesNotContain("0123456789");
  }
}
