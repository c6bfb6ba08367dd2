/**
 * The interactive shell and its piped form: every command but {@code run}, a line each, which
 * {@link dev.sweeprunner.options.CommandLine} reads with what the session has. The only room with
 * Spring Shell.
 *
 * <p>Promises that no word of a line is ignored, and that a mistake ends nothing but its line.
 */
@NullMarked
package dev.sweeprunner.cli.shell;

import org.jspecify.annotations.NullMarked;
