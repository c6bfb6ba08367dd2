package dev.sweeprunner.testkit;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * A trainer that trains on while its checkpoints are written, as a GPU does, but always in the same
 * order: a checkpoint is written after the next iteration, or when training pauses.
 */
public final class LateSaving extends DelegatingTraining {
  /** Around a trainer. */
  public LateSaving(Training training) {
    super(training);
  }

  @Override
  protected Training.Session around(Training.Session session, ClaimedRun run) {
    return new Late(session);
  }

  private static final class Late extends DelegatingTraining.Session {
    private final Queue<Runnable> writes = new ArrayDeque<>();

    Late(Training.Session session) {
      super(session);
    }

    @Override
    public Pausing train(
        LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
      try {
        return super.train(
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
    public Executor saver() {
      return this::writeLater;
    }

    /** Nothing pauses any more after the last iteration. */
    private void writeLater(Runnable write) {
      if (iter() < maxIters()) {
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
