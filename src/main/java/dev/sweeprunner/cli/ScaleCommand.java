package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.scale.Demand;
import dev.sweeprunner.run.scale.Memory;
import dev.sweeprunner.run.scale.MemoryStore;
import dev.sweeprunner.run.scale.Rules;
import dev.sweeprunner.run.scale.ScaleReport;
import dev.sweeprunner.run.scale.ScaleReport.Step;
import dev.sweeprunner.run.scale.ScaleRound;
import dev.sweeprunner.run.scale.Seat;
import dev.sweeprunner.run.scale.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code scale}: as many Slurm tasks as there is work to claim, never more; pending ones that
 * nobody needs are cancelled. Prints what it would do, or does it. Belongs to one thread.
 */
public final class ScaleCommand {
  private final List<Points> sweeps;
  private final LookPorts ports;
  private final TaskQueue queue;
  private final Screen screen;
  private final boolean submit;
  private final MemoryStore memory = new Kept();

  /**
   * A command for these sweeps together.
   *
   * @param submit whether it does what it prints
   */
  public ScaleCommand(
      List<Points> sweeps, LookPorts ports, TaskQueue queue, Screen screen, boolean submit) {
    this.sweeps = List.copyOf(sweeps);
    this.ports = ports;
    this.queue = queue;
    this.screen = screen;
    this.submit = submit;
  }

  /**
   * Looks and acts once.
   *
   * @return {@link ExitCode#INCOMPLETE} if Slurm refused something
   * @throws UserError if the tasks that are there already are not known; nothing was changed
   */
  public ExitCode once() {
    ScaleReport report = round(() -> true).look(submit);
    print(lines(report));
    print(said(report));
    if (!submit && !report.steps().isEmpty()) {
      print(List.of("Nothing was changed; --submit does it."));
    }
    return report.done() ? ExitCode.DONE : ExitCode.INCOMPLETE;
  }

  /**
   * Looks and acts again and again, until every run has ended and no pending task is left. A stop
   * ends it at once; what was submitted stays. While the tasks are not known, it waits.
   *
   * @return that of the sweep, or {@link ExitCode#STOPPED}
   */
  public ExitCode watch(Duration every, Pause pause, StopSignal stop) {
    List<String> printed = List.of();
    while (!stop.requested()) {
      List<String> lines;
      try {
        ScaleReport report = round(() -> !stop.requested()).look(submit);
        lines = lines(report);
        print(lines.equals(printed) ? List.of() : lines);
        print(said(report));
        if (report.demand().allEnded() && report.done() && !stop.requested()) {
          return report.demand().finished() ? ExitCode.DONE : ExitCode.INCOMPLETE;
        }
      } catch (UserError unknown) {
        lines = List.of("Waiting: " + unknown.what() + ".");
        print(lines.equals(printed) ? List.of() : lines);
      }
      printed = lines;
      pause.pause(every);
    }
    return ExitCode.STOPPED;
  }

  private ScaleRound round(Seat seat) {
    return new ScaleRound(
        queue,
        () -> Demand.of(this::statuses),
        Map::of,
        memory,
        seat,
        ports.clock(),
        Rules.DEFAULT);
  }

  /** One at a time, each run once: a large grid's statuses do not fit into memory together. */
  private Iterator<PointStatus> statuses() {
    Set<String> seen = new HashSet<>();
    return sweeps.stream().flatMap(points -> statuses(points, seen)).iterator();
  }

  private Stream<PointStatus> statuses(Points points, Set<String> seen) {
    return IntStream.range(0, points.size())
        .filter(index -> !points.isDuplicate(index))
        .filter(index -> seen.add(points.projectSlug() + "/" + points.runId(index)))
        .mapToObj(index -> ports.observer().pointStatus(points.at(index)));
  }

  private List<String> lines(ScaleReport report) {
    Demand demand = report.demand();
    List<String> lines = new ArrayList<>();
    lines.add(
        HumanFormat.plural(demand.runs(), "run")
            + (": " + demand.claimable() + " to claim, " + demand.taken() + " taken, ")
            + (demand.later() == 0 ? "" : demand.later() + " later, ")
            + (demand.ended() + " ended"));
    lines.add(
        ("Tasks " + queue.name() + "-*: ")
            + (sum(report, tally -> tally.pending() + tally.blocked()) + " pending, ")
            + (sum(report, Tally::idle) + " without a run yet, ")
            + (sum(report, Tally::working) + " working"));
    report.steps().forEach(step -> lines.addAll(lines(step, report)));
    if (report.without() > 0) {
      lines.add(
          "No room for "
              + HumanFormat.plural(report.without(), "more run")
              + ": all limits are reached.");
    }
    if (demand.allEnded()) {
      lines.add("Every run has ended.");
    } else if (report.steps().isEmpty() && report.without() == 0) {
      lines.add("Nothing to do: there are as many tasks as there is work.");
    }
    return lines;
  }

  private static int sum(ScaleReport report, ToIntFunction<Tally> of) {
    return report.lines().stream().map(ScaleReport.Line::tally).mapToInt(of).sum();
  }

  private List<String> lines(Step step, ScaleReport report) {
    String tasks = HumanFormat.plural(step.count(), step.cancels() ? "pending task" : "task");
    String verb = step.cancels() ? "cancel" : "submit";
    String doing = step.cancels() ? "Cancelling " : "Submitting ";
    String which = step.cancels() ? "" : " as " + step.profile() + limit(step, report);
    return List.of(
        (submit ? doing : "Would " + verb + " ") + tasks + which + ":",
        "  " + pasted(step.words()));
  }

  private static String limit(Step step, ScaleReport report) {
    return report.lines().stream()
        .filter(line -> line.profile().name().equals(step.profile()))
        .map(line -> " (limit " + line.profile().limit() + ")")
        .findFirst()
        .orElse("");
  }

  private String pasted(List<String> words) {
    return ShellLine.of(queue.leftOut(), words);
  }

  private static List<String> said(ScaleReport report) {
    return report.steps().stream().flatMap(ScaleCommand::said).toList();
  }

  private static Stream<String> said(Step step) {
    int last = step.count() - 1;
    return switch (step.outcome()) {
      case PROPOSED, LEFT -> Stream.of();
      case REFUSED, UNKNOWN -> Stream.of("Failed: " + step.said());
      case DONE ->
          Stream.of(
              step.cancels()
                  ? "Cancelled"
                  : ("Submitted " + step.said() + "_0")
                      + (last == 0 ? "" : " to " + step.said() + "_" + last));
    };
  }

  private void print(List<String> lines) {
    lines.forEach(screen.out()::println);
    screen.out().flush();
  }

  /** As long as this command lives. */
  private static final class Kept implements MemoryStore {
    private Memory memory = new Memory();

    @Override
    public Memory load() {
      return memory;
    }

    @Override
    public void save(Memory changed) {
      memory = changed;
    }
  }
}
