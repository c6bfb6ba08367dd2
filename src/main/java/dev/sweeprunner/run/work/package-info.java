/**
 * What a worker does: it passes over a grid, claims a point, and carries the claim to its end in
 * the order of the commit.
 *
 * <p>Promises that what others read changes only by an append to the claim log, after everything
 * that it names is durable; a kill at any instruction costs at most the work since the newest
 * publish.
 *
 * <p>Crash points, in the commit's order: {@code publish.staged}, {@code publish.renamed}, {@code
 * publish.published}, {@code publish.pruned}; {@code finish.joined}, {@code finish.appended},
 * {@code finish.journal}, {@code finish.concluded}.
 */
@NullMarked
package dev.sweeprunner.run.work;

import org.jspecify.annotations.NullMarked;
