package dev.sweeprunner.run;

import java.time.Duration;

/**
 * What this process has asked W&amp;B so far.
 *
 * @param answered requests that were answered with a success
 * @param took how long those took in all
 * @param failed requests that were refused, or not answered
 * @param again requests that were made again after a failure
 */
public record Requests(long answered, Duration took, long failed, long again) {
  /** Where nothing was asked. */
  public static final Requests NONE = new Requests(0, Duration.ZERO, 0, 0);
}
