package dev.sweeprunner.cli;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Scaler;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.scale.ScaleReport;
import dev.sweeprunner.run.scale.ScaleRound;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code scale}: as many Slurm tasks as there is work to claim, never more; pending ones that
 * nobody needs are cancelled. Prints what it would do, or does it. Belongs to one thread.
 */
public final class ScaleCommand {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss ", Locale.ROOT);

  /** How long who waits for the seat lets pass between two looks at it. */
  private static final Duration SEAT = Duration.ofMinutes(1);

  private final ScaleRound round;
  private final Turn turn;
  private final Site site;
  private final Screen screen;
  private ExitCode ended = ExitCode.INCOMPLETE;

  /** A command that looks by {@code round}. */
  public ScaleCommand(ScaleRound round, Turn turn, Site site, Screen screen) {
    this.round = round;
    this.turn = turn;
    this.site = site;
    this.screen = screen;
  }

  /** Whose turn it is to submit in this storage root. */
  public interface Turn {
    /**
     * Takes it, or keeps it.
     *
     * @return who has it; empty where this process does
     * @throws UserError if that cannot be known
     */
    Optional<Scaler> take();

    /** Who else has it; empty where nobody does. Changes nothing. */
    Optional<Scaler> other();

    /** Lets another have it. */
    void leave();
  }

  /**
   * Where it works.
   *
   * @param from where the profiles were found
   * @param logs folder of the tasks' output files; who submits makes it
   * @param zone of the times of day that are printed
   */
  public record Site(
      LookedAt root, TaskQueue queue, String from, Path logs, Clock clock, ZoneId zone) {}

  /** What a single look prints. */
  public enum Print {
    /** All, for a person. */
    ALL,
    /** What is new: for a mail of cron's. */
    NEWS,
    /** All, for a program. */
    JSON
  }

  /**
   * Looks once.
   *
   * @param submit whether it does what it finds right
   * @return {@link ExitCode#INCOMPLETE} if Slurm refused something, {@link ExitCode#STOPPED} if
   *     another scaler has this storage root
   * @throws UserError if the tasks that are there already are not known; nothing was changed
   */
  public ExitCode once(boolean submit, Print print) {
    Optional<Scaler> other = submit ? turn.take() : turn.other();
    if (submit && other.isPresent()) {
      refused(other.get(), print);
      return ExitCode.STOPPED;
    }
    try {
      ScaleReport report = round.look(submit);
      ScaleLines lines = new ScaleLines(report, site, submit, "");
      switch (print) {
        case ALL -> {
          other.ifPresent(scaler -> print(List.of(new ScalerText(scaler).has() + ".")));
          lines.all().forEach(this::print);
          print(lines.said());
          print(lines.hint());
        }
        case NEWS -> print(lines.news());
        case JSON -> json().scaler(other.orElse(null)).report(report, submit).print(screen);
      }
      return code(report, submit);
    } finally {
      if (submit) {
        turn.leave();
      }
    }
  }

  private void refused(Scaler other, Print print) {
    if (print == Print.JSON) {
      json().scaler(other).print(screen);
    } else if (print == Print.ALL || !other.met()) {
      print(List.of(new ScalerText(other).has() + "; nothing was done."));
    }
  }

  private static ExitCode code(ScaleReport report, boolean submit) {
    if (submit && !report.seated()) {
      return ExitCode.STOPPED;
    }
    return report.done() || !submit ? ExitCode.DONE : ExitCode.INCOMPLETE;
  }

  private ScaleJson json() {
    return new ScaleJson(site.root().now(), site.queue().name(), site.from());
  }

  /**
   * Looks and acts again and again, until every run has ended and no pending task is left. A stop
   * ends it at once; what was submitted stays. While the tasks are not known, or another scaler has
   * this storage root, it waits.
   *
   * @return that of the sweep, or {@link ExitCode#STOPPED}
   */
  public ExitCode watch(Duration every, boolean submit, Pause pause, StopSignal stop) {
    Set<String> printed = new HashSet<>();
    try {
      while (!stop.requested()) {
        Duration next = every;
        try {
          Optional<Scaler> other = submit ? turn.take() : Optional.empty();
          if (other.isPresent()) {
            waiting(new ScalerText(other.get()).who() + " has this storage root", printed);
            next = every.compareTo(SEAT) < 0 ? every : SEAT;
          } else if (look(submit, every, printed) && !stop.requested()) {
            return ended;
          }
        } catch (UserError unknown) {
          waiting(unknown.what(), printed);
        }
        pause.pause(next);
      }
      return ExitCode.STOPPED;
    } finally {
      if (submit) {
        turn.leave();
      }
    }
  }

  /** Says whether that was the last look. */
  private boolean look(boolean submit, Duration every, Set<String> printed) {
    ScaleReport report = round.look(submit);
    String rhythm = "; a look every " + HumanFormat.time(every);
    ScaleLines lines = new ScaleLines(report, site, submit, rhythm);
    printChanged(printed, lines.all());
    print(timed(lines.said()));
    ended = report.demand().finished() ? ExitCode.DONE : ExitCode.INCOMPLETE;
    return report.over() && report.done();
  }

  private void waiting(String why, Set<String> printed) {
    printChanged(printed, List.of(List.of("Waiting: " + why + ".")));
  }

  /** What did not stand there at the look before. */
  private void printChanged(Set<String> printed, List<List<String>> pieces) {
    pieces.stream()
        .filter(
            lines -> lines.stream().map(ScaleTable::lasting).anyMatch(l -> !printed.contains(l)))
        .forEach(lines -> print(timed(lines)));
    printed.clear();
    pieces.forEach(lines -> lines.forEach(line -> printed.add(ScaleTable.lasting(line))));
  }

  private List<String> timed(List<String> lines) {
    Instant now = site.clock().now();
    List<String> timed = new ArrayList<>();
    lines.forEach(line -> timed.add(SECOND.format(now.atZone(site.zone())) + line));
    return timed;
  }

  private void print(List<String> lines) {
    lines.forEach(screen.out()::println);
    screen.out().flush();
  }
}
