package dev.sweeprunner.testkit;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A trainer that trains on while its checkpoints are written, as a GPU does, but always in the same
 * order: a checkpoint is written after the next iteration, or when training pauses.
 */
public record LateSaving(Training training) implements Training {
  @Override
  public Optional<String> refusal(RunConfig config) {
    return training.refusal(config);
  }

  @Override
  public Optional<String> missing(RunConfig config) {
    return training.missing(config);
  }

  @Override
  public Size size(RunConfig config) {
    return training.size(config);
  }

  @Override
  public String device() {
    return training.device();
  }

  @Override
  public Training.Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    return new Session(training.start(run, base, log));
  }

  private static final class Session implements Training.Session {
    private final Training.Session session;
    private final Queue<Runnable> writes = new ArrayDeque<>();

    Session(Training.Session session) {
      this.session = session;
    }

    @Override
    public long iter() {
      return session.iter();
    }

    @Override
    public long maxIters() {
      return session.maxIters();
    }

    @Override
    public Pausing train(
        LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
      try {
        return session.train(
            due,
            stop,
            rows,
            iteration -> {
              completed.accept(iteration);
              write();
            });
      } finally {
        write();
      }
    }

    @Override
    public void evaluateLast(Consumer<Row> rows) {
      session.evaluateLast(rows);
    }

    @Override
    public Snapshot snapshot() {
      return session.snapshot();
    }

    @Override
    public Executor saver() {
      return this::writeLater;
    }

    @Override
    public void close() {
      session.close();
    }

    /** Nothing pauses any more after the last iteration. */
    private void writeLater(Runnable write) {
      if (session.iter() < session.maxIters()) {
        writes.add(write);
      } else {
        write.run();
      }
    }

    private void write() {
      for (Runnable next = writes.poll(); next != null; next = writes.poll()) {
        next.run();
      }
    }
  }
}
