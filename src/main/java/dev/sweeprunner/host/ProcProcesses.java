package dev.sweeprunner.host;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import java.nio.file.Path;

/**
 * Proofs of life and death from {@code /proc} of this host.
 *
 * <p>Proves a death only where nothing else can explain what is seen. Machine ids are copied with
 * images, so they count only under the same host name; a container may have none, but a boot has an
 * id of its own. The processes of other users may be hidden ({@code hidepid}), so one that is not
 * seen counts only if it was this user's.
 */
public final class ProcProcesses implements Processes {
  private final Proc proc;
  private final ThisProcess self;

  /** Judges by this host's {@code /proc}. */
  public ProcProcesses(ThisProcess self) {
    this(self, Path.of("/proc"));
  }

  ProcProcesses(ThisProcess self, Path proc) {
    this.self = self;
    this.proc = new Proc(proc);
  }

  @Override
  public Verdict judge(Owner owner) {
    if (!sameMachine(owner) || owner.bootId().isEmpty() || self.bootId().isEmpty()) {
      return Verdict.UNKNOWN;
    }
    if (!owner.bootId().equals(self.bootId())) {
      return owner.machineId().isEmpty() ? Verdict.UNKNOWN : Verdict.GONE;
    }
    if (owner.pidNamespace().isEmpty()
        || owner.pidStart().isEmpty()
        || !owner.pidNamespace().equals(self.pidNamespace())) {
      return Verdict.UNKNOWN;
    }
    var sight = proc.look(owner.pid());
    if (sight instanceof Proc.Sight.Seen seen) {
      boolean same = seen.start().equals(owner.pidStart());
      return same && !seen.ended() ? Verdict.ALIVE : Verdict.GONE;
    }
    boolean wouldBeSeen = owner.user().equals(self.user());
    return sight instanceof Proc.Sight.Absent && wouldBeSeen ? Verdict.GONE : Verdict.UNKNOWN;
  }

  private boolean sameMachine(Owner owner) {
    return owner.machineId().equals(self.machineId()) && owner.host().equals(self.host());
  }
}
