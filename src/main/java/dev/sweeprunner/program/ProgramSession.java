package dev.sweeprunner.program;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.guard.End;
import dev.sweeprunner.program.guard.GuardedProgram;
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

/**
 * One start of a program: listens to it, beats for it while it lives, and says what became of it.
 *
 * <p>Its iteration is the newest step that the program has told; a checkpoint is due when the
 * program has made one. Belongs to one thread.
 */
final class ProgramSession implements Training.Session {
  /** How long it is not looked at while it says nothing. */
  private static final Duration TICK = Duration.ofMillis(250);

  /**
   * A signal reaches worker and program at the same time, and the program may be the faster one.
   */
  private static final Duration LATE_STOP = Duration.ofSeconds(2);

  private static final String PHASE = "program";

  private final ClaimedRun run;
  private final SessionPorts ports;
  private final Witness witness;
  private final States states;
  private final GuardedProgram program;
  private final Silence silence;
  private final long began;
  private final long killsBefore;
  private boolean told;
  private boolean forward;
  private boolean left;
  private long newsAt;

  /** Takes over a program that was started. */
  ProgramSession(
      ClaimedRun run, SessionPorts ports, Witness witness, States states, GuardedProgram program) {
    this.run = run;
    this.ports = ports;
    this.witness = witness;
    this.states = states;
    this.program = program;
    this.silence = new Silence(ports.rules(), ports.notes());
    this.began = ports.clock().nanos();
    this.newsAt = began;
    this.killsBefore = ports.oomKills().count();
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
  public Snapshot snapshot() {
    return states.snapshot(witness.carried(states.savable()));
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
      if (took(witness.checkpoint()) || states.pending()) {
        listen(telling); // what it logged before it saved
        witness.settle(states.savable());
        tell(telling);
        return Training.Pausing.DUE;
      }
      checkSilence();
      program.awaitEvent(TICK);
    }
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
    run.claim().progress(states.iter(), PHASE);
  }

  private void line(String text) {
    try {
      ports.log().add(text);
    } catch (IOException full) {
      // A full disk must not end the run; what was printed last is at hand for its failure.
    }
    witness.line(text);
  }

  private void tell(Telling telling) {
    long before = states.iter();
    witness.rows().forEach(telling.rows);
    states.come(witness.newest());
    if (states.iter() > before) {
      told = true;
      newsAt = ports.clock().nanos();
      telling.completed.accept(states.iter() - 1);
    }
  }

  private void checkSilence() {
    long last = Math.max(program.output().lastNanos(), newsAt);
    Duration quiet = Duration.ofNanos(ports.clock().nanos() - last);
    if (silence.tooLong(quiet, program.output().newest())) {
      program.kill();
      throw cause().hung(ports.rules().hang().toSeconds() + " s");
    }
  }

  /** Asks it to go, and ends what is not gone in time. */
  private Training.Pausing stopped(StopSignal stop, Telling telling) {
    if (run.claim().superseded()) {
      program.kill();
      return Training.Pausing.STOPPED;
    }
    program.signal(ports.rules().stopSignal());
    long until = ports.clock().nanos() + ports.grace().toNanos();
    while (program.end().isEmpty() && ports.clock().nanos() < until && !run.claim().superseded()) {
      listen(telling);
      program.awaitEvent(TICK);
    }
    if (program.end().isEmpty()) {
      if (!run.claim().superseded()) {
        ports.notes().accept("it did not end within the grace time and was ended");
      }
      program.kill();
    }
    hearOut(telling);
    boolean done = program.end().filter(end -> finished(end, true)).isPresent();
    return done ? complete(telling) : Training.Pausing.STOPPED;
  }

  /** The program has ended: whatever it left is looked at before anything is said of it. */
  private Training.Pausing ended(End end, StopSignal stop, Telling telling) {
    if (hearOut(telling)) {
      return Training.Pausing.DUE;
    }
    // In a Slurm job a signal reaches the program too, and its exit 0 may be an answer to it.
    if (finished(end, ports.inSlurm() && stop.requested())) {
      return complete(telling);
    }
    if (end instanceof End.Expired || end instanceof End.GuardLost) {
      return Training.Pausing.LOST;
    }
    return stoppedSoon(end, stop) ? Training.Pausing.STOPPED : failed(end);
  }

  /** True if it left a checkpoint that is not published yet. */
  private boolean hearOut(Telling telling) {
    program.drain(this::line);
    listen(telling);
    try {
      witness.rest();
    } catch (IOException unreadable) {
      ports.notes().accept("the end of its metrics cannot be read: " + Why.at(unreadable));
    }
    tell(telling);
    boolean more = took(witness.lastCheckpoint());
    if (more) {
      witness.settle(states.savable());
      tell(telling);
    }
    return more;
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
    if (!told) {
      witness.inherit(ports.inheritance().get()); // it was done already, and has nothing to log
    }
    witness.flush();
    tell(telling);
    states.complete();
    visit(true);
    return Training.Pausing.COMPLETE;
  }

  private static boolean byHand(End end) {
    return end instanceof End.Exited || end instanceof End.Signalled;
  }

  private boolean stoppedSoon(End end, StopSignal stop) {
    if (!byHand(end)) {
      return false;
    }
    long until = ports.clock().nanos() + LATE_STOP.toNanos();
    while (!stop.requested() && ports.clock().nanos() < until) {
      ports.pause().pause(TICK);
    }
    return stop.requested();
  }

  private Training.Pausing failed(End end) {
    boolean atStart =
        !told && !forward && ports.clock().nanos() - began < ports.rules().start().toNanos();
    if (end instanceof End.NotStarted not) {
      throw Cause.notStarted(not.why() + ports.shebang().get());
    }
    if (end instanceof End.Signalled signalled) {
      boolean memory = ports.oomKills().count() > killsBefore;
      throw cause().signalled(signalled.signal(), memory, atStart);
    }
    int code = end instanceof End.Exited exited ? exited.code() : -1;
    throw cause().exited(code, witness.lacks(code).orElse("ended"), atStart);
  }

  private Cause cause() {
    return new Cause(program.output().newest());
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
