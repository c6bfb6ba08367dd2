/**
 * The command line and the environment of one start: what the official agent would give the
 * program, and what this one adds.
 *
 * <p>Pure but for the files that a program reads its parameters from; starts nothing.
 */
@NullMarked
package dev.sweeprunner.program.launch;

import org.jspecify.annotations.NullMarked;
