package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The book of a claim's own run in one life, or of one beside it: makes the run's rows of what the
 * program's client posts. Any thread.
 *
 * <p>Rows, events and console lines lie in the claim's files before a post is answered, without
 * fsync: they outlive the death of worker and program, not that of the machine. A summary that
 * changes with every row is written every few seconds.
 */
public final class RunBook implements ClaimBook {
  private final Clock clock;
  private final Start start;
  private final History history;
  private final TrackedFolder tracked;
  private final Summaries summaries;
  private final Coverage coverage;
  private final @Nullable SideNotes beside;
  private boolean exists;

  private RunBook(
      Clock clock,
      Start start,
      History history,
      TrackedFolder tracked,
      Coverage coverage,
      @Nullable SideNotes beside) {
    this.clock = clock;
    this.start = start;
    this.history = history;
    this.tracked = tracked;
    this.coverage = coverage;
    this.beside = beside;
    this.summaries = new Summaries(history.file().path(), start.base(), start.tracked().summary());
    this.exists = start.exists();
    if (beside != null) {
      history.unread();
    }
  }

  /**
   * Opens the book of a life; reads what dead claims have kept where the base is unknown.
   *
   * @throws IOException if that cannot be read now
   */
  public static RunBook open(FileSystem files, Layout layout, Clock clock, Relay.Opening opening)
      throws IOException {
    return open(files, layout, clock, opening, new Rules());
  }

  /** As above, by these rules. */
  static RunBook open(
      FileSystem files, Layout layout, Clock clock, Relay.Opening opening, Rules rules)
      throws IOException {
    Places places = Places.of(layout, opening.run().claim().key());
    int epoch = opening.run().claim().epoch();
    Said said = new Said(opening.log(), opening.notes());
    return open(files, places, clock, epoch, opening.base(), rules, null, said);
  }

  /** The book of a run beside the claim's own: nobody asks for its rows, and they lie in places. */
  static RunBook beside(
      FileSystem files,
      Places places,
      Clock clock,
      int epoch,
      Relay.Base base,
      SideNotes notes,
      Consumer<String> said)
      throws IOException {
    return open(files, places, clock, epoch, base, Rules.beside(), notes, said);
  }

  private static RunBook open(
      FileSystem files,
      Places places,
      Clock clock,
      int epoch,
      Relay.Base base,
      Rules rules,
      @Nullable SideNotes beside,
      Consumer<String> said)
      throws IOException {
    try {
      DeadLives dead = DeadLives.before(files, places, epoch, rules);
      Coverage coverage = new Coverage(rules, clock.nanos());
      Start start = Start.of(base, dead, rules, coverage, said);
      History history =
          new History(
              clock,
              rules,
              start.habit(),
              start.steps(),
              new Offsets(rules, start.exists() ? 1 : 0),
              new LineFile(files, places.rows(epoch)),
              new LineFile(files, places.held(epoch)),
              coverage,
              start.base(),
              said);
      TrackedFolder tracked =
          new TrackedFolder(files, places.tracked(epoch), clock, rules, start.tracked(), said);
      return new RunBook(clock, start, history, tracked, coverage, beside);
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  @Override
  public synchronized List<Row> rows() {
    history.tick();
    writeQuietly();
    return history.rows();
  }

  @Override
  public synchronized List<Row> rest() {
    history.tick();
    history.end();
    writeQuietly();
    return history.rows();
  }

  /** What a full disk refuses now is written with the next post, which is not answered before. */
  private void writeQuietly() {
    try {
      history.write();
    } catch (IOException full) {
      // as above
    }
  }

  /**
   * As {@link Relay.Life#stepAt}.
   *
   * @throws UncheckedIOException if a row from long ago is asked for and cannot be read
   */
  @Override
  public synchronized OptionalLong stepAt(double moment) {
    return history.stepAt(moment);
  }

  @Override
  public synchronized boolean covers(double moment) {
    history.tick();
    return coverage.covers(moment, start.habit(), clock.nanos());
  }

  /**
   * As {@link Relay.Life#tracked}.
   *
   * @param step grows from call to call
   * @throws UncheckedIOException if this claim's rows cannot be read back
   */
  @Override
  public synchronized TrackedRun tracked(long step) {
    TrackedRun now = tracked.run();
    String summary = summaries.asOf(step, start.habit().signs());
    return new TrackedRun(now.config(), summary, now.names());
  }

  @Override
  public boolean complete() {
    return coverage.complete();
  }

  @Override
  public synchronized Known known() {
    TrackedRun now = tracked.run();
    return new Known(
        exists,
        history.nextLine(),
        tracked.eventLines(),
        tracked.consoleLines(),
        tail(),
        now.config(),
        now.summary());
  }

  /** A client that opens the run again in the same life goes on behind the one before it. */
  private long tail() {
    long step = history.clientStep();
    return step < 0 ? start.tail() : step;
  }

  @Override
  public void begun() {
    coverage.begun();
  }

  @Override
  public void ended() {
    coverage.ended(clock.nanos());
  }

  @Override
  public synchronized void history(long offset, List<String> lines) throws IOException {
    if (!lines.isEmpty()) {
      comesBack();
    }
    history.lines(offset, lines);
    tracked.tick();
  }

  private void comesBack() throws IOException {
    exists = true;
    coverage.complete(false);
    if (beside != null) {
      beside.begun();
      beside.goesOn();
    }
  }

  @Override
  public synchronized void summary(String json) throws IOException {
    OptionalLong step = Summaries.step(json);
    if (step.isEmpty()) {
      tracked.summary(json);
      return;
    }
    long onTheRun = history.onTheRun(step.getAsLong());
    String summary = Summaries.onTheRun(json, onTheRun, history.runtimeBefore());
    if (step.getAsLong() <= history.clientStep()) { // else its row is still to come
      summaries.told(onTheRun, summary, history.file().position());
    }
    tracked.summary(summary);
  }

  @Override
  public synchronized void events(long offset, List<String> lines) throws IOException {
    tracked.events(offset, lines);
  }

  @Override
  public synchronized void console(long offset, List<String> lines) throws IOException {
    tracked.console(offset, lines);
  }

  @Override
  public synchronized void alert(TrackedAlert alert) throws IOException {
    tracked.alert(alert);
  }

  @Override
  public synchronized void described(Map<String, @Nullable Object> variables) throws IOException {
    comesBack();
    if (variables.get("config") instanceof String config) {
      start.habit().described(Signs.of(config), clock.nanos());
    }
    if (start.habit().explicit()) {
      tracked.namesSteps();
    }
    history.tick();
    tracked.described(variables);
    history.write();
  }

  @Override
  public synchronized void complete(int exitCode) throws IOException {
    start.habit().ended();
    history.tick();
    history.write();
    tracked.write();
    if (beside != null) {
      beside.ended(exitCode);
    }
    coverage.complete(true);
  }

  /** How many lines of the history were left out. */
  public synchronized long leftOut() {
    return history.leftOut();
  }

  /** Writes what waited for its time, and closes the files; nothing is to be taken after that. */
  @Override
  public synchronized void close() throws IOException {
    if (beside != null) {
      start.habit().ended();
      history.tick();
      history.end(); // of the claim's run its session asks for the rest
    }
    tracked.close();
    history.close();
  }
}
