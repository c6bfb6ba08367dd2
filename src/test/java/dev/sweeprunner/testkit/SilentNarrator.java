package dev.sweeprunner.testkit;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says nothing. */
public final class SilentNarrator implements Narrator {
  @Override
  public void say(String news) {}

  @Override
  public void began(Point point, int epoch, long from) {}

  @Override
  public void row(Point point, Row row, double tokensPerSecond, @Nullable Duration left) {}

  @Override
  public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {}

  @Override
  public void ended(Point point, Outcome outcome, String detail) {}
}
