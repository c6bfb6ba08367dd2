package dev.sweeprunner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.Results;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a run has published is damaged on disk: the damage is the run's alone, and it ends as if
 * nothing had happened. Publishes are made at 3, 4, 6, 8, 9 and 10; the checkpoints of the two
 * newest stay whole, those of 4 and 8 by their weights.
 */
class DamagedRunTests {
  private static final int ITERATIONS = 10;
  private static final int INTERVAL = 3;
  private static final String LAST = "0000010";

  @TempDir Path folder;
  private Path root;
  private Layout layout;
  private Points points;
  private Map<String, List<String>> undisturbed;

  /** What may happen to the checkpoint of a run that stands at 9. */
  enum Damage {
    TRUNCATED_WEIGHTS(ckpt -> cut(ckpt.resolve("weights.safetensors"))),
    A_FLIPPED_BYTE(ckpt -> flip(ckpt.resolve("optimizer.safetensors"))),
    A_MISSING_FILE(ckpt -> remove(ckpt.resolve("state.json"))),
    AN_EDITED_MANIFEST(
        ckpt -> write(ckpt.resolve("manifest.json"), "{\"v\":1,\"iter\":9,\"files\":{}}\n")),
    A_REMOVED_FOLDER(DamagedRunTests::removeAll),
    A_FOREIGN_FOLDER(
        ckpt -> {
          removeAll(ckpt);
          write(ckpt.resolve("pytorch_model.bin"), "PK");
        }),
    A_FILE_IN_ITS_PLACE(
        ckpt -> {
          removeAll(ckpt);
          write(ckpt, "x");
        }),
    A_FOLDER_IN_A_FILES_PLACE(
        ckpt -> {
          remove(ckpt.resolve("weights.safetensors"));
          write(ckpt.resolve("weights.safetensors/x"), "x");
        });

    private final Consumer<Path> harm;

    Damage(Consumer<Path> harm) {
      this.harm = harm;
    }
  }

  @BeforeEach
  void liveUndisturbed() {
    grid(1);
    Path calm = folder.resolve("undisturbed");
    new Life(calm, points, Trace.OFF, INTERVAL).liveToTheEnd();
    undisturbed = Results.of(calm, LAST);
    root = folder.resolve("storage");
    layout = new Layout(root);
  }

  private void grid(int size) {
    points = Grids.tiny(folder.resolve("sweep"), size, ITERATIONS);
  }

  private RunKey key() {
    return points.at(0).key();
  }

  private Life heir() {
    return new Life(root, points, Trace.OFF, INTERVAL);
  }

  /** Trains until the publish at 9 is made, and is killed. */
  private void stopAtNine() {
    Life life = new Life(root, points, new At("publish.pruned", 5, Killed::kill), INTERVAL);
    try {
      life.train(life.claim().orElseThrow());
    } catch (Killed killed) {
      return;
    }
    throw new AssertionError("it was not killed");
  }

  private void endsAsIfNothingHadHappened() {
    assertThat(Results.of(root, LAST)).isEqualTo(undisturbed);
    assertThat(Results.litter(root)).isEmpty();
    assertThat(Results.checkpoints(root))
        .isEqualTo(Results.checkpoints(folder.resolve("undisturbed")));
  }

  /** Without them nothing but the parts themselves has the rows. */
  private void forgetRows() {
    removeAll(layout.epochs(key()));
  }

  private Path part(String name) {
    return layout.part(key(), name);
  }

  private String runLog() {
    return read(layout.runLog(key()));
  }

  private List<LogEnd> history() {
    return Situations.claims(layout).history(key());
  }

