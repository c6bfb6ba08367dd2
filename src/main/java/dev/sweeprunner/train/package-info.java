/**
 * Training one run in this process: the loop behind the {@code Training} port, the schedule, and
 * what this trainer refuses.
 *
 * <p>Promises that a run resumed from any of its snapshots gives the same weights and rows, bit for
 * bit, as one that was never stopped (same back end and device kind), and that an option which is
 * not built makes a config refused, never another experiment.
 *
 * <p>Knows nothing of claims, journals or W&amp;B.
 */
@NullMarked
package dev.sweeprunner.train;

import org.jspecify.annotations.NullMarked;
