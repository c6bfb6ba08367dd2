package dev.sweeprunner.testkit.wandb;

import dev.sweeprunner.run.Clock;

/**
 * What a server is started with.
 *
 * @param port 0 for any free one
 * @param clock the server's time
 * @param entity the default entity; others must be added
 * @param patience with silent runs
 * @param pageCap most rows of a page
 * @param seed of all chance
 */
public record ServerOptions(
    int port, Clock clock, String entity, Patience patience, int pageCap, long seed) {
  /** Any port, real time, entity {@code fake-entity}, pages of at most 1,000. */
  public static ServerOptions usual() {
    return new ServerOptions(0, new SpeedClock(1), "fake-entity", Patience.USUAL, 1000, 1);
  }

  /** The same with another time. */
  public ServerOptions with(Clock other) {
    return new ServerOptions(port, other, entity, patience, pageCap, seed);
  }

  /** The same with other patience. */
  public ServerOptions with(Patience other) {
    return new ServerOptions(port, clock, entity, other, pageCap, seed);
  }

  /** The same with other pages. */
  public ServerOptions withPageCap(int cap) {
    return new ServerOptions(port, clock, entity, patience, cap, seed);
  }

  /** The same with another default entity. */
  public ServerOptions withEntity(String other) {
    return new ServerOptions(port, clock, other, patience, pageCap, seed);
  }
}
