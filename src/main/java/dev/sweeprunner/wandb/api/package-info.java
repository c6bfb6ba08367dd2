/**
 * W&amp;B's HTTP protocol: GraphQL, the file stream, uploads; retries, proxies, certificates. One
 * method per question, plain values in and out, one kind of failure. Knows nothing of sweeps.
 */
@NullMarked
package dev.sweeprunner.wandb.api;

import org.jspecify.annotations.NullMarked;
