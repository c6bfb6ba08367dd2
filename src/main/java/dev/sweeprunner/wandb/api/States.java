package dev.sweeprunner.wandb.api;

import java.time.Instant;
import java.util.List;

/**
 * The states of those runs that exist, each once.
 *
 * @param runs without an order
 * @param asOf the server's time, to compare heartbeats with
 */
public record States(List<RunState> runs, Instant asOf) {}
