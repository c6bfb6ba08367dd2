/**
 * Runs other programs: each without input, with both its outputs drained, and ended with its
 * children at a time limit.
 *
 * <p>The one place that starts processes. Knows neither which programs nor why.
 */
@NullMarked
package dev.sweeprunner.process;

import org.jspecify.annotations.NullMarked;
