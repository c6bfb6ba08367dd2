package dev.sweeprunner.program;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.program.guard.Guard;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the program of a claim: its folders, its words, its record, its guard, and who listens to
 * it. Belongs to the worker's thread.
 *
 * @param company what points do to one another
 * @param unheard notices a program that goes around the relay
 * @param notices receives what the user should know once
 * @param budget what is left of the worker's time
 */
record Starter(
    ProgramSite site,
    ProgramRules rules,
    Preparation preparation,
    Company company,
    Guard guard,
    Unheard unheard,
    Consumer<String> notices,
    TimeBudget budget) {
  /** The same where time is limited. */
  Starter within(TimeBudget limited) {
    return new Starter(site, rules, preparation, company, guard, unheard, notices, limited);
  }

  /**
   * Ends what earlier claims of the run may have left on this machine, then starts the program.
   *
   * @throws TrainingFailure if it cannot be prepared
   */
  Training.Session start(ClaimedRun run, @Nullable ProgramState state, Consumer<String> log) {
    Consumer<String> notes = note -> notices.accept("Run " + run.point().runId() + ": " + note);
    Folders folders = preparation.folders(run, state);
    try {
      ClaimMark mark = ClaimMark.of(site.layout().run(run.point().key()), run);
      if (run.claim().epoch() > 1) {
        mark.endLeftOvers(notes);
      }
      preparation.make(run, folders, state);
      return new Departure(this, run, state, folders, mark, log, notes).session();
    } catch (IOException refused) {
      throw new TrainingFailure(
          FailureClass.INFRA, "the program cannot be prepared: " + Why.at(refused), refused);
    }
  }
}
