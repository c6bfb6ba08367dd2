/**
 * The machine under the worker: clock and pauses, process identity and proofs of death, worker
 * names, git, the terminal, and the trace by which tests watch and kill a process.
 *
 * <p>The one place that reads clocks and the environment and that starts other programs, each with
 * a time limit. Promises that what it cannot find out is unknown, never "dead", "up to date" or
 * "free". Knows no run and no claim.
 */
@NullMarked
package dev.sweeprunner.host;

import org.jspecify.annotations.NullMarked;
