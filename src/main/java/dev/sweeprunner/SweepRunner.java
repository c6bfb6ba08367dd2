package dev.sweeprunner;

import dev.sweeprunner.cli.CommandLine;
import dev.sweeprunner.cli.Help;
import dev.sweeprunner.cli.Invocation;
import dev.sweeprunner.cli.Invocation.Command;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.Terminal;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ExitCode;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Entry point. Chooses the mode before anything of Spring is loaded; only {@code run} and {@code
 * shell} start it.
 */
public final class SweepRunner {
  private static final String DEBUG = "--debug";

  private final Signals signals;
  private final Environment environment;
  private final Console console;

  private SweepRunner(Signals signals, Environment environment) {
    this.signals = signals;
    this.environment = environment;
    this.console = new Console(System.out, System.err, environment);
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Signals signals = Signals.install();
    // Proxies that want Basic authentication for a tunnel; read once, by the HTTP client's classes.
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    ExitCode code = new SweepRunner(signals, Environment.ofThisProcess()).run(args);
    System.out.flush();
    System.exit(code.code());
  }

  private ExitCode run(String[] args) {
    try {
      return dispatch(args);
    } catch (UserError mistake) {
      System.err.println("Error: " + mistake.getMessage());
      return debugged(args, mistake, ExitCode.USAGE);
    } catch (RuntimeException | LinkageError broken) {
      System.err.println(
          "Error: the program broke: "
              + broken
              + ". Nothing published is lost; --debug shows where.");
      return debugged(args, broken, ExitCode.INCOMPLETE);
    }
  }

  private static ExitCode debugged(String[] args, Throwable shown, ExitCode code) {
    if (Arrays.asList(args).contains(DEBUG)) {
      shown.printStackTrace(System.err);
    }
    return code;
  }

  private ExitCode dispatch(String[] args) {
    Properties packed = Properties.packed();
    Invocation invocation = CommandLine.parse(args, packed.names());
    switch (invocation.command()) {
      case HELP:
        return new Help(System.out).help();
      case VERSION:
        return new Help(System.out)
            .version(Version.text(), environment.property("java.runtime.version", "?"));
      default:
        break;
    }
    Path workingDirectory = Path.of(environment.property("user.dir", "")).toAbsolutePath();
    Settings settings = SettingsReader.read(packed, invocation, environment, workingDirectory);
    Wiring wiring = new Wiring(settings, environment);
    if (invocation.command() == Command.SHELL) {
      return new ShellMode(
              wiring,
              signals,
              console,
              workingDirectory,
              said -> new Tracking(said, settings, environment, workingDirectory, console::warn))
          .run(invocation, Terminal.ofInput());
    }
    Tracking tracking =
        new Tracking(invocation, settings, environment, workingDirectory, console::warn);
    if (invocation.command() == Command.WANDB_CHECK) {
      return WandbCheckMode.of(tracking, wiring, signals, console.screen()).run();
    }
    Sweeps sweeps = Sweeps.load(invocation.sweeps(), workingDirectory, wiring, console::note);
    if (invocation.command() == Command.SCALE) {
      return new ScaleMode(invocation, wiring, environment, signals, console, sweeps)
          .run(sweeps, tracking);
    }
    return invocation.command() == Command.RUN
        ? new RunMode(invocation, settings, environment, signals, wiring, tracking, console)
            .run(sweeps)
        : new LookMode(invocation, wiring, tracking, signals, console).run(sweeps);
  }
}
