package dev.sweeprunner.wandb.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as a resuming client reads it.
 *
 * @param storageId the server's own id
 * @param state in lower case
 * @param heartbeat of the server's clock, or null
 * @param asOf the server's time of this answer
 * @param stopped whether the Stop button was pressed
 * @param config values without their {@code {"value":…}} wrapping; empty if there are none
 * @param summary newest values
 * @param historyLines lines in the history
 * @param eventsLines lines of system metrics
 * @param logLines lines of the console log
 */
public record RemoteRun(
    String storageId,
    String state,
    @Nullable Instant heartbeat,
    Instant asOf,
    boolean stopped,
    Map<String, @Nullable Object> config,
    Map<String, @Nullable Object> summary,
    long historyLines,
    long eventsLines,
    long logLines) {}
