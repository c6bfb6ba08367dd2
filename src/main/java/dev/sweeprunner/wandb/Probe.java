package dev.sweeprunner.wandb;

import java.time.Duration;

/**
 * One behaviour of the server, and what a check saw of it.
 *
 * @param relied what this program rests on, one clause
 * @param seen what was seen, or how it can be seen by hand
 * @param verdict whether they agree
 * @param took how long the look took, waits included
 */
public record Probe(String relied, String seen, Verdict verdict, Duration took) {
  /** Whether the server does what is relied on. */
  public enum Verdict {
    /** It does. */
    OK,
    /** It does something else. */
    DIFFERENT,
    /** Nobody looked, or nobody answered. */
    UNSEEN
  }
}
