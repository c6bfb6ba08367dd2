/**
 * What the user said, read once: the command line, the packed {@code application.yml}, the one in
 * the working directory, the environment; checked, and handed on as an {@link
 * dev.sweeprunner.options.Invocation} and one {@link dev.sweeprunner.options.Settings}.
 *
 * <p>Promises that nothing said is dropped in silence: an unknown word is an error with its place
 * and the nearest known one. Asks nobody and touches no file but the settings.
 */
@NullMarked
package dev.sweeprunner.options;

import org.jspecify.annotations.NullMarked;
