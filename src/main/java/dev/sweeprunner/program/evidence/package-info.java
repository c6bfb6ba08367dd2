/**
 * What a program shows of itself: rows, progress, checkpoints, its end, and what it shared with
 * other points.
 *
 * <p>Reads only, and never what a checkpoint holds; each look is bounded. Knows neither processes
 * nor claims.
 */
@NullMarked
package dev.sweeprunner.program.evidence;

import org.jspecify.annotations.NullMarked;
