/**
 * The core: points, facts, verdicts, the pure judge, the pass over a grid, the commit order, and
 * the ports through which everything else is reached.
 *
 * <p>Knows no Spring, no file, no clock of its own: what it needs of the world stands in its ports.
 */
@NullMarked
package dev.sweeprunner.run;

import org.jspecify.annotations.NullMarked;
