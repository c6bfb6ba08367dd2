package dev.sweeprunner;

import dev.sweeprunner.app.Console;
import dev.sweeprunner.app.LookMode;
import dev.sweeprunner.app.ObjectGraph;
import dev.sweeprunner.app.RunMode;
import dev.sweeprunner.app.ScaleMode;
import dev.sweeprunner.app.ShellMode;
import dev.sweeprunner.app.Sweeps;
import dev.sweeprunner.app.Tracking;
import dev.sweeprunner.app.Version;
import dev.sweeprunner.app.WandbCheckMode;
import dev.sweeprunner.cli.Help;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.Terminal;
import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.options.Properties;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.options.SettingsReader;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
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
    ObjectGraph graph = new ObjectGraph(settings, environment);
    if (invocation.command() == Command.SHELL) {
      return new ShellMode(
              graph,
              signals,
              console,
              workingDirectory,
              said -> new Tracking(said, settings, environment, workingDirectory, console::warn))
          .run(invocation, Terminal.ofInput());
    }
    Tracking tracking =
        new Tracking(invocation, settings, environment, workingDirectory, console::warn);
    if (invocation.command() == Command.WANDB_CHECK) {
      return WandbCheckMode.of(tracking, graph, signals, console.screen()).run();
    }
    Sweeps sweeps = Sweeps.load(invocation.sweeps(), workingDirectory, graph, console::note);
    if (invocation.command() == Command.SCALE) {
      return new ScaleMode(invocation, graph, environment, signals, console, sweeps)
          .run(sweeps, tracking);
    }
    return invocation.command() == Command.RUN
        ? new RunMode(invocation, settings, environment, signals, graph, tracking, console)
            .run(sweeps)
        : new LookMode(invocation, graph, tracking, signals, console).run(sweeps);
  }
}
