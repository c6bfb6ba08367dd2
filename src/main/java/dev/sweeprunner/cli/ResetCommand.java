package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.judge.ExitCode;
import java.util.List;
import java.util.function.Function;

/**
 * {@code reset RUN_ID...}: frees runs that were given up or stopped, by a record in their claim
 * log. Checkpoints stay, so that the next worker goes on where the run stood. A run that somebody
 * holds, and a finished one, are refused; each id is tried, whatever became of the others.
 */
public final class ResetCommand {
  private final WhichRun which;
  private final Claims claims;
  private final Screen screen;

  /**
   * A reset.
   *
   * @param sweeps may be empty: then the runs are looked for under the storage root
   */
  public ResetCommand(
      List<Points> sweeps, Claims claims, Function<String, List<RunKey>> finder, Screen screen) {
    this.which = new WhichRun(sweeps, finder);
    this.claims = claims;
    this.screen = screen;
  }

  /**
   * Resets these runs.
   *
   * @return {@link ExitCode#USAGE} if any of them was refused
   */
  public ExitCode run(List<String> runIds) {
    ExitCode code = ExitCode.DONE;
    for (String runId : runIds) {
      try {
        reset(runId);
      } catch (UserError refused) {
        screen.out().println(refused.getMessage());
        code = ExitCode.USAGE;
      }
    }
    screen.out().flush();
    return code;
  }

  private void reset(String runId) {
    RunKey key = which.key(runId);
    if (claims.look(key) instanceof ClaimState.Foreign foreign) {
      throw new UserError(
          runId,
          "it belongs to another program: " + foreign.what(),
          "Stop that program and remove its lock, if it is dead");
    }
    boolean done = claims.reset(key).isPresent();
    screen
        .out()
        .println(
            done
                ? runId + ": reset; the next free worker takes it."
                : runId + ": nothing to reset, nobody ever claimed it.");
  }
}
