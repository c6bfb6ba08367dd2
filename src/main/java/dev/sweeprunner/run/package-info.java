/**
 * The core: points, facts, verdicts, the pure judge, the pass over a grid, the commit order, and
 * the ports through which everything else is reached.
 *
 * <p>Crash points, in the commit's order: {@code publish.staged}, {@code publish.renamed}, {@code
 * publish.published}, {@code publish.pruned}; {@code finish.joined}, {@code finish.appended},
 * {@code finish.journal}, {@code finish.concluded}.
 *
 * <p>Knows no Spring, no file, no clock of its own: what it needs of the world stands in its ports.
 */
@NullMarked
package dev.sweeprunner.run;

import org.jspecify.annotations.NullMarked;
