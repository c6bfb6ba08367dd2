package dev.sweeprunner.program;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.guard.End;
import dev.sweeprunner.program.guard.GuardedProgram;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One start of a program: listens to it, beats for it while it lives, and says what became of it.
 *
 * <p>Its iteration is the newest step that the program has told; a checkpoint is due when the
 * program has made one. Belongs to one thread.
 */
final class ProgramSession implements Training.Session {
  /** How long it is not looked at while it says nothing. */
  private static final Duration TICK = Duration.ofMillis(250);

  /** A signal reaches worker and program at once, and the program may be the faster one. */
  private static final Duration LATE_STOP = Duration.ofSeconds(2);

  /** How long the last posts of its client may take after its end. */
  private static final Duration LAST_POSTS = Duration.ofSeconds(1);

  private static final String PHASE = "program";

  private final ClaimedRun run;
  private final SessionPorts ports;
  private final Witness witness;
  private final States states;
  private final GuardedProgram program;
  private final Silence silence;
  private final GentleEnd gentle;
  private final RowTeller teller;
  private final Logbook book;
  private final Covering covering;
  private final Diagnosis diagnosis;
  private boolean told;
  private boolean forward;
  private boolean left;
  private long newsAt;

  private ProgramState.@Nullable Logged last;

  /** Takes over a program that was started. */
  ProgramSession(
      ClaimedRun run, SessionPorts ports, Witness witness, States states, GuardedProgram program) {
    this.gentle = new GentleEnd(program, ports);
    this.book = ports.hearing().book();
    this.covering = ports.hearing().covering();
    this.teller = new RowTeller(ports, witness, states);
    this.run = run;
    this.ports = ports;
    this.witness = witness;
    this.states = states;
    this.program = program;
    this.silence = new Silence(ports.rules(), ports.notes());
    this.diagnosis = new Diagnosis(ports, witness, program);
    this.newsAt = ports.clock().nanos();
    run.claim().onRenewal(program::renew);
  }

  @Override
  public long iter() {
    return states.iter();
  }

  @Override
  public long maxIters() {
    return witness.total().orElse(run.point().config().maxIters());
  }

  @Override
  public boolean due(boolean scheduled) {
    return states.pending();
  }

  @Override
  public long savable() {
    return states.savable();
  }

  @Override
  public boolean left() {
    return states.left();
  }

  @Override
  public Snapshot snapshot() {
    return states.snapshot(book.spoken() ? null : witness.carried(states.savable()));
  }

  @Override
  public Training.Pausing train(
      LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
    Telling telling = new Telling(rows, completed);
    while (true) {
      listen(telling);
      Optional<End> end = program.end();
      if (end.isPresent()) {
        return ended(end.get(), stop, telling);
      }
      if (stop.requested()) {
        return stopped(stop, telling);
      }
      if (news() || states.pending()) {
        listen(telling); // what it logged before it saved
        settle(telling);
        return Training.Pausing.DUE;
      }
      checkSilence(telling);
      program.awaitEvent(TICK);
    }
  }

  /** Whether there is a checkpoint to publish. */
  private boolean news() {
    if (book.awaited()) {
      return false;
    }
    if (!book.spoken()) {
      return took(witness.checkpoint());
    }
    if (!covering.waits()) {
      witness.checkpoint().ifPresent(this::hold);
    }
    return covering.covered().filter(states::take).isPresent();
  }

  private void hold(Found found) {
    forward = true;
    covering.take(found);
  }

  private void settle(Telling telling) {
    if (!book.spoken()) {
      witness.settle(states.savable());
    }
    tell(telling);
  }

  private boolean took(Optional<Found> checkpoint) {
    boolean further = states.take(checkpoint);
    forward |= further;
    return further;
  }

  /** Takes what the program has printed and logged, and beats. */
  private void listen(Telling telling) {
    program.output().take(this::line);
    try {
      witness.look();
    } catch (IOException unreadable) {
      throw new TrainingFailure(
          FailureClass.INFRA, "its metrics cannot be read: " + Why.at(unreadable), unreadable);
    }
    tell(telling);
    book.messages(ports.said(), ports.notes());
    run.claim().progress(states.iter(), PHASE);
  }

  private void line(String text) {
    try {
      ports.log().add(text);
    } catch (IOException full) {
      // A full disk must not end the run; what was printed last is at hand for its failure.
    }
    witness.line(text);
    ports.hearing().unheard().line(text);
  }

  private void tell(Telling telling) {
    if (teller.tell(telling.rows)) {
      told = true;
      newsAt = ports.clock().nanos();
      telling.completed.accept(states.iter() - 1);
    }
  }

