/**
 * What a person types and reads: the command line, one class per command, the views that print, and
 * the interactive shell.
 *
 * <p>Promises that what a view shows is what the judge said, and that nothing here decides about a
 * run. Knows the core's ports, but no file, no clock and no environment: they are handed in.
 */
@NullMarked
package dev.sweeprunner.cli;

import org.jspecify.annotations.NullMarked;
