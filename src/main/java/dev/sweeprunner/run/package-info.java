/**
 * The core's vocabulary: the ports through which everything else is reached, and the values of the
 * claim log.
 *
 * <p>Knows no Spring, no file, no clock of its own. What is decided stands in {@code run.judge},
 * what a worker does in {@code run.work}; adapters know this package and neither of those.
 */
@NullMarked
package dev.sweeprunner.run;

import org.jspecify.annotations.NullMarked;