  private void checkSilence(Telling telling) {
    long last = Math.max(program.output().lastNanos(), newsAt);
    Duration quiet = Duration.ofNanos(ports.clock().nanos() - last);
    if (silence.tooLong(quiet, program.output().newest())) {
      gentle.kill();
      hearOut(telling);
      throw diagnosis.hung();
    }
  }

  /** Asks it to go, and ends what is not gone in time. */
  private Training.Pausing stopped(StopSignal stop, Telling telling) {
    if (run.claim().superseded()) {
      return superseded();
    }
    long until = ports.clock().nanos() + gentle.grace().toNanos();
    gentle.ask();
    while (program.end().isEmpty() && ports.clock().nanos() < until && !run.claim().superseded()) {
      listen(telling);
      program.awaitEvent(TICK);
    }
    if (run.claim().superseded()) {
      return superseded();
    }
    if (program.end().isEmpty()) {
      ports.notes().accept("it did not end within the grace time and was ended");
      gentle.kill();
    }
    hearOut(telling);
    boolean done = program.end().filter(end -> finished(end, true)).isPresent();
    return done ? complete(telling) : Training.Pausing.STOPPED;
  }

  /** Another worker has the run: nothing of this program counts any more. */
  private Training.Pausing superseded() {
    program.kill();
    book.close();
    return Training.Pausing.STOPPED;
  }

  /** The program has ended: whatever it left is looked at before anything is said of it. */
  private Training.Pausing ended(End end, StopSignal stop, Telling telling) {
    boolean more = hearOut(telling);
    // In a Slurm job a signal reaches the program too, and its exit 0 may be an answer to it.
    boolean done = finished(end, ports.inSlurm() && stop.requested());
    if (more && !(done && book.spoken())) {
      return Training.Pausing.DUE;
    }
    if (done) {
      return complete(telling);
    }
    if (end instanceof End.Expired || end instanceof End.GuardLost) {
      return Training.Pausing.LOST;
    }
    if (stoppedSoon(end, stop)) {
      return Training.Pausing.STOPPED;
    }
    throw diagnosis.of(end, told || forward);
  }

  /** True if it left a checkpoint that is not published yet. */
  private boolean hearOut(Telling telling) {
    covering.stand();
    program.drain(this::line);
    book.ended(LAST_POSTS);
    listen(telling);
    try {
      witness.rest();
    } catch (IOException unreadable) {
      ports.notes().accept("the end of its metrics cannot be read: " + Why.at(unreadable));
    }
    tell(telling);
    boolean more =
        book.spoken()
            ? covering.last(witness.lastCheckpoint(), ports.room()).filter(states::take).isPresent()
            : took(witness.lastCheckpoint());
    if (more) {
      settle(telling);
    }
    hush();
    return more;
  }

  /** The relay takes nothing more of it: the run may be given back. */
  private void hush() {
    ProgramState.Logged now = book.at(book.told());
    last = now == null ? last : now;
    book.close();
    book.messages(ports.said(), ports.notes());
  }

  /**
   * Whether it has done its work.
   *
   * @param asked whether it was asked to go: then exit 0 alone says nothing
   */
  private boolean finished(End end, boolean asked) {
    return end instanceof End.Exited exited
        && exited.code() == 0
        && (!asked || witness.ruled())
        && witness.lacks(0).isEmpty();
  }

  private Training.Pausing complete(Telling telling) {
    if (book.offered() && !book.spoken()) {
      ports.hearing().unheard().silent(ports.notes());
    }
    if (!told && !book.spoken()) {
      witness.inherit(ports.inheritance().get()); // it was done already, and has nothing to log
    }
    witness.flush();
    tell(telling);
    states.come(book.spoken() ? 0 : witness.done());
    states.complete(last, witness.total());
    visit(true);
    return Training.Pausing.COMPLETE;
  }

  private boolean stoppedSoon(End end, StopSignal stop) {
    if (!(end instanceof End.Exited || end instanceof End.Signalled)) {
      return false;
    }
    long until = ports.clock().nanos() + LATE_STOP.toNanos();
    while (!stop.requested() && ports.clock().nanos() < until) {
      ports.pause().pause(TICK);
    }
    return stop.requested();
  }

  private void visit(boolean finished) {
    if (!left) {
      left = true;
      ports.visit().ended(finished);
    }
  }

  /** Nothing: what there is to evaluate the program has evaluated. */
  @Override
  public void evaluateLast(Consumer<Row> rows) {}

  @Override
  public void close() {
    run.claim().onRenewal(() -> {});
    program.close();
    covering.close();
    book.close();
    visit(false);
    try {
      ports.log().close();
    } catch (IOException full) {
      // as in line
    }
  }

  /** Who hears of rows. */
  private record Telling(Consumer<Row> rows, LongConsumer completed) {}
}
