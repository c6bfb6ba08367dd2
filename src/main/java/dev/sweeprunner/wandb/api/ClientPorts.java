package dev.sweeprunner.wandb.api;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * What the client takes from the machine that it runs on.
 *
 * @param waiting between two tries
 * @param clock of this machine: how long a call has taken, and the time of an answer without a date
 * @param seed of the spread of waiting times, another one in each process
 * @param version of this program, for the server's logs
 * @param traffic counts what is asked
 */
public record ClientPorts(
    Waiting waiting, Supplier<Instant> clock, long seed, String version, Traffic traffic) {
  /** Where nobody wants to know what is asked. */
  public ClientPorts(Waiting waiting, Supplier<Instant> clock, long seed, String version) {
    this(waiting, clock, seed, version, new Traffic(() -> 0));
  }
}
