/**
 * Weights &amp; Biases as one process uses it: whether and as whom, what each sweep is told and
 * asked with, what waits to be sent.
 *
 * <p>The facade over {@code wandb.telemetry} and {@code wandb.registry}, which implement the ports
 * {@code Telemetry} and {@code Registry}. Promises that an unknown answer is never taken for "no",
 * that training never waits for the network, and that sending anything twice changes nothing. Knows
 * nothing of Spring's context.
 */
@NullMarked
package dev.sweeprunner.wandb;

import org.jspecify.annotations.NullMarked;
