package dev.sweeprunner.relay.rows;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Logged;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one life: what the client posts comes in, is written down under the run's steps, and
 * goes out as rows of the journal. Guarded by its book.
 */
final class History implements Steps.Placed {
  /** So much may wait for the session; then the client has to, which it can. */
  private static final long MOST_WAITING = 32L << 20;

  private static final int MOMENTS = 1 << 18;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Clock clock;
  private final Rules rules;
  private final Habit habit;
  private final Steps steps;
  private final Offsets numbers;
  private final LineFile settled;
  private final LineFile held;
  private final Consumer<String> said;
  private final Coverage coverage;
  private final Moments moments;
  private final GapWatch gaps;
  private List<Logged> waiting = new ArrayList<>();
  private long waitingChars;
  private long heldChars;
  private @Nullable Logged newest;
  private long clientStep = -1;
  private long shift;
  private double clientRuntime;
  private double clientsBefore;
  private long base;
  private double runtime;
  private long leftOut;
  private boolean holding;
  private boolean released;
  private boolean guessing;
  private boolean unread;

  /**
   * The rows of a life.
   *
   * @param base the step before its first row, or -1
   * @param said told once of each thing that a user should know
   */
  History(
      Clock clock,
      Rules rules,
      Habit habit,
      Steps steps,
      Offsets numbers,
      LineFile settled,
      LineFile held,
      Coverage coverage,
      long base,
      Consumer<String> said) {
    this.clock = clock;
    this.rules = rules;
    this.habit = habit;
    this.steps = steps;
    this.numbers = numbers;
    this.settled = settled;
    this.held = held;
    this.coverage = coverage;
    this.base = base;
    this.said = said;
    this.gaps = new GapWatch(habit, said);
    this.moments = new Moments(rules, MOMENTS);
  }

  /** Takes lines of the client; they are on disk when this returns. */
  void lines(long offset, List<String> lines) throws IOException {
    coverage.refused(true);
    write();
    if (guessing) {
      throw new IOException("the program of this life has ended");
    }
    if (waitingChars + heldChars > MOST_WAITING) {
      throw new IOException("32 MiB of rows wait to be taken over");
    }
    double now = clock.now().toEpochMilli() / MILLIS_PER_SECOND;
    try {
      for (int i = numbers.taken(offset); i < lines.size(); i++) {
        line(lines.get(i), now);
        numbers.take(offset + i);
      }
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    } finally {
      write();
    }
    coverage.refused(false);
  }

  private void line(String line, double now) {
    Logged read = Logged.of(line, now).orElse(null);
    if (read == null) {
      leaveOut("A line of its history is no row");
      return;
    }
    if (read.runtime() < clientRuntime) {
      clientsBefore += clientRuntime; // another client counts from 0 again
    }
    clientRuntime = read.runtime();
    double when = rules.when(read.timestamp(), now);
    Logged row = read.when(when).at(read.step(), clientsBefore);
    habit.row(clock.nanos());
    Logged before = newest;
    steps.take(row, this);
    coverage.row(row);
    clientStep = row.step();
    Logged placed = newest;
    if (placed != null && placed != before) {
      shift = placed.step() - row.step();
    }
  }

  /** Time goes by. */
  void tick() {
    habit.tick(clock.nanos());
    steps.tick(this);
  }

  /** Writes what was placed since. */
  void write() throws IOException {
    if (released) {
      settled.writeAtOnce();
      held.drop();
      released = false;
      holding = false;
    } else {
      settled.write();
      held.write();
    }
  }

  /**
   * Nothing comes any more: gives what was held back. Of a life that was killed before anybody
   * could know how its program logs, that is a guess, and not written down.
   */
  void end() {
    guessing = !habit.settled();
    steps.end(this);
  }

  /** The rows that are settled and were not given yet. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>(waiting.size());
    for (Logged row : waiting) {
      try {
        rows.add(row.row());
      } catch (UnreadableJson damaged) {
        leaveOut("A row that a dead claim kept is damaged");
      }
    }
    waiting = new ArrayList<>();
    waitingChars = 0;
    return rows;
  }

  /** The step of the newest row that was logged by then. */
  OptionalLong stepAt(double moment) {
    OptionalLong found = moments.stepAt(moment);
    if (found.isEmpty() && moments.forgot()) {
      found = look(moment);
    }
    return found.isPresent() || base < 0 ? found : OptionalLong.of(base);
  }

  private OptionalLong look(double moment) {
    long[] step = {-1};
    LineFile.each(
        settled.path(),
        row -> step[0] = rules.seen(row.timestamp(), moment) ? row.step() : step[0]);
    return step[0] < 0 ? OptionalLong.empty() : OptionalLong.of(step[0]);
  }

  /** The client's newest step, or -1. */
  long clientStep() {
    return clientStep;
  }

  /** The run's step for one of the client's. */
  long onTheRun(long step) {
    return step + shift;
  }

  /** Seconds that were there before this client. */
  double runtimeBefore() {
    return runtime + clientsBefore;
  }

  /** The number of the client's next line. */
  long nextLine() {
    return numbers.next();
  }

  /** The file of its rows. */
  LineFile file() {
    return settled;
  }

  void close() throws IOException {
    write();
    settled.close();
    held.close();
  }

  @Override
  public void goesOn(@Nullable Logged last, double before) {
    runtime = before;
    gaps.goesOn(last);
  }

  @Override
  public void own(Logged row) {
    if (!guessing) {
      settled.add(row.line());
      released |= holding;
    }
    heldChars = 0;
    wait(row);
    moments.row(row);
    newest = row;
    gaps.row(row);
  }

  @Override
  public void kept(Logged row) {
    base = row.step();
    wait(row);
  }

  private void wait(Logged row) {
    if (!unread) {
      waiting.add(row);
      waitingChars += row.members().length();
    }
  }

  /** Nobody asks for the rows: they are read from their file. */
  void unread() {
    unread = true;
  }

  @Override
  public void held(Logged row) {
    holding = true;
    heldChars += row.members().length();
    held.add(row.line());
  }

  @Override
  public void leftOut(Logged row) {
    leaveOut("A row of step " + row.step() + " is there already");
  }

  private void leaveOut(String why) {
    leftOut++;
    if (leftOut == 1) {
      said.accept(why + ": it is left out, and each further one like it");
    }
  }

  /** How many lines were left out. */
  long leftOut() {
    return leftOut;
  }
}
