/**
 * Programs that {@code bench/measure/bars} starts to time what no outside view can: a pass over a
 * big grid, and claims by many processes. Not tests; they print what they measured.
 */
@NullMarked
package dev.sweeprunner.bench;

import org.jspecify.annotations.NullMarked;
