package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.HeardTelemetry;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.ScriptedTraining;
import dev.sweeprunner.testkit.ScriptedTraining.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says of a run whose last words or last checkpoint the disk refuses. */
class LeavingTests {
  private static final String FULL = "No space left on device";
  private static final String LOG = "/root/locks: " + FULL;
  private static final String ONCE_DEAD =
      ", once this claim is seen to be dead (at once on this host) or has expired (claim.expiry).";

  @TempDir Path folder;

  private final HeardTelemetry heard = new HeardTelemetry();

  @Test
  void a_run_that_cannot_be_given_back_is_said_to_be_left() {
    Outcome outcome = life(Fate.IS_STOPPED, "").train(refusing("release"));

    assertThat(outcome).isEqualTo(Outcome.LEFT);
    assertThat(last())
        .isEqualTo(
            "left: on SIGTERM at iteration 1: "
                + LOG
                + "; free space or mend the disk. On disk is iteration 1; the next worker goes on"
                + " there"
                + ONCE_DEAD);
  }

  @Test
  void a_run_without_its_last_checkpoint_is_given_back_with_what_it_has() {
    Life life = life(Fate.IS_STOPPED, FULL);

    assertThatThrownBy(() -> life.train(life.claim().orElseThrow())).isInstanceOf(NoRoom.class);

    assertThat(last())
        .isEqualTo(
            "released: the checkpoint of iteration 1 could not be written: /root/ckpt: "
                + FULL
                + "; free space or mend the disk. No checkpoint of it is on disk; the next worker"
                + " begins anew.");
  }

  @Test
  void another_error_than_a_full_disk_is_said_in_the_same_way() {
    Life life = life(Fate.IS_STOPPED, "Read-only file system");

    assertThatThrownBy(() -> life.train(life.claim().orElseThrow()))
        .isInstanceOf(SickNode.class)
        .isNotInstanceOf(NoRoom.class);

    assertThat(last())
        .contains("/root/ckpt: Read-only file system; free space or mend the disk. No");
  }

  @Test
  void where_neither_can_be_written_one_sentence_says_both() {
    Life life = life(Fate.IS_STOPPED, FULL);

    assertThatThrownBy(() -> life.train(refusing(life, "release"))).isInstanceOf(NoRoom.class);

    assertThat(heard.lines).filteredOn(line -> line.contains("could not be")).hasSize(1);
    assertThat(last())
        .startsWith("left: the checkpoint of iteration 1 could not be written: /root/ckpt: " + FULL)
        .contains("; nor could its log: " + LOG + ". No checkpoint of it is on disk")
        .endsWith(ONCE_DEAD);
  }

  @Test
  void a_failure_that_cannot_be_written_down_is_a_failure_that_the_log_does_not_know() {
    Outcome outcome = life(Fate.DIES, "").train(refusing("fail"));

    assertThat(outcome).isEqualTo(Outcome.FAILED);
    assertThat(last())
        .startsWith("failed: UNKNOWN: it broke; its claim log could not be told: " + LOG)
        .endsWith(ONCE_DEAD);
  }

  private String last() {
    return heard.lines.get(heard.lines.size() - 1);
  }

  private Life life(Fate fate, String refusal) {
    Points points = Grids.tiny(folder.resolve("sweep"), 1, 4);
    SnapshotFormat format = ScriptedTraining.format();
    return new Life(
        folder.resolve("storage"),
        points,
        Trace.OFF,
        0,
        heard,
        new ScriptedTraining(run -> fate),
        refusal.isEmpty() ? format : new Refusing(format, refusal),
        () -> Optional.of("SIGTERM"));
  }

  private ClaimedRun refusing(String word) {
    return refusing(life(Fate.IS_STOPPED, ""), word);
  }

  /** A claimed run whose log takes everything but this word. */
  private static ClaimedRun refusing(Life life, String word) {
    ClaimedRun run = life.claim().orElseThrow();
    Object claim =
        Proxy.newProxyInstance(
            Claim.class.getClassLoader(),
            new Class<?>[] {Claim.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(word)) {
                IOException full = new FileSystemException("/root/locks/.t.1", null, FULL);
                throw new UncheckedIOException(full);
              }
              try {
                return method.invoke(run.claim(), arguments);
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
    return new ClaimedRun(run.point(), (Claim) claim, run.base());
  }

  /** Checkpoints that the disk refuses. */
  private record Refusing(SnapshotFormat format, String reason) implements SnapshotFormat {
    @Override
    public Written write(Path at, Snapshot snapshot, int epoch, boolean permanent)
        throws IOException {
      throw new FileSystemException("/root/ckpt", null, reason);
    }

    @Override
    public Snapshot read(Path at, String manifestSha256) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long check(Path at, String manifestSha256, boolean pruned) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String manifestSha256(Path at) throws IOException {
      return format.manifestSha256(at);
    }

    @Override
    public List<String> droppable() {
      return List.of();
    }
  }
}
