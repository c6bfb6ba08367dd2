/**
 * A worker over HTTP, on loopback: its health (the run in its hands and the claim on it, its
 * storage, W&amp;B, the relay), what it is, and what it counts, for Prometheus.
 *
 * <p>Knows only suppliers of facts; opens no port of its own accord. Only {@code health}, {@code
 * info} and {@code prometheus} are exposed, by the packed settings, and nothing that changes
 * anything. Beside them stands the page, which it is handed whole and knows nothing of.
 */
@NullMarked
package dev.sweeprunner.web;

import org.jspecify.annotations.NullMarked;
