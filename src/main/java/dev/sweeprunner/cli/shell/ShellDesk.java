package dev.sweeprunner.cli.shell;

import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.run.judge.ExitCode;

/** Carries out one command of the shell: whoever wires the commands for the sweeps it names. */
public interface ShellDesk {
  /**
   * Carries out {@code status}, {@code plan}, {@code explain} or {@code reset}, printing to where
   * the shell prints. The invocation names command, sweeps, run ids and format; storage root and
   * properties are those the shell was started with.
   *
   * @throws dev.sweeprunner.problem.UserError as the command does; the shell prints it and goes on
   */
  ExitCode run(Invocation invocation);
}
