package dev.sweeprunner.wandb.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run in a list of states.
 *
 * @param runId its name
 * @param state as the server names it, in lower case
 * @param heartbeat of the server's clock, or null
 * @param iter the summary's newest iteration, or -1
 */
public record RunState(String runId, String state, @Nullable Instant heartbeat, long iter) {}
