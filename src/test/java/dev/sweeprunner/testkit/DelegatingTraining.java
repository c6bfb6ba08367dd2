package dev.sweeprunner.testkit;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A trainer whose sessions are another one's, but for what a test changes in them. */
public abstract class DelegatingTraining implements Training {
  private final Training training;

  protected DelegatingTraining(Training training) {
    this.training = training;
  }

  /** What becomes of the other one's session. */
  protected abstract Training.Session around(Training.Session session, ClaimedRun run);

  @Override
  public final Training.Session start(
      ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    return around(training.start(run, base, log), run);
  }

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

  /** Another one's session. */
  public abstract static class Session implements Training.Session {
    private final Training.Session session;

    protected Session(Training.Session session) {
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
    public boolean due(boolean scheduled) {
      return session.due(scheduled);
    }

    @Override
    public long savable() {
      return session.savable();
    }

    @Override
    public boolean left() {
      return session.left();
    }

    @Override
    public Pausing train(
        LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
      return session.train(due, stop, rows, completed);
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
      return session.saver();
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
