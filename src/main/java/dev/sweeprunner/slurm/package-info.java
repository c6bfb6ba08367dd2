/**
 * Slurm as a worker sees it: its own job, the time that is left to it, its way back into the queue,
 * and whether the jobs of other claims' owners are alive.
 *
 * <p>Promises that a question without a whole answer is unknown, never "dead" or "no limit"; that a
 * worker waits for an answer only at its start, for its own job; and that all workers of a host ask
 * together. Speaks to Slurm by its own programs only. Knows no run and no lock.
 */
@NullMarked
package dev.sweeprunner.slurm;

import org.jspecify.annotations.NullMarked;
