package dev.sweeprunner.testkit.wandb;

import java.time.Duration;

/**
 * How long a run may be silent.
 *
 * @param running until it counts as crashed
 * @param preempting until a run that announced its preemption counts as preempted
 */
public record Patience(Duration running, Duration preempting) {
  /** Five minutes as documented; for a preempting run a longer time, which is a guess. */
  public static final Patience USUAL = new Patience(Duration.ofMinutes(5), Duration.ofMinutes(15));
}
