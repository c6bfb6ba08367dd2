/**
 * What a program shows of itself: rows, progress, checkpoints, its end.
 *
 * <p>Reads only; knows neither processes nor claims.
 */
@NullMarked
package dev.sweeprunner.program.evidence;

import org.jspecify.annotations.NullMarked;
