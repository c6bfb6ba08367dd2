package dev.sweeprunner.program;

import dev.sweeprunner.program.guard.End;
import dev.sweeprunner.program.guard.GuardedProgram;
import dev.sweeprunner.run.TrainingFailure;

/** Why a program that was not asked to go has failed. Belongs to the session's thread. */
final class Diagnosis {
  private final SessionPorts ports;
  private final Witness witness;
  private final GuardedProgram program;
  private final long began;
  private final long killsBefore;

  /** Of one that starts now. */
  Diagnosis(SessionPorts ports, Witness witness, GuardedProgram program) {
    this.ports = ports;
    this.witness = witness;
    this.program = program;
    this.began = ports.clock().nanos();
    this.killsBefore = ports.oomKills().count();
  }

  /**
   * It has ended so.
   *
   * @param forward whether it has come forward before
   */
  TrainingFailure of(End end, boolean forward) {
    boolean atStart = !forward && ports.clock().nanos() - began < ports.rules().start().toNanos();
    if (end instanceof End.NotStarted not) {
      return Cause.notStarted(not.why() + ports.shebang().get());
    }
    if (end instanceof End.Signalled signalled) {
      boolean memory = ports.oomKills().count() > killsBefore;
      return cause().signalled(signalled.signal(), memory, atStart);
    }
    int code = end instanceof End.Exited exited ? exited.code() : -1;
    return cause().exited(code, witness.lacks(code).orElse("ended"), atStart);
  }

  /** It was silent for too long. */
  TrainingFailure hung() {
    return cause().hung(ports.rules().hang().toSeconds() + " s");
  }

  private Cause cause() {
    return new Cause(program.output().newest());
  }
}
