package dev.sweeprunner.app;

import dev.sweeprunner.cli.Help;
import dev.sweeprunner.cli.WandbCheckCommand;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.StorageRoot;
import dev.sweeprunner.host.Terminal;
import dev.sweeprunner.host.Version;
import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.options.Properties;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Chooses the mode of a command before anything of Spring is loaded; only {@code run} and an
 * interactive {@code shell} start it.
 */
public final class Modes {
  private final Signals signals;
  private final Environment environment;
  private final Console console;
  private final PrintStream out;

  /** Commands that print to these streams. */
  public Modes(Signals signals, Environment environment, PrintStream out, PrintStream err) {
    this.signals = signals;
    this.environment = environment;
    this.console = new Console(out, err, environment);
    signals.onResize(console::resized);
    this.out = out;
  }

  /**
   * Carries out what a command line asks for.
   *
   * @throws UserError for a user's mistake
   */
  public ExitCode run(String[] args) {
    Properties packed = Properties.packed();
    Invocation invocation = CommandLine.parse(args, packed.names());
    return switch (invocation.command()) {
      case HELP -> new Help(out).help();
      case VERSION ->
          new Help(out).version(Version.text(), environment.property("java.runtime.version", "?"));
      default -> run(packed, invocation);
    };
  }

  private ExitCode run(Properties packed, Invocation invocation) {
    if (invocation.format() == OutputFormat.TABLE) {
      console.expectTable();
    }
    Path workingDirectory = environment.workingDirectory();
    Settings settings =
        Settings.read(
            packed, invocation, environment.variables(), environment::path, workingDirectory);
    ObjectGraph graph = new ObjectGraph(settings, environment);
    StorageRoot.check(graph.layout().root(), graph.layout().out());
    return switch (invocation.command()) {
      case SHELL ->
          new ShellMode(graph, signals, console, workingDirectory)
              .run(invocation, Terminal.ofInput());
      case WANDB_CHECK ->
          new WandbCheckCommand(graph.wandb(invocation, signals, console).check(), console.screen())
              .run();
      default -> {
        Sweeps sweeps = Sweeps.load(invocation.sweeps(), workingDirectory, graph, console::note);
        yield run(invocation, graph, sweeps);
      }
    };
  }

  private ExitCode run(Invocation invocation, ObjectGraph graph, Sweeps sweeps) {
    return switch (invocation.command()) {
      case SCALE -> new ScaleMode(invocation, graph, signals, console, sweeps).run(sweeps);
      case RUN -> new RunMode(invocation, graph, signals, console).run(sweeps);
      default -> new LookMode(invocation, graph, signals, console).run(sweeps);
    };
  }
}
