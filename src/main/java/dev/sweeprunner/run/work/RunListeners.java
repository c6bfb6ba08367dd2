package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.RunListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All who hear of one claimed run, always in the same order: who came with {@link #add} in the
 * order of coming, then those that hear of every run. Belongs to one thread.
 */
final class RunListeners implements RunListener {
  private final List<RunListener> ofThisRun = new ArrayList<>();
  private final List<RunListener> ofEveryRun;

  RunListeners(RunListener... ofEveryRun) {
    this.ofEveryRun = List.of(ofEveryRun);
  }

  /** Tells {@code listener} of everything from now on. */
  void add(RunListener listener) {
    ofThisRun.add(listener);
  }

  @Override
  public void began(Point point, int epoch, long from) {
    tell(listener -> listener.began(point, epoch, from));
  }

  @Override
  public void started(long size, Duration took) {
    tell(listener -> listener.started(size, took));
  }

  @Override
  public void row(Point point, Row row, double tokensPerSecond, @Nullable Duration left) {
    tell(listener -> listener.row(point, row, tokensPerSecond, left));
  }

  @Override
  public void completed(long iteration, Duration took, double tokensPerSecond) {
    tell(listener -> listener.completed(iteration, took, tokensPerSecond));
  }

  @Override
  public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
    tell(listener -> listener.published(point, checkpoint, took));
  }

  @Override
  public void ending(Outcome outcome, String detail) {
    tell(listener -> listener.ending(outcome, detail));
  }

  @Override
  public void ended(Point point, Outcome outcome, String detail) {
    tell(listener -> listener.ended(point, outcome, detail));
  }

  private void tell(Consumer<RunListener> news) {
    ofThisRun.forEach(news);
    ofEveryRun.forEach(news);
  }
}
