package dev.sweeprunner;

import dev.sweeprunner.app.Modes;
import dev.sweeprunner.cli.PlainStream;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.FileNames;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

/**
 * Entry point: takes the signals, has the command carried out, and turns what went wrong into one
 * sentence. {@link Modes} chooses what is started.
 */
public final class SweepRunner {
  private static final String DEBUG = "--debug";

  /**
   * A second command for the same process, its words parted by blanks: the launcher's class archive
   * is recorded from one process and serves all commands.
   */
  private static final String THEN = "sweep-runner.then";

  private SweepRunner() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Signals signals = Signals.install();
    // Proxies that want Basic authentication for a tunnel; read once, by the HTTP client's classes.
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    Environment environment = Environment.ofThisProcess();
    ExitCode code = run(args, signals, environment);
    String then = environment.property(THEN, "");
    if (!then.isEmpty()) {
      code = run(then.split(" "), signals, environment);
    }
    System.out.flush();
    System.exit(code.code());
  }

  private static ExitCode run(String[] args, Signals signals, Environment environment) {
    PrintStream err = new PlainStream(System.err);
    FileNames names = new FileNames(environment);
    try {
      names.check();
      return new Modes(signals, environment, System.out, err).run(args);
    } catch (UserError mistake) {
      return refused(args, err, mistake);
    } catch (InvalidPathException unknown) {
      return refused(args, err, names.cannot(unknown.getInput()));
    } catch (RuntimeException | LinkageError broken) {
      err.println(
          "Error: the program broke: "
              + Why.of(broken)
              + ". Nothing published is lost; --debug shows where.");
      return debugged(args, broken, ExitCode.INCOMPLETE);
    }
  }

  private static ExitCode refused(String[] args, PrintStream err, UserError mistake) {
    err.println("Error: " + mistake.getMessage());
    return debugged(args, mistake, ExitCode.USAGE);
  }

  private static ExitCode debugged(String[] args, Throwable shown, ExitCode code) {
    if (Arrays.asList(args).contains(DEBUG)) {
      shown.printStackTrace(System.err);
    }
    return code;
  }
}
