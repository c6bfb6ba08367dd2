package dev.sweeprunner.testkit;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A trainer of which a test tells, start by start, what becomes of it; its states are numbers. */
public final class ScriptedTraining implements Training {
  private final Function<ClaimedRun, Fate> script;
  private final List<String> starts = new ArrayList<>();

  /** What becomes of a start. */
  public enum Fate {
    /** It makes one step and ends. */
    COMPLETES,
    /** It fails at its start. */
    DIES_AT_START,
    /** It fails later than at its start. */
    DIES,
    /** Somebody kills it. */
    IS_KILLED,
    /** It makes one step and is then asked to stop. */
    IS_STOPPED
  }

  /** A trainer whose starts end as {@code script} says when they begin. */
  public ScriptedTraining(Function<ClaimedRun, Fate> script) {
    this.script = script;
  }

  /** Run ids in the order in which they were started. */
  public List<String> starts() {
    return starts;
  }

  /** What its checkpoints hold. */
  public static SnapshotFormat format() {
    return new Format();
  }

  @Override
  public Optional<String> refusal(RunConfig config) {
    return Optional.empty();
  }

  @Override
  public Optional<String> missing(RunConfig config) {
    return Optional.empty();
  }

  @Override
  public Size size(RunConfig config) {
    return new Size(0, 0);
  }

  @Override
  public String device() {
    return "a script";
  }

  @Override
  public Training.Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    starts.add(run.point().runId());
    return new Session(script.apply(run), base == null ? 0 : base.iter());
  }

  private record Step(long iter) implements Snapshot {}

  private static final class Session implements Training.Session {
    private final Fate fate;
    private long iter;

    Session(Fate fate, long from) {
      this.fate = fate;
      this.iter = from;
    }

    @Override
    public long iter() {
      return iter;
    }

    @Override
    public long maxIters() {
      return 0;
    }

    @Override
    public Pausing train(
        LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
      switch (fate) {
        case DIES_AT_START -> throw new TrainingFailure(FailureClass.START, "no such module");
        case DIES -> throw new TrainingFailure(FailureClass.UNKNOWN, "it broke");
        case IS_KILLED -> {
          return Pausing.LOST;
        }
        default -> {
          iter++;
          return fate == Fate.IS_STOPPED ? Pausing.STOPPED : Pausing.COMPLETE;
        }
      }
    }

    @Override
    public void evaluateLast(Consumer<Row> rows) {}

    @Override
    public Snapshot snapshot() {
      return new Step(iter);
    }

    @Override
    public void close() {}
  }

  private static final class Format implements SnapshotFormat {
    private static final String FILE = "manifest.json";

    @Override
    public Written write(Path folder, Snapshot snapshot, int epoch, boolean permanent)
        throws IOException {
      byte[] text = Long.toString(snapshot.iter()).getBytes(StandardCharsets.US_ASCII);
      Files.write(folder.resolve(FILE), text);
      return new Written(sha256(text), text.length);
    }

    @Override
    public Snapshot read(Path folder, String manifestSha256) throws IOException {
      return new Step(Long.parseLong(Files.readString(folder.resolve(FILE))));
    }

    @Override
    public long check(Path folder, String manifestSha256, boolean pruned) throws IOException {
      return read(folder, manifestSha256).iter();
    }

    @Override
    public @Nullable String manifestSha256(Path folder) throws IOException {
      Path file = folder.resolve(FILE);
      return Files.exists(file) ? sha256(Files.readAllBytes(file)) : null;
    }

    @Override
    public List<String> droppable() {
      return List.of();
    }

    private static String sha256(byte[] text) {
      return Sha256.of(text);
    }
  }
}
