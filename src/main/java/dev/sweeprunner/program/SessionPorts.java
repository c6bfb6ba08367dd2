package dev.sweeprunner.program;

import dev.sweeprunner.program.guard.BoundedLog;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TimeBudget;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a session needs of the world.
 *
 * @param budget what is left of the worker's time
 * @param inSlurm whether this worker is a task of Slurm's
 * @param oomKills whom the kernel has ended
 * @param log takes the program's lines
 * @param said takes lines for the run's log
 * @param visit its time beside other points
 * @param inheritance all rows that dead claims have logged and not published
 * @param hearing what it hears of the relay
 * @param shebang what the program's first line asks for, as the end of a sentence
 * @param notes tells the user something about this run
 */
record SessionPorts(
    ProgramRules rules,
    Clock clock,
    Pause pause,
    TimeBudget budget,
    boolean inSlurm,
    OomKills oomKills,
    BoundedLog log,
    Consumer<String> said,
    Company.Visit visit,
    Supplier<Collection<Row>> inheritance,
    Hearing hearing,
    Supplier<String> shebang,
    Consumer<String> notes) {
  /** Kept for the worker's own last words. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /**
   * What a session hears of the relay.
   *
   * @param book what the program logs
   * @param covering holds its checkpoints back
   * @param from the first step that is not published
   * @param inherited rows that are given first
   * @param unheard notices a program that goes around it
   */
  record Hearing(
      Logbook book, Covering covering, long from, List<Row> inherited, Unheard unheard) {}

  /** Whether so long can be waited before this worker's own end. */
  boolean hasTime(Duration time) {
    return budget.left().filter(left -> left.compareTo(LAST_WORDS.plus(time)) < 0).isEmpty();
  }

  /** Time for what must be done before this worker's own end. */
  Duration room() {
    return budget.left().map(left -> left.minus(LAST_WORDS)).orElse(Duration.ofDays(1));
  }

  /**
   * How long the program may take to go: never beyond the worker's own end.
   *
   * @param kept for what comes after
   */
  Duration grace(Duration kept) {
    Duration wished = rules.grace();
    return budget
        .left()
        .map(left -> left.minus(LAST_WORDS).minus(kept))
        .filter(left -> left.compareTo(wished) < 0)
        .map(left -> left.isNegative() ? Duration.ZERO : left)
        .orElse(wished);
  }
}
