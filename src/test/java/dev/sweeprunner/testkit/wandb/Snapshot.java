package dev.sweeprunner.testkit.wandb;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a reader may see of a run.
 *
 * @param at since when
 * @param life its state machine
 * @param announced what upserts set, by the names of GraphQL's fields
 * @param config wrapped values
 * @param summary newest values
 * @param tally of its files
 */
record Snapshot(
    Instant at,
    Life life,
    Map<String, @Nullable Object> announced,
    JsonText config,
    JsonText summary,
    Tally tally) {}
