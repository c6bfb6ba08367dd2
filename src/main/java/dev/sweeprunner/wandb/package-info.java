/**
 * Weights &amp; Biases: which runs exist there, runs told about without a seam, and what to do
 * while it cannot be asked. Implements {@code run}'s ports {@code Registry} and {@code Telemetry}.
 *
 * <p>Promises that an unknown answer is never taken for "no", that training never waits for the
 * network, and that sending anything twice changes nothing. Knows nothing of Spring's context.
 */
@NullMarked
package dev.sweeprunner.wandb;

import org.jspecify.annotations.NullMarked;
