package dev.sweeprunner.app;

import dev.sweeprunner.cli.Help;
import dev.sweeprunner.cli.Mistakes;
import dev.sweeprunner.cli.SweepOffers;
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
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Chooses the mode of a command before anything of Spring is loaded; only {@code run} and an
 * interactive {@code shell} start it.
 */
public final class Modes {
  private final Signals signals;
  private final Environment environment;
  private final Console console;
  private final PrintStream out;
  private final Mistakes mistakes;

  /** Commands that print to these streams; what is wrong with one line of a shell is told here. */
  public Modes(
      Signals signals,
      Environment environment,
      PrintStream out,
      PrintStream err,
      Mistakes mistakes) {
    this.signals = signals;
    this.environment = environment;
    this.console = new Console(out, err, environment);
    signals.onResize(console::resized);
    this.out = out;
    this.mistakes = mistakes;
  }

  /**
   * Carries out what a command line asks for.
   *
   * @throws UserError for a user's mistake
   */
  public ExitCode run(String[] args) {
    Properties packed = Properties.packed();
    return run(packed, CommandLine.parse(args, packed.names()), signals);
  }

  private ExitCode run(Properties packed, Invocation invocation, Signals stop) {
    return switch (invocation.command()) {
      case HELP ->
          invocation.topic().map(new Help(out)::help).orElseGet(() -> new Help(out).help());
      case VERSION ->
          new Help(out).version(Version.text(), environment.property("java.runtime.version", "?"));
      default -> start(packed, invocation, stop);
    };
  }

  private ExitCode start(Properties packed, Invocation invocation, Signals stop) {
    console.colours(invocation);
    if (invocation.format() == OutputFormat.TABLE) {
      console.expectTable();
    }
    Path workingDirectory = environment.workingDirectory();
    Settings settings =
        Settings.read(
            packed, invocation, environment.variables(), environment::path, workingDirectory);
    ObjectGraph graph = new ObjectGraph(settings, environment);
    StorageRoot.check(graph.layout().root(), graph.layout().out());
    List<Path> files = Sweeps.files(invocation, environment);
    Sweeps sweeps = Sweeps.load(files, workingDirectory, graph, console::note);
    return switch (invocation.command()) {
      case SHELL -> shell(packed, invocation.about(files), graph);
      case SWEEP -> ExitCode.DONE; // They could be read; the shell goes on with them.
      case WANDB_CHECK ->
          new WandbCheckCommand(graph.wandb(invocation, stop, console).check(), console.screen())
              .run();
      case SERVE -> new PageMode(invocation, graph, stop, console).run(sweeps);
      case SCALE -> new ScaleMode(invocation, graph, stop, console).run(files, sweeps);
      case RUN -> new RunMode(invocation, graph, stop, console).run(sweeps);
      default -> new LookMode(invocation, graph, stop, console).run(sweeps);
    };
  }

  private ExitCode shell(Properties packed, Invocation launch, ObjectGraph graph) {
    ShellMode mode =
        new ShellMode(
            (line, stop) -> run(Properties.packed(), line, stop),
            new SweepOffers(files -> chosen(files, graph), graph.clock()),
            environment.stateFolder().resolve("history"),
            signals,
            mistakes);
    return mode.run(launch, packed.names(), console.screen(), Terminal.ofInput());
  }

  private SweepOffers.Chosen chosen(List<Path> files, ObjectGraph graph) {
    Sweeps sweeps = Sweeps.load(files, environment.workingDirectory(), graph, note -> {});
    return new SweepOffers.Chosen(
        Console.points(sweeps), () -> graph.ports(sweeps.training(), Registry.disabled()));
  }
}
