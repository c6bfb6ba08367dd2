package dev.sweeprunner;

import dev.sweeprunner.app.Modes;
import dev.sweeprunner.cli.Mistakes;
import dev.sweeprunner.cli.PlainStream;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.FileNames;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.run.judge.ExitCode;
import java.util.Arrays;

/**
 * Entry point: takes the signals and has the command carried out. {@link Modes} chooses what is
 * started, {@link Mistakes} tells what went wrong.
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
    FileNames names = new FileNames(environment);
    Mistakes mistakes = new Mistakes(System.err, names::cannot);
    return mistakes.told(
        Arrays.asList(args).contains(DEBUG),
        () -> {
          names.check();
          return new Modes(signals, environment, System.out, new PlainStream(System.err), mistakes)
              .run(args);
        });
  }
}
