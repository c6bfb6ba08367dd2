package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run's beat says while its checkpoints are refused. */
class UnsavedTests {
  @TempDir Path folder;
  private final List<String> beats = new ArrayList<>();

  @Test
  void a_beat_says_why_checkpoints_are_refused_until_one_is_written() {
    Points points = Grids.tiny(folder.resolve("sweep"), 1, 5);
    Life life =
        new Life(
            folder.resolve("storage"),
            points,
            Trace.OFF,
            1,
            Telemetry.OFF,
            training(),
            new Refusing(2, 3),
            Optional::empty);
    ClaimedRun run = life.claim().orElseThrow();

    Outcome outcome = life.train(new ClaimedRun(run.point(), listening(run.claim()), run.base()));

    assertThat(outcome).isEqualTo(Outcome.FINISHED);
    assertThat(beats)
        .containsSubsequence(
            "2 train",
            "2 save",
            "3 unsaved No space left on device",
            "3 save",
            "4 unsaved No space left on device",
            "4 save",
            "5 train");
  }

  private static Training training() {
    return new LocalTraining(
        new Devices(new CpuBackEnd(1)), new SettableClock(), name -> List.of(), notice -> {});
  }

  private Claim listening(Claim claim) {
    return (Claim)
        Proxy.newProxyInstance(
            Claim.class.getClassLoader(),
            new Class<?>[] {Claim.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("progress")) {
                beats.add(arguments[0] + " " + arguments[1]);
              }
              try {
                return method.invoke(claim, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  /** A disk without room for the checkpoints of some iterations. */
  private record Refusing(long from, long to) implements SnapshotFormat {
    private static final SnapshotFormat WHOLE = new TrainingFormat(new LocalFiles(), Trace.OFF);

    @Override
    public Written write(Path folder, Snapshot snapshot, int epoch, boolean permanent)
        throws IOException {
      if (snapshot.iter() >= from && snapshot.iter() <= to) {
        throw new FileSystemException(folder.toString(), null, "No space left on device");
      }
      return WHOLE.write(folder, snapshot, epoch, permanent);
    }

    @Override
    public Snapshot read(Path folder, String manifestSha256) throws IOException, DamagedCheckpoint {
      return WHOLE.read(folder, manifestSha256);
    }

    @Override
    public long check(Path folder, String manifestSha256, boolean pruned)
        throws IOException, DamagedCheckpoint {
      return WHOLE.check(folder, manifestSha256, pruned);
    }

    @Override
    public @Nullable String manifestSha256(Path folder) throws IOException {
      return WHOLE.manifestSha256(folder);
    }

    @Override
    public List<String> droppable() {
      return WHOLE.droppable();
    }
  }
}
