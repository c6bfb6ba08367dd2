/**
 * The commands, a class each, and how a person is told: words, paragraphs, progress.
 *
 * <p>Promises that what is shown is what the judge said, and that nothing here decides about a run.
 * Knows the core and its ports, but no file, no clock and no environment: they are handed in.
 */
@NullMarked
package dev.sweeprunner.cli;

import org.jspecify.annotations.NullMarked;
