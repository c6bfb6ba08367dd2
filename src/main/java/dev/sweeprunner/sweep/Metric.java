package dev.sweeprunner.sweep;

/**
 * What a sweep file calls its metric.
 *
 * @param name as the program logs it
 * @param goal {@link Goal#MINIMIZE} where the file says none that W&amp;B knows
 */
public record Metric(String name, Goal goal) {
  /** Which end of it is the better one. */
  public enum Goal {
    MINIMIZE,
    MAXIMIZE
  }
}
