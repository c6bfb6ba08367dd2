/**
 * The sweep file and its grid: a W&amp;B sweep YAML read with line marks, validated, and expanded
 * lazily (point i is computed from i).
 *
 * <p>Knows nothing of configs or runs: an override is a dotted key with a value.
 */
@NullMarked
package dev.sweeprunner.sweep;

import org.jspecify.annotations.NullMarked;
