/**
 * Training one run in this process: the loop behind the {@code Training} port, the schedule, and
 * what this trainer refuses.
 */
@NullMarked
package dev.sweeprunner.train;

import org.jspecify.annotations.NullMarked;
