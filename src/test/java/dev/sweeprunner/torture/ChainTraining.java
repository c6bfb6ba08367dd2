package dev.sweeprunner.torture;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Trains hash chains: a point of seed s has 30 + 37 s mod 100 steps. Seeds from a million on are
 * cursed: their runs fail for their config at step 13, each time.
 *
 * @param step how long a step takes
 */
record ChainTraining(Duration step) implements Training {
  static final long CURSED = 1_000_000;
  private static final int FAILS_AT = 13;
  private static final Size SIZE = new Size(1000, 100);

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
    return SIZE;
  }

  @Override
  public String device() {
    return "a hash chain";
  }

  @Override
  public Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    Point point = run.point();
    long seed = point.key().seed() == null ? 0 : point.key().seed();
    ChainState from = base == null ? ChainState.first(point.runId()) : (ChainState) base;
    return new Chain(from, 30 + seed * 37 % 100, seed >= CURSED, step);
  }

  static boolean cursed(Point point) {
    Long seed = point.key().seed();
    return seed != null && seed >= CURSED;
  }

  private static final class Chain implements Session {
    private final long length;
    private final boolean cursed;
    private final long pauseNanos;
    private ChainState state;
    private long asked;

    Chain(ChainState from, long length, boolean cursed, Duration step) {
      this.state = from;
      this.asked = from.iter();
      this.length = length;
      this.cursed = cursed;
      this.pauseNanos = step.toNanos();
    }

    @Override
    public long iter() {
      return state.iter();
    }

    @Override
    public long maxIters() {
      return length;
    }

    @Override
    public Pausing train(
        LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
      while (state.iter() < length) {
        if (state.iter() > asked) {
          asked = state.iter();
          if (due.test(asked)) {
            return Pausing.DUE;
          }
        }
        LockSupport.parkNanos(pauseNanos);
        if (stop.requested()) {
          return Pausing.STOPPED;
        }
        if (cursed && state.iter() == FAILS_AT) {
          throw new TrainingFailure(FailureClass.CONFIG, "its seed is cursed");
        }
        state = state.next();
        rows.accept(state.row());
        completed.accept(state.iter() - 1);
      }
      return Pausing.COMPLETE;
    }

    @Override
    public void evaluateLast(Consumer<Row> rows) {}

    @Override
    public Snapshot snapshot() {
      return state;
    }

    @Override
    public void close() {}
  }
}
