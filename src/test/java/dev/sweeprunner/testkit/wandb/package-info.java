/**
 * A W&amp;B server for tests and for trying things by hand: an honest state machine over real HTTP,
 * with faults on request. Every GraphQL document is executed against {@code wandb/schema.graphql}.
 * Knows nothing of this project's client.
 */
@NullMarked
package dev.sweeprunner.testkit.wandb;

import org.jspecify.annotations.NullMarked;
