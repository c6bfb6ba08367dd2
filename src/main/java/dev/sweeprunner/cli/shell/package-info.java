/**
 * The interactive shell and its piped form: the commands that only look, and {@code reset}, by the
 * grammar of the command line. The only room with Spring Shell.
 */
@NullMarked
package dev.sweeprunner.cli.shell;

import org.jspecify.annotations.NullMarked;
