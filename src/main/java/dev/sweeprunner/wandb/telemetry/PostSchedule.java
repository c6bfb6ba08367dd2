package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an uplink does something: posts at most at each interval, a heartbeat in silence, growing
 * waits after failures. Intervals are counted from the beginning of a step, so that slow answers do
 * not stretch them. {@link #hurry} may be called from any thread, the rest from one.
 */
final class PostSchedule {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(5);

  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Clock clock;
  private final Pace pace;
  private int failures;
  private long began;
  private long lastPost;
  private boolean posted;
  private volatile long due;

  PostSchedule(Clock clock, Pace pace) {
    this.clock = clock;
    this.pace = pace;
    this.due = clock.nanos();
  }

  long due() {
    return due;
  }

  /** Whatever it waits for, it is due now. */
  void hurry() {
    due = clock.nanos();
  }

  /** The run was opened: what there is may be sent at once. */
  void opened() {
    posted = false;
    hurry();
  }

  /** A step begins; the next one is due at the next interval unless somebody hurries. */
  void begun() {
    began = clock.nanos();
    due = began + Math.min(pace.post().toNanos(), pace.beat().toNanos());
  }

  /** Nothing may be told yet: whether that has changed is looked at again soon. */
  void lookAgain() {
    due = began + LOOK.toNanos();
  }

  /** Whether enough time has passed for more lines. */
  boolean mayPost() {
    return !posted || began - lastPost >= pace.post().toNanos();
  }

  /** Whether silence has become long. */
  boolean mayBeat() {
    return !posted || began - lastPost >= pace.beat().toNanos();
  }

  /** This step has posted. */
  void posted() {
    posted = true;
    failures = 0;
    lastPost = began;
  }

  /** A step failed in a way that passes. */
  void failed(@Nullable Duration asked) {
    long wait = FIRST_WAIT.toNanos() << Math.min(failures, 10);
    wait = Math.min(wait, LONGEST_WAIT.toNanos());
    failures++;
    due = clock.nanos() + Math.max(wait, asked == null ? 0 : asked.toNanos());
  }

  /** A step was refused: trying again soon would not help. */
  void refused() {
    due = clock.nanos() + AFTER_REFUSAL.toNanos();
  }

  /**
   * The intervals.
   *
   * @param post at least so long between two posts of lines
   * @param beat at most so long between two signs of life
   */
  record Pace(Duration post, Duration beat) {}
}