  private LogEnd end() {
    List<LogEnd> history = history();
    return history.get(history.size() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void a_damaged_checkpoint_is_passed_over_for_the_one_before_it(Damage damage) {
    stopAtNine();
    damage.harm.accept(layout.checkpoint(key(), "0000009-e1"));

    heir().liveToTheEnd();

    endsAsIfNothingHadHappened();
    assertThat(runLog())
        .contains("0000009-e1")
        .contains("; it goes on from iteration 8 (checkpoint 0000008-e1)");
  }

  @Test
  void where_no_checkpoint_is_whole_the_run_begins_anew() {
    stopAtNine();
    removeAll(layout.checkpoint(key(), "0000009-e1"));
    removeAll(layout.checkpoint(key(), "0000008-e1"));

    heir().liveToTheEnd();

    endsAsIfNothingHadHappened();
    assertThat(runLog()).contains("0000009-e1/manifest.json is missing; it begins anew");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000003-e1.jsonl", "0000009-e1.jsonl"})
  void a_part_whose_rows_its_claim_still_has_is_made_again_and_nothing_is_lost(String name) {
    stopAtNine();
    flip(part(name));
    Counts heir = new Counts();

    new Life(root, points, heir, INTERVAL).liveToTheEnd();

    endsAsIfNothingHadHappened();
    assertThat(heir.iterations).isEqualTo(1);
    assertThat(runLog())
        .contains(name + ": the metric part differs from what was published; made again from its");
  }

  @Test
  void a_newest_part_that_is_missing_costs_what_stands_on_it() {
    stopAtNine();
    forgetRows();
    remove(part("0000009-e1.jsonl"));

    heir().liveToTheEnd();

    endsAsIfNothingHadHappened();
    assertThat(runLog())
        .contains("0000009-e1.jsonl: the published metric part is missing; it goes on from")
        .contains("iteration 8 (checkpoint 0000008-e1)");
  }

  @Test
  void a_newest_part_with_a_flipped_byte_does_too() {
    stopAtNine();
    forgetRows();
    flip(part("0000009-e1.jsonl"));

    heir().liveToTheEnd();

    endsAsIfNothingHadHappened();
    assertThat(runLog())
        .contains("0000009-e1.jsonl: the metric part differs from what was published; it goes on");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000003-e1.jsonl", "0000004-e1.jsonl", "0000006-e1.jsonl"})
  void a_part_before_all_kept_checkpoints_costs_the_whole_run(String name) {
    stopAtNine();
    forgetRows();
    flip(part(name));

    heir().liveToTheEnd();

    endsAsIfNothingHadHappened();
    assertThat(runLog()).contains(name + ": the metric part differs").contains("; it begins anew");
  }

  @Test
  void a_folder_of_parts_that_is_gone_costs_the_whole_run() {
    stopAtNine();
    forgetRows();
    removeAll(layout.parts(key()));

    heir().liveToTheEnd();

    endsAsIfNothingHadHappened();
  }

  @Test
  void a_publish_that_the_log_no_longer_has_costs_what_stands_on_it() throws IOException {
    stopAtNine();
    LogEnd six =
        history().stream()
            .filter(record -> record.type() == RecordType.PUBLISH)
            .skip(1)
            .findFirst()
            .orElseThrow();
    try (var slots = Files.list(layout.lock(key()))) {
      slots
          .filter(slot -> slot.getFileName().toString().matches("0*" + six.slot() + "(\\D.*)?"))
          .forEach(DamagedRunTests::remove);
    }

    heir().liveToTheEnd();

    endsAsIfNothingHadHappened();
    assertThat(runLog()).contains("its claim log no longer has").contains("; it begins anew");
  }

  @Test
  void a_checkpoint_that_was_left_for_damage_is_not_kept_in_place_of_a_whole_one() {
    stopAtNine();
    forgetRows();
    flip(part("0000009-e1.jsonl"));
    Life second = new Life(root, points, new At("publish.pruned", 1, Killed::kill), INTERVAL);
    try {
      second.train(second.claim().orElseThrow());
    } catch (Killed killed) {
      // at 9 again, as the heir of 8
    }

    assertThat(layout.checkpoint(key(), "0000008-e1/optimizer.safetensors")).exists();
    assertThat(layout.checkpoint(key(), "0000009-e1")).doesNotExist();
    heir().liveToTheEnd();
    endsAsIfNothingHadHappened();
  }

  @Test
  void damage_that_shows_at_the_end_is_a_failure_of_the_run_and_the_next_attempt_mends_it() {
    At harm = new At("publish.published", 6, () -> lose(part("0000003-e1.jsonl")));
    Life life = new Life(root, points, harm, INTERVAL);

    Outcome first = life.train(life.claim().orElseThrow());
    LogEnd failed = end();
    life.liveToTheEnd();

    assertThat(first).isEqualTo(Outcome.FAILED);
    assertThat(failed.type()).isEqualTo(RecordType.FAIL);
    assertThat(failed.detail()).isEqualTo("DATA");
    assertThat(Objects.requireNonNull(failed.summary().lastFailure()).message())
        .contains("0000003-e1.jsonl: the metric part differs");
    endsAsIfNothingHadHappened();
    assertThat(harm.iterations).isEqualTo(2 * ITERATIONS);
  }

  @Test
  void damage_at_every_end_does_not_repeat_for_ever() {
    Always harm = new Always(() -> loseAll(key()));
    Life life = new Life(root, points, harm, INTERVAL);

    life.liveToTheEnd();

    assertThat(end().type()).isEqualTo(RecordType.POISON);
    assertThat(end().detail())
        .contains("its results were damaged on disk 3 times; the last: ")
        .contains("the published metric part is missing");
    assertThat(harm.iterations).isEqualTo(3 * ITERATIONS);
  }

  @Test
  void damaged_runs_take_no_other_run_with_them() {
    grid(5);
    for (int i = 0; i < 3; i++) {
      Life life = new Life(root, points, new At("publish.pruned", 5, Killed::kill), INTERVAL);
      List<ClaimedRun> fresh = new ArrayList<>();
      life.claim().ifPresent(fresh::add);
      RunKey key = fresh.get(0).point().key();
      try {
        life.train(fresh.get(0));
      } catch (Killed killed) {
        remove(layout.part(key, "0000003-e" + fresh.get(0).claim().epoch() + ".jsonl"));
        removeAll(layout.epochs(key));
      }
    }

    heir().liveToTheEnd();

    assertThat(Results.of(root, LAST)).hasSize(5);
    assertThat(Results.litter(root)).isEmpty();
  }

  @Test
  void the_folder_of_another_run_is_named_and_left_as_it_is() throws IOException {
    grid(2);
    Life life = new Life(root, points, new Stops(), INTERVAL);
    for (ClaimedRun run : List.of(life.claim().orElseThrow(), life.claim().orElseThrow())) {
      try {
        life.train(run);
      } catch (Killed killed) {
        // its claim stands
      }
    }
    Path one = layout.run(points.at(0).key());
    Path other = layout.run(points.at(1).key());
    Files.move(one, folder.resolve("aside"));
    Files.move(other, one);
    Files.move(folder.resolve("aside"), other);
    Map<String, String> before = Results.hashes(root.resolve("out"));
    before.keySet().removeIf(name -> name.contains(".locks"));

    heir().liveToTheEnd();

    Map<String, String> after = Results.hashes(root.resolve("out"));
    after.keySet().removeIf(name -> name.contains(".locks"));
    assertThat(after.entrySet()).containsExactlyInAnyOrderElementsOf(before.entrySet());
    assertThat(end().type()).isEqualTo(RecordType.POISON);
    assertThat(end().detail())
        .contains("config.json")
        .contains("this folder belongs to another config");
  }

  /** Damages a part, and what else has its rows. */
  private void lose(Path part) {
    flip(part);
    remove(layout.rows(key(), 1));
  }

  private void loseAll(RunKey key) {
    removeAll(layout.parts(key));
    for (LogEnd record : history()) {
      removeAll(layout.rows(key, record.epoch()));
    }
  }

  private static void flip(Path file) {
    byte[] bytes = bytes(file);
    bytes[bytes.length / 2] ^= 1;
    write(file, bytes);
  }

  private static void cut(Path file) {
    byte[] bytes = bytes(file);
    write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    return new String(bytes(file), UTF_8);
  }

  private static void write(Path file, String text) {
    write(file, text.getBytes(UTF_8));
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeAll(Path tree) {
    try {
      new LocalFiles().deleteTree(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    static void kill() {
      throw new Killed();
    }
  }

  /** Counts iterations. */
  private static class Counts implements Trace {
    int iterations;

    @Override
    public void event(String name, String runId, int epoch, long iter) {
      if (name.equals("iteration")) {
        iterations++;
      }
    }

    @Override
    public void reach(String point) {}
  }

  /** Does something when a point is reached for the n-th time. */
  private static final class At extends Counts {
    private final String point;
    private final int time;
    private final Runnable what;
    private int reached;

    At(String point, int time, Runnable what) {
      this.point = point;
      this.time = time;
      this.what = what;
    }

    @Override
    public void reach(String reachedPoint) {
      if (reachedPoint.equals(point)) {
        reached++;
        if (reached == time) {
          what.run();
        }
      }
    }
  }

  /** Kills at the second publish of every claim. */
  private static final class Stops extends Counts {
    private int reached;

    @Override
    public void reach(String point) {
      if (point.equals("publish.pruned")) {
        reached++;
        if (reached % 2 == 0) {
          throw new Killed();
        }
      }
    }
  }

  /** A disk that loses all metric parts whenever a run is at its end. */
  private static final class Always extends Counts {
    private final Runnable harm;
    private long last;

    Always(Runnable harm) {
      this.harm = harm;
    }

    @Override
    public void event(String name, String runId, int epoch, long iter) {
      super.event(name, runId, epoch, iter);
      if (name.equals("iteration")) {
        last = iter + 1;
      }
    }

    @Override
    public void reach(String point) {
      if (point.equals("publish.pruned") && last == ITERATIONS) {
        harm.run();
      }
    }
  }
}
