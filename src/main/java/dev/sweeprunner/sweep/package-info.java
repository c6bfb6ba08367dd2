/**
 * The sweep file and its points: a W&amp;B sweep YAML read with line marks, in two readings. {@link
 * dev.sweeprunner.sweep.Grid} is the pipeline's, for the built-in trainer; {@link
 * dev.sweeprunner.sweep.PointSpace} is W&amp;B's, for a program. Both are expanded lazily (point i
 * is computed from i).
 *
 * <p>Knows nothing of configs or runs: an override is a dotted key with a value.
 */
@NullMarked
package dev.sweeprunner.sweep;

import org.jspecify.annotations.NullMarked;
