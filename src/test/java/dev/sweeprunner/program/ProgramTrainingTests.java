package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Inspection;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.work.SickNode;
import dev.sweeprunner.testkit.AuditedRoot;
import dev.sweeprunner.testkit.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program behind claims, with real processes: what it gets, and what becomes of its end. */
class ProgramTrainingTests {
  /** Six steps, resumed from a checkpoint that is renamed into place; each start is noted. */
  private static final String RESUMES =
      """
      echo "$SWEEP_RUNNER_EPOCH" >> starts
      state="$OUT_DIR/state.json"
      step=0
      [ -e "$state" ] && step=$(grep -o '[0-9]*' "$state")
      while [ "$step" -lt 6 ]; do
        step=$((step + 1))
        echo "{\\"step\\": $step, \\"total\\": 6, \\"loss\\": 0.$step}" >> "$SWEEP_RUNNER_METRICS"
        echo "step $step of $1"
        if [ $((step % 2)) = 0 ]; then
          echo "{\\"step\\": $step}" > "$state.t"
          mv "$state.t" "$state"
        fi
        [ "$step" = "$DIES_AT" ] && [ "$SWEEP_RUNNER_EPOCH" = 1 ] && kill -9 $$
        [ "$step" = "$WAITS_AT" ] && [ "$SWEEP_RUNNER_EPOCH" = 1 ] && { touch waits; sleep 60 & wait; }
      done
      exit 0
      """;

  @TempDir private Path folder;

  private ProgramWorld world(String text) throws IOException {
    return new ProgramWorld(folder, text);
  }

  private ProgramWorld resuming(String first) throws IOException {
    return world(first + RESUMES)
        .says("checkpoint.pattern", "state.json")
        .says("checkpoint.ready", "atomic")
        .says("checkpoint.iteration", "state.json:step");
  }

  @Test
  void it_gets_its_parameters_and_is_finished_when_it_says_so() throws IOException {
    ProgramWorld world =
        world("echo \"$@\" > seen; echo \"$OUT_DIR $RUN_ID $SWEEP_RUNNER_EPOCH\" >> seen\n")
            .sweep("lr: {values: [1.0e-5]}\n  name: {value: a b}");

    Outcome outcome = world.work();

    assertThat(outcome).isEqualTo(Outcome.FINISHED);
    assertThat(Files.readAllLines(folder.resolve("seen")))
        .containsExactly(
            "--lr=1e-05 --name=a b", world.work(0) + " " + world.points().runId(0) + " 1");
  }

  @Test
  void its_rows_are_the_runs_journal() throws IOException {
    ProgramWorld world = resuming("");

    Outcome outcome = world.work();

    assertThat(outcome).isEqualTo(Outcome.FINISHED);
    assertThat(steps(world)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(ProgramWorld.text(world.run(0).resolve("run.log"))).contains("step 6 of --x=1");
  }

  @Test
  void a_program_that_is_killed_goes_on_from_its_checkpoint_and_no_step_stands_twice()
      throws IOException {
    ProgramWorld world = resuming("DIES_AT=5\n");

    Outcome first = world.work();
    world.worker().liveToTheEnd();

    assertThat(first).isEqualTo(Outcome.FAILED);
    assertThat(steps(world)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(Files.readAllLines(folder.resolve("starts"))).hasSize(2);
  }

  @Test
  void a_program_that_is_asked_to_stop_is_given_back_with_its_checkpoint() throws IOException {
    ProgramWorld world = resuming("WAITS_AT=4\ntrap 'exit 0' TERM\n");
    CompletableFuture<Outcome> working = CompletableFuture.supplyAsync(world::work);
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("waits")));

    world.stop("SIGTERM");
    Outcome first = working.join();
    world.stop("");
    Outcome second = world.work();

    assertThat(first).isEqualTo(Outcome.RELEASED);
    assertThat(second).isEqualTo(Outcome.FINISHED);
    assertThat(steps(world)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void one_that_ignores_the_signal_is_ended_after_its_grace() throws IOException {
    ProgramWorld world =
        world("trap '' TERM\ntouch waits\nwhile :; do sleep 0.1; done\n")
            .grace(Duration.ofMillis(300));
    CompletableFuture<Outcome> working = CompletableFuture.supplyAsync(world::work);
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("waits")));

    world.stop("SIGTERM");

    assertThat(working.join()).isEqualTo(Outcome.RELEASED);
    assertThat(world.notices).anyMatch(note -> note.contains("did not end within the grace"));
  }

