package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * {@code export RUN_ID}: the weights of a run's newest published checkpoint as a file for other
 * programs. Reads only what is published, and so may run while a worker trains.
 */
public final class ExportCommand {
  /** A worker that publishes often may prune what was newest before it is read. */
  private static final int TRIES = 5;

  private final WhichRun which;
  private final Claims claims;
  private final Store store;
  private final Screen screen;

  /**
   * An export.
   *
   * @param sweeps may be empty: then the run is looked for under the storage root
   */
  public ExportCommand(
      List<Points> sweeps,
      Claims claims,
      Function<String, List<RunKey>> finder,
      Store store,
      Screen screen) {
    this.which = new WhichRun(sweeps, finder);
    this.claims = claims;
    this.store = store;
    this.screen = screen;
  }

  /** Where checkpoints come from, and files go to. */
  public interface Store {
    /**
     * Writes the file of a checkpoint, checked by its sums.
     *
     * @return how many numbers are trained; empty where a program has made it, and nothing was
     *     written
     */
    OptionalLong write(RunKey key, PublishedCheckpoint checkpoint)
        throws IOException, DamagedCheckpoint;
  }

  /**
   * Exports one run.
   *
   * @param to the file, as the user named it
   */
  public ExitCode run(String runId, String to) {
    RunKey key = which.key(runId);
    PublishedCheckpoint newest = newest(key);
    for (int tries = 1; ; tries++) {
      try {
        tell(runId, newest, store.write(key, newest), to);
        return ExitCode.DONE;
      } catch (DamagedCheckpoint damaged) {
        PublishedCheckpoint now = newest(key);
        if (now.equals(newest) || tries == TRIES) {
          String what = String.valueOf(damaged.getMessage()).replaceFirst("\\.$", "");
          throw new UserError(
              runId, what, "A worker goes on from the checkpoint before it; export again then");
        }
        newest = now;
      } catch (IOException refused) {
        throw new UserError(
            runId, "it cannot be exported: " + Why.at(refused), "Mend that, or name another file");
      }
    }
  }

  private PublishedCheckpoint newest(RunKey key) {
    ClaimState state = claims.look(key);
    if (state instanceof ClaimState.Unreadable unreadable) {
      throw new UserError(key.runId(), unreadable.why(), "Make it readable");
    }
    PublishedCheckpoint newest =
        state instanceof ClaimState.Logged log ? log.end().summary().checkpoint() : null;
    if (newest == null) {
      throw new UserError(
          key.runId(),
          "it has published no checkpoint yet",
          "Train it first; status shows how far each run is");
    }
    return newest;
  }

  private void tell(String runId, PublishedCheckpoint newest, OptionalLong numbers, String to) {
    if (numbers.isEmpty()) {
      throw new UserError(
          runId,
          "a program of yours trains it, and which of its files are weights only that knows",
          "Read them with the program; explain " + runId + " names the folder");
    }
    screen
        .out()
        .printf(
            Locale.ROOT,
            "%s: iteration %d (checkpoint %s), %,d parameters in float32%n",
            to,
            newest.iter(),
            newest.name(),
            numbers.getAsLong());
    screen.out().flush();
  }
}
