package dev.sweeprunner.cli;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns what went wrong into one sentence, for a whole program and for one line of a shell alike.
 */
public final class Mistakes {
  private final PrintStream err;
  private final Function<String, UserError> unnameable;

  /**
   * Mistakes that are told on {@code err}.
   *
   * @param unnameable what to say of a path that this process cannot name
   */
  public Mistakes(PrintStream err, Function<String, UserError> unnameable) {
    this.err = new PlainStream(err);
    this.unnameable = unnameable;
  }

  /**
   * Does it.
   *
   * @param debug whether the stack is to be shown too
   * @param act throws UserError for a user's mistake
   * @return its code, {@link ExitCode#USAGE} after a mistake of the user, {@link
   *     ExitCode#INCOMPLETE} where the program itself broke
   */
  public ExitCode told(boolean debug, Supplier<ExitCode> act) {
    try {
      return act.get();
    } catch (UserError mistake) {
      return refused(debug, mistake);
    } catch (InvalidPathException unknown) {
      return refused(debug, unnameable.apply(unknown.getInput()));
    } catch (RuntimeException | LinkageError broken) {
      err.println(
          "Error: the program broke: "
              + Why.of(broken)
              + ". Nothing published is lost; --debug shows where.");
      return debugged(debug, broken, ExitCode.INCOMPLETE);
    }
  }

  private ExitCode refused(boolean debug, UserError mistake) {
    err.println("Error: " + mistake.getMessage());
    return debugged(debug, mistake, ExitCode.USAGE);
  }

  private ExitCode debugged(boolean debug, Throwable shown, ExitCode code) {
    if (debug) {
      shown.printStackTrace(((PlainStream) err).raw());
    }
    return code;
  }
}