  @Test
  void in_mode_copy_each_claim_works_in_a_folder_of_its_own() throws IOException {
    ProgramWorld world = resuming("DIES_AT=5\necho \"$OUT_DIR\" >> folders\n").copying();

    Outcome first = world.work();
    world.worker().liveToTheEnd();

    assertThat(first).isEqualTo(Outcome.FAILED);
    assertThat(Files.readAllLines(folder.resolve("folders"))).doesNotHaveDuplicates().hasSize(2);
    assertThat(steps(world)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(world.run(0).resolve("ckpt/latest/work/state.json")).hasContent("{\"step\": 6}");
  }

  @ParameterizedTest
  @EnumSource(
      value = ProgramRules.Folder.class,
      names = {"SHARED", "COPY"})
  void its_end_is_the_step_to_which_it_has_come_with_all_that_it_left(ProgramRules.Folder mode)
      throws IOException {
    ProgramWorld world = leaving().mode(mode);

    world.work();

    assertEnded(
        world,
        mode == ProgramRules.Folder.COPY
            ? world.run(0).resolve("ckpt/latest/work")
            : world.work(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "publish.staged",
        "settle.renamed",
        "publish.renamed",
        "publish.published",
        "prune.half",
        "publish.pruned",
        "join.written",
        "finish.joined",
        "finish.appended"
      })
  void killed_in_its_end_it_ends_at_the_same_step(String point) throws IOException {
    ProgramWorld world = leaving().copying();
    Path result = new Layout(world.root).work(world.points().at(0).key(), 1).resolve("result");

    assertThatThrownBy(
            () ->
                world
                    .worker(
                        reached -> {
                          if (reached.equals(point) && Files.exists(result)) {
                            throw new Moment();
                          }
                        })
                    .liveToTheEnd())
        .isInstanceOf(Moment.class);
    List<Finding> between = findings(world);
    world.worker().liveToTheEnd();

    assertThat(between).isEmpty();
    assertEnded(world, world.run(0).resolve("ckpt/latest/work"));
  }

  @ParameterizedTest
  @CsvSource({
    "SHARED, 0, 6, '', 6",
    "COPY, 0, 6, '', 6",
    "COPY, 0, 6, DIES_AT=3, 6",
    "SHARED, 0, 6, DIES_AT=3, 6",
    // The last but one of those that count from 1 is not the last.
    "COPY, 1, 7, '', 6",
    "COPY, 1, 6, '', 6"
  })
  void it_has_come_as_far_as_its_own_total_says(
      ProgramRules.Folder mode, int first, int total, String dies, int end) throws IOException {
    ProgramWorld world =
        world(
                dies
                    + """

                    state="$OUT_DIR/state.json"
                    i=%d
                    [ -e "$state" ] && i=$(cat "$state")
                    while [ "$i" -lt %d ]; do
                      echo "{\\"step\\": $i, \\"total\\": %d}" >> "$SWEEP_RUNNER_METRICS"
                      i=$((i + 1))
                      echo "$i" > "$state.t"
                      mv "$state.t" "$state"
                      sleep 0.4
                      [ "$i" = "$DIES_AT" ] && [ "$SWEEP_RUNNER_EPOCH" = 1 ] && kill -9 $$
                    done
                    exit 0
                    """
                        .formatted(first, first + 6, total))
            .says("checkpoint.pattern", "state.json")
            .says("checkpoint.ready", "atomic")
            .mode(mode);

    world.worker().liveToTheEnd();
    world.worker().liveToTheEnd();

    assertThat(steps(world)).hasSize(6);
    assertThat(world.run(0).resolve("FINISHED.json"))
        .content()
        .containsPattern("\"iter\" ?: ?" + end + ",");
    assertThat(findings(world)).isEmpty();
  }

  /** A worker dies there. */
  private static final class Moment extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** It writes a result some time after its last checkpoint. */
  private ProgramWorld leaving() throws IOException {
    return resuming("trap 'sleep 1; echo done > \"$OUT_DIR/result\"' EXIT\n");
  }

  private static void assertEnded(ProgramWorld world, Path work) throws IOException {
    assertThat(world.run(0).resolve("FINISHED.json")).content().containsPattern("\"iter\" ?: ?6,");
    assertThat(work.resolve("result")).hasContent("done");
    assertThat(steps(world)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(findings(world)).isEmpty();
  }

  private static List<Finding> findings(ProgramWorld world) {
    return new AuditedRoot(world.root, List.of(world.points())).findings(Inspection.Depth.ALL);
  }

  @Test
  void exit_0_before_the_rule_holds_is_a_failure() throws IOException {
    ProgramWorld world = world("exit 0\n").says("finished.file", "result.json");

    Life worker = world.worker();
    ClaimedRun run = worker.claim().orElseThrow();
    Outcome outcome = worker.train(run);

    assertThat(outcome).isEqualTo(Outcome.FAILED);
    assertThat(message(run)).contains("result.json");
  }

  @Test
  void its_last_words_are_the_reason() throws IOException {
    ProgramWorld world =
        world(
            """
            echo 'Traceback (most recent call last):'
            echo 'ValueError: lr is odd'
            echo 'wandb: Synced'
            exit 1
            """);
    Life worker = world.worker();
    ClaimedRun run = worker.claim().orElseThrow();

    worker.train(run);

    assertThat(message(run))
        .isEqualTo("the program exited with 1; its last words: ValueError: lr is odd");
  }

  @Test
  void a_program_that_hangs_is_ended_where_the_user_wants_it() throws IOException {
    ProgramWorld world = world("echo begun\nsleep 100\n").hang(Duration.ofMillis(500));
    Life worker = world.worker();
    ClaimedRun run = worker.claim().orElseThrow();

    Outcome outcome = worker.train(run);

    assertThat(outcome).isEqualTo(Outcome.FAILED);
    assertThat(message(run)).contains("printed nothing").contains("begun");
  }

  @Test
  void three_different_points_that_fail_at_their_start_are_the_environments_fault()
      throws IOException {
    ProgramWorld world = world("exit 3\n").sweep("x: {values: [1, 2, 3, 4]}");
    Life worker = world.worker();

    assertThat(worker.train(worker.claim().orElseThrow())).isEqualTo(Outcome.FAILED);
    assertThat(worker.train(worker.claim().orElseThrow())).isEqualTo(Outcome.FAILED);
    ClaimedRun third = worker.claim().orElseThrow();

    assertThatThrownBy(() -> worker.train(third))
        .isInstanceOf(SickNode.class)
        .hasMessageContaining("3 different points");
  }

  @Test
  void what_cannot_be_started_says_why() throws IOException {
    ProgramWorld world = world("");
    Files.delete(folder.resolve("train.sh"));
    Life worker = world.worker();
    ClaimedRun run = worker.claim().orElseThrow();

    worker.train(run);

    assertThat(message(run))
        .startsWith("the program could not be started")
        .contains("No such file");
  }

  private static String message(ClaimedRun run) {
    return Objects.requireNonNull(run.claim().summary().lastFailure()).message();
  }

  private static List<Integer> steps(ProgramWorld world) throws IOException {
    return Files.readAllLines(world.run(0).resolve("metrics.jsonl")).stream()
        .map(line -> Integer.valueOf(line.replaceAll(".*\"(?:iter|step)\":\\s*(\\d+).*", "$1")))
        .toList();
  }
}
