package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.RunListener;
import dev.sweeprunner.run.Telemetry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What one claim did, as lines of its {@code run.log}: its beginning, rows (one per second at most,
 * and each evaluation), publishes, its end. W&amp;B gets the same lines. Belongs to one thread.
 */
final class ConsoleLog implements RunListener {
  private static final Duration BETWEEN_ROWS = Duration.ofSeconds(1);
  private static final String EVALUATION = "val/";

  private final Journal.RunJournal journal;
  private final Telemetry.Feed feed;
  private final String device;
  private final Clock clock;
  private @Nullable Long lastRow;

  ConsoleLog(Journal.RunJournal journal, Telemetry.Feed feed, String device, Clock clock) {
    this.journal = journal;
    this.feed = feed;
    this.device = device;
    this.clock = clock;
  }

  @Override
  public void began(Point point, int epoch, long from) {
    say("claim " + epoch + " on " + device + ", from iteration " + from);
  }

  @Override
  public void row(Point point, Row row, double tokensPerSecond, @Nullable Duration left) {
    long now = clock.nanos();
    boolean evaluation = row.values().keySet().stream().anyMatch(key -> key.startsWith(EVALUATION));
    Long last = lastRow;
    if (!evaluation && last != null && now - last < BETWEEN_ROWS.toNanos()) {
      return;
    }
    lastRow = now;
    StringJoiner line = new StringJoiner(", ", "iteration " + row.step() + ": ", "");
    for (Map.Entry<String, Double> metric : row.values().entrySet()) {
      line.add(String.format(Locale.ROOT, "%s %.6g", metric.getKey(), metric.getValue()));
    }
    say(line.toString());
  }

  @Override
  public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
    say("published " + checkpoint.name() + " in " + took.toMillis() + " ms");
  }

  @Override
  public void ending(Outcome outcome, String detail) {
    say(outcome.name().toLowerCase(Locale.ROOT) + ": " + detail);
  }

  private void say(String line) {
    journal.log(line);
    feed.line(line);
  }
}
