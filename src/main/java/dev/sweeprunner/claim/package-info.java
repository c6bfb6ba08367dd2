/**
 * The claim log: who may work on a run. Append-only slots, beats, expiry judged by watching,
 * takeover, and the traces of the earlier runner.
 */
@NullMarked
package dev.sweeprunner.claim;

import org.jspecify.annotations.NullMarked;
