package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.Arrears;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code status}: where every point stands. Changes nothing.
 *
 * <p>Its exit code is that of a question that was answered, {@link ExitCode#DONE}, whatever the
 * answer is: the codes of a worker's run would break every script that pipes the table. A script
 * that waits for the end reads {@code state} from the JSON.
 */
public final class StatusCommand {
  private static final int WATCHED_ROWS = 60;

  private final List<Points> sweeps;
  private final LookPorts ports;
  private final Screen screen;
  private final Arrears arrears;
  private final Supplier<Optional<String>> scaler;
  private final Selection selection;

  /** The status of these sweeps, in this order. */
  public StatusCommand(List<Points> sweeps, LookPorts ports, Screen screen) {
    this(sweeps, ports, screen, Arrears.NONE, Optional::empty, Selection.ALL);
  }

  private StatusCommand(
      List<Points> sweeps,
      LookPorts ports,
      Screen screen,
      Arrears arrears,
      Supplier<Optional<String>> scaler,
      Selection selection) {
    this.selection = selection;
    this.arrears = arrears;
    this.scaler = scaler;
    this.sweeps = List.copyOf(sweeps);
    this.ports = ports;
    this.screen = screen;
  }

  /** As this; its tables also say what W&amp;B lacks. */
  public StatusCommand owing(Arrears newer) {
    return new StatusCommand(sweeps, ports, screen, newer, scaler, selection);
  }

  /** As this; its tables also say who submits tasks for this storage root. */
  public StatusCommand scaledBy(Supplier<Optional<String>> sentence) {
    return new StatusCommand(sweeps, ports, screen, arrears, sentence, selection);
  }

  /** As this, of the points and in the order that a command line asks for. */
  public StatusCommand choosing(Invocation invocation) {
    Selection chosen = Selection.of(invocation);
    return new StatusCommand(sweeps, ports, screen, arrears, scaler, chosen);
  }

  private List<String> below() {
    return Stream.of(OwedToWandb.line(sweeps, arrears), scaler.get())
        .flatMap(Optional::stream)
        .toList();
  }

  /** Prints once, in the format that was asked for. */
  public ExitCode run(Invocation invocation) {
    return run(invocation.format());
  }

  ExitCode run(OutputFormat format) {
    StatusView view =
        switch (format) {
          case TABLE, MD -> new StatusTable(screen).below(this::below).of(selection);
          case JSON, JSONL -> new StatusJson(selection);
          case CSV -> new StatusCsv(selection);
        };
    List<SweepStatus> overviews = look();
    selection.check(overviews);
    view.print(overviews, screen.raw());
    if (format == OutputFormat.TABLE) {
      ports.root().tell(screen);
    }
    return ExitCode.DONE;
  }

  /**
   * Prints the table of a run that ends here; of a sweep with more points than {@code mostRows}
   * only what stands below it.
   *
   * @return where every point of all sweeps stands, for {@link ExitCode#ofEnded}
   */
  public List<PointStatus> table(int mostRows) {
    List<SweepStatus> overviews = look();
    StatusTable.orSummary(screen, mostRows).print(overviews, screen.raw());
    return statuses(overviews);
  }

  /**
   * Prints the table again and again, until every point has ended or a stop is requested; on a
   * terminal in place, and then without finished and unclaimed rows where there are many.
   */
  public ExitCode watch(Duration every, Pause pause, StopSignal stop) {
    return watch(every, pause, stop, () -> new Newest(this, List.of()));
  }

  /** As above, where the sweeps may be edited meanwhile. */
  public ExitCode watch(Duration every, Pause pause, StopSignal stop, Supplier<Newest> newest) {
    int mostRows = screen.live() ? WATCHED_ROWS : Integer.MAX_VALUE;
    boolean first = true;
    while (true) {
      Newest now = newest.get();
      List<SweepStatus> overviews = now.status().look();
      if (first) {
        selection.check(overviews);
      }
      first = false;
      show(now, overviews, mostRows);
      if (stop.requested() || ExitCode.allEnded(statuses(overviews))) {
        return ExitCode.DONE;
      }
      pause.pause(every);
      if (stop.requested()) {
        return ExitCode.DONE;
      }
      screen.out().print(screen.live() ? "" : "\n");
    }
  }

  /** One look, drawn at once: it is put together aside. */
  private void show(Newest now, List<SweepStatus> overviews, int mostRows) {
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    PrintStream aside = new PrintStream(drawn, false, StandardCharsets.UTF_8);
    Screen unseen =
        new Screen(aside, screen.live(), screen.colours(), screen.width(), screen.height());
    new StatusTable(unseen, mostRows)
        .below(now.status()::below)
        .of(selection)
        .print(overviews, aside);
    ports.root().tell(unseen);
    now.complaints().forEach(unseen.out()::println);
    aside.flush();
    String text = drawn.toString(StandardCharsets.UTF_8);
    if (screen.live()) {
      screen.redraw(text);
    } else {
      screen.raw().print(text);
      screen.raw().flush();
    }
  }

  private List<SweepStatus> look() {
    return SweepStatus.look(sweeps, ports);
  }

  private static List<PointStatus> statuses(List<SweepStatus> overviews) {
    return overviews.stream().flatMap(status -> status.statuses().stream()).toList();
  }

  /**
   * What is looked at now.
   *
   * @param status of the sweeps as they are
   * @param complaints what is wrong with files that were edited: then a sweep is as it was before
   */
  public record Newest(StatusCommand status, List<String> complaints) {}
}
