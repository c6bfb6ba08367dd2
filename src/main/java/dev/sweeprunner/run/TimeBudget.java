package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Narrator.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What still fits into the time that this process is granted, by what things took here so far.
 *
 * <p>Nothing measured means nothing needed: a worker begins its first run whatever the time. The
 * worker's thread measures; any thread may ask.
 */
public final class TimeBudget implements RunListener {
  /** A publish may take this much longer than the last one did. */
  private static final double RESERVE = 1.5;

  /** By how much the slowest iteration is forgotten with each further one. */
  private static final double FORGETTING = 0.98;

  /** A warning may be asked for well before the end, and comes up to two minutes earlier. */
  private static final Duration NEAR = Duration.ofMinutes(5);

  private final Allocation allocation;
  private final Duration margin;
  private final Consumer<String> leave;
  private volatile double startSeconds;
  private volatile double iterationSeconds;
  private volatile double publishSecondsPerByte;
  private volatile long bytes;
  private volatile boolean begun;
  private volatile boolean fruitful;
  private volatile Duration granted = Duration.ZERO;

  /**
   * A budget under this grant.
   *
   * @param margin kept free before its end, for last words
   * @param leave asks this process to stop, for the reason given
   */
  public TimeBudget(Allocation allocation, Duration margin, Consumer<String> leave) {
    this.allocation = allocation;
    this.margin = margin;
    this.leave = leave;
  }

  /** Where nobody sets a limit. */
  public static TimeBudget unlimited() {
    return new TimeBudget(Allocation.unlimited(), Duration.ZERO, why -> {});
  }

  /** Time until this process is ended by force, or empty where nobody said so. */
  public Optional<Duration> left() {
    Optional<Duration> left = allocation.left();
    left.filter(more -> more.compareTo(granted) > 0).ifPresent(more -> granted = more);
    return left;
  }

  /**
   * How long this process may go on, so that its last checkpoint still arrives before the end; not
   * positive once it must stop. Empty where nobody has set an end.
   */
  public Optional<Duration> spare() {
    return left().map(left -> left.minus(margin).minus(checkpoint()));
  }

  /**
   * Whether little is left, so that a warning now is about the end: five minutes, or a fifth of all
   * the time that was granted. Where nobody has set an end, none is near.
   */
  public boolean nearEnd() {
    return left()
        .filter(left -> left.compareTo(NEAR) <= 0 || left.multipliedBy(5).compareTo(granted) <= 0)
        .isPresent();
  }

  /** Whether this process has brought a sweep further: a checkpoint published, a run finished. */
  public boolean fruitful() {
    return fruitful;
  }

  /** What the time went on, so far as it brought nothing: a part of a sentence. */
  public String spent() {
    String had = granted.isZero() ? "" : granted.toSeconds() + " s were left as it came forward; ";
    if (!begun) {
      return had + "no run was claimed";
    } else if (startSeconds == 0) {
      return had + "the run that it claimed did not get as far as its start";
    }
    String iterations =
        iterationSeconds == 0
            ? "no iteration ended"
            : "an iteration took up to " + said(iterationSeconds);
    return had + "its run took " + said(startSeconds) + " to start, and " + iterations;
  }

  private static String said(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  }

  /**
   * Whether a claim made now reaches its first publish; asks this process to leave where it does
   * not.
   *
   * @param size bytes of the run's checkpoint
   */
  public boolean allowsClaim(long size) {
    Optional<Duration> left = left();
    Duration needed =
        margin.plus(seconds(startSeconds + iterationSeconds + RESERVE * publishSeconds(size)));
    if (left.isEmpty() || left.get().compareTo(needed) > 0) {
      return true;
    }
    leave.accept(
        "its job's time limit: "
            + left.get().toSeconds()
            + " s left, and a run needs "
            + needed.toSeconds()
            + " s to its first checkpoint");
    return false;
  }

  /** Why no checkpoint of the run at hand can be written before the end, or empty. */
  public Optional<String> noCheckpoint() {
    return left()
        .filter(left -> left.compareTo(checkpoint()) <= 0)
        .map(
            left ->
                "no time for a checkpoint: "
                    + left.toSeconds()
                    + " s left, and one may take "
                    + checkpoint().toSeconds()
                    + " s");
  }

  private Duration checkpoint() {
    return seconds(RESERVE * publishSeconds(bytes));
  }

  @Override
  public void began(Point point, int epoch, long from) {
    begun = true;
  }

  @Override
  public void started(long size, Duration took) {
    begun = true;
    bytes = size;
    startSeconds = took.toNanos() / 1e9;
  }

  @Override
  public void completed(long iteration, Duration took, double tokensPerSecond) {
    iterationSeconds = Math.max(took.toNanos() / 1e9, iterationSeconds * FORGETTING);
  }

  @Override
  public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
    fruitful = true;
    publishSecondsPerByte = took.toNanos() / 1e9 / Math.max(1, bytes);
  }

  @Override
  public void ended(Point point, Outcome outcome, String detail) {
    if (outcome == Outcome.FINISHED) {
      fruitful = true;
    }
  }

  private double publishSeconds(long size) {
    return publishSecondsPerByte * size;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
