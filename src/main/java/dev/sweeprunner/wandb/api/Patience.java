package dev.sweeprunner.wandb.api;

import java.time.Duration;

/**
 * How long and how often an answer is tried for. The channels' own limits hold beside these: 20
 * tries again for GraphQL and uploads, 10,085 (about seven days) for the file stream.
 *
 * @param tries of one call, at least 1
 * @param total for all tries of one call and the waits between; a wait that would end later is not
 *     begun
 * @param each at most so long for one request; its channel may allow less
 */
public record Patience(int tries, Duration total, Duration each) {
  private static final Duration DAYS = Duration.ofDays(7);

  /** Refuses nonsense. */
  public Patience {
    if (tries < 1 || total.isNegative() || each.isNegative() || each.isZero()) {
      throw new IllegalArgumentException(tries + " tries in " + total + ", " + each + " each");
    }
  }

  /** For a person who waits at the start: about 20 s, and no request longer than 10 s. */
  public static Patience brief() {
    return new Patience(Integer.MAX_VALUE, Duration.ofSeconds(20), Duration.ofSeconds(10));
  }

  /** For a worker whose claims do not hang on the answer: about 8 s. */
  public static Patience glance() {
    return new Patience(Integer.MAX_VALUE, Duration.ofSeconds(8), Duration.ofSeconds(8));
  }

  /** One try. */
  public static Patience once() {
    return new Patience(1, DAYS, DAYS);
  }

  /** As patient as the channels are. */
  public static Patience steady() {
    return new Patience(Integer.MAX_VALUE, DAYS, DAYS);
  }
}
