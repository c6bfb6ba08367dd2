package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.RunListener;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts what this process does and watches the run in its hands, for whoever monitors it. The
 * worker's thread tells, any thread asks. Nothing is decided by it.
 */
public final class Meter implements RunListener {
  /** Losses of one run that are kept, by name: a program may log any number of them. */
  private static final int MOST_LOSSES = 16;

  private final Clock clock;
  private final Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
  private final Map<String, Double> losses = new LinkedHashMap<>();
  private Counts counts = new Counts(0, 0, 0, 0, 0, 0, Duration.ZERO);
  private @Nullable ClaimedRun held;
  private long iteration;
  private long maxIterations;
  private double tokensPerSecond;
  private long moved;

  /** One that has counted nothing yet. */
  public Meter(Clock clock) {
    this.clock = clock;
  }

  /** Work on a claimed run begins. */
  public synchronized void holds(ClaimedRun run) {
    held = run;
    losses.clear();
    iteration = 0;
    maxIterations = run.point().config().maxIters();
    tokensPerSecond = 0;
    moved = clock.nanos();
    counts = counts.claimed(run.takenOver(), run.claim().summary().failures() > 0);
  }

  @Override
  public synchronized void began(Point point, int epoch, long from) {
    iteration = from;
    moved = clock.nanos();
  }

  @Override
  public synchronized void started(long size, Duration took) {
    moved = clock.nanos();
  }

  @Override
  public synchronized void row(
      Point point, Row row, double newestRate, @Nullable Duration untilItsEnd) {
    counts = counts.row();
    moved = clock.nanos();
    maxIterations = row.wall().getOrDefault(Row.TOTAL, (double) maxIterations).longValue();
    row.values()
        .forEach(
            (name, value) -> {
              boolean loss = name.toLowerCase(Locale.ROOT).contains("loss");
              if (loss && (losses.size() < MOST_LOSSES || losses.containsKey(name))) {
                losses.put(name, value);
              }
            });
  }

  @Override
  public synchronized void completed(long update, Duration took, double newestRate) {
    counts = counts.iterations(Math.max(0, update + 1 - iteration));
    iteration = update + 1;
    tokensPerSecond = newestRate;
    moved = clock.nanos();
  }

  @Override
  public synchronized void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
    counts = counts.published(took);
    moved = clock.nanos();
  }

  @Override
  public synchronized void ended(Point point, Outcome outcome, String detail) {
    ended.merge(outcome, 1L, Long::sum);
    held = null;
  }

  /** What was counted since this process started. */
  public synchronized Counts counts() {
    return counts;
  }

  /** How many runs left this process's hands in this way. */
  public synchronized long ended(Outcome outcome) {
    return ended.getOrDefault(outcome, 0L);
  }

  /** The run in this process's hands, or empty between two runs. */
  public synchronized Optional<InHand> inHand() {
    ClaimedRun run = held;
    if (run == null) {
      return Optional.empty();
    }
    return Optional.of(
        new InHand(
            run.point().runId(),
            run.claim().epoch(),
            iteration,
            maxIterations,
            Collections.unmodifiableMap(new LinkedHashMap<>(losses)),
            tokensPerSecond,
            Duration.ofNanos(clock.nanos() - moved),
            run.claim().sinceRenewal(),
            run.claim().superseded()));
  }

  /**
   * What this process has done.
   *
   * @param claims runs it has begun to work on
   * @param takeovers those of them whose last owner had gone without a word
   * @param retries those of them whose last attempt had failed
   * @param iterations updates, or steps that a program told
   * @param rows rows it has put into journals
   * @param publishes checkpoints it has published
   * @param publishing how long all of these took
   */
  public record Counts(
      long claims,
      long takeovers,
      long retries,
      long iterations,
      long rows,
      long publishes,
      Duration publishing) {
    private Counts claimed(boolean takenOver, boolean again) {
      return new Counts(
          claims + 1,
          takeovers + (takenOver ? 1 : 0),
          retries + (again ? 1 : 0),
          iterations,
          rows,
          publishes,
          publishing);
    }

    private Counts iterations(long more) {
      return new Counts(claims, takeovers, retries, iterations + more, rows, publishes, publishing);
    }

    private Counts row() {
      return new Counts(claims, takeovers, retries, iterations, rows + 1, publishes, publishing);
    }

    private Counts published(Duration took) {
      return new Counts(
          claims, takeovers, retries, iterations, rows, publishes + 1, publishing.plus(took));
    }
  }

  /**
   * A run in this process's hands.
   *
   * @param iteration completed updates, or the step that its program told last
   * @param maxIterations updates until its end, or 0 while unknown
   * @param losses newest value of each metric that is called a loss
   * @param tokensPerSecond newest rate, or 0 while unknown
   * @param sinceProgress since its start, an iteration, a row or a publish
   * @param sinceRenewal how old the newest proof of its claim is
   * @param superseded whether another worker is known to have it
   */
  public record InHand(
      String runId,
      int epoch,
      long iteration,
      long maxIterations,
      Map<String, Double> losses,
      double tokensPerSecond,
      Duration sinceProgress,
      Duration sinceRenewal,
      boolean superseded) {}
}
