package dev.sweeprunner.app;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.Progress;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.TimeOfDay;
import dev.sweeprunner.cli.status.StatusCommand;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.Terminal;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a run prints besides its progress: tables on standard output, warnings on standard error.
 */
final class Console {
  private static final int LONGEST_TABLE = 40;
  private static final int MOST_COUNTED = 10_000;

  private final Terminal terminal;
  private final Screen usual;
  private final PrintStream err;
  private final Set<String> said = new HashSet<>();
  private volatile Screen screen;

  Console(PrintStream out, PrintStream err, Environment environment) {
    this.terminal = Terminal.of(environment);
    this.usual =
        Screen.of(
            out,
            terminal.interactive(),
            terminal::width,
            terminal::height,
            environment.variables().get("NO_COLOR"));
    this.screen = usual;
    this.err = err;
  }

  Screen screen() {
    return screen;
  }

  /** Colours from now on as this command line says. */
  void colours(Invocation invocation) {
    screen = usual.coloured(invocation);
  }

  /** Asks the terminal for its width beside what is done now: a table comes soon. */
  void expectTable() {
    terminal.resized(); // at its prompt a shell keeps the signal of a changed size for itself
    terminal.ask();
  }

  /** The terminal has changed its size, or may have. */
  void resized() {
    terminal.resized();
  }

  /** What the user should know of the input, once. */
  synchronized void note(String note) {
    if (said.add(note)) {
      err.println("Note: " + note);
    }
  }

  /** A warning, once. */
  synchronized void warn(String warning) {
    if (said.add(warning)) {
      err.println("Warning: " + warning);
    }
  }

  /** A warning, each time. */
  void warnAgain(String warning) {
    err.println("Warning: " + warning);
  }

  /** What {@code --refresh} could not do: a sweep about which W&amp;B is never asked. */
  void refreshed(Invocation invocation, Registry registry, Sweeps sweeps) {
    for (Sweeps.Loaded sweep : sweeps.all()) {
      if (invocation.has(Option.REFRESH)
          && registry.state(sweep.points().runId(0)) instanceof Registry.Remote.NotAsked asked) {
        note(sweep.file() + ": --refresh asks W&B nothing: " + asked.why());
      }
    }
  }

  /** A line that is no warning; any thread. */
  void news(Clock clock, String line) {
    screen.out().println(TimeOfDay.head(screen, clock, line));
    screen.out().flush();
  }

  /** What a run of these sweeps starts from. */
  void introduce(Settings settings, String worker, Sweeps sweeps, String device, String whyCpu) {
    for (Sweeps.Loaded sweep : sweeps.all()) {
      screen
          .out()
          .printf(
              "%s: %s, project %s, group %s%n",
              sweep.file(),
              HumanFormat.plural(sweep.points().size(), "point"),
              sweep.points().projectSlug(),
              sweep.points().groupSlug());
      screen.out().println("Trainer: " + sweep.why());
    }
    screen
        .out()
        .printf(
            "Worker %s on %s%s; storage root %s%s%n",
            worker,
            device,
            whyCpu.isEmpty() ? "" : " (no CUDA: " + whyCpu.replaceFirst("\\.$", "") + ")",
            settings.storageRoot(),
            settings.storageGiven() ? "" : " (the working directory)");
    screen.out().flush();
  }

  /** How W&amp;B is used. */
  void tracking(List<String> words) {
    words.forEach(line -> screen.out().println("W&B: " + line));
  }

  /** Where the health of this worker is served, if it is. */
  void health(int port) {
    if (port > 0) {
      screen.out().println("Health: http://127.0.0.1:" + port + "/actuator/health");
      screen.out().println("Page: http://127.0.0.1:" + port + "/");
    }
  }

  /** The narrator of a run. */
  Progress narrator(Clock clock, Sweeps sweeps) {
    return new Progress(screen, clock, points(sweeps));
  }

  /**
   * Prints where every point stands, or where there are many, how many stand where.
   *
   * @param whole whether the table is wanted however long it is
   * @param ended whether the worker left because every point has ended
   * @return the exit code if all have ended, or empty
   */
  Optional<ExitCode> table(LookPorts ports, Sweeps sweeps, boolean whole, boolean ended) {
    long all = points(sweeps).stream().mapToLong(Points::size).sum();
    if (all > MOST_COUNTED && !whole) {
      screen.out().println(all + " points, too many to be counted here; status does.");
      return ended ? Optional.of(looked(ports, sweeps)) : Optional.empty();
    }
    List<PointStatus> statuses =
        new StatusCommand(points(sweeps), ports, screen)
            .table(whole ? Integer.MAX_VALUE : LONGEST_TABLE);
    return ExitCode.allEnded(statuses) ? Optional.of(ExitCode.ofEnded(statuses)) : Optional.empty();
  }

  /** One point at a time: a large grid's statuses do not fit into memory together. */
  private static ExitCode looked(LookPorts ports, Sweeps sweeps) {
    for (Points points : points(sweeps)) {
      for (int i = 0; i < points.size(); i++) {
        PointStatus pointStatus = ports.survey().of(points.at(i));
        if (ExitCode.ofEnded(List.of(pointStatus)) != ExitCode.DONE) {
          return ExitCode.INCOMPLETE;
        }
      }
    }
    return ExitCode.DONE;
  }

  static List<Points> points(Sweeps sweeps) {
    return sweeps.all().stream().map(Sweeps.Loaded::points).toList();
  }
}
