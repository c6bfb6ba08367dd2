package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one claim did, as lines of its {@code run.log}: its beginning, rows (one per second at most,
 * and each evaluation), publishes, its end. Belongs to one thread.
 */
final class ConsoleLog {
  private static final Duration BETWEEN_ROWS = Duration.ofSeconds(1);
  private static final String EVALUATION = "val/";

  private final Consumer<String> journal;
  private final Clock clock;
  private @Nullable Long lastRow;

  ConsoleLog(Consumer<String> journal, Clock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  void began(int epoch, String device, long from) {
    journal.accept("claim " + epoch + " on " + device + ", from iteration " + from);
  }

  void row(Row row) {
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
    journal.accept(line.toString());
  }

  void published(PublishedCheckpoint checkpoint, Duration took) {
    journal.accept("published " + checkpoint.name() + " in " + took.toMillis() + " ms");
  }

  void ended(Outcome outcome, String detail) {
    journal.accept(outcome.name().toLowerCase(Locale.ROOT) + ": " + detail);
  }
}
