package dev.sweeprunner.host;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import java.nio.file.Path;

/**
 * Proofs of life and death from {@code /proc} of this host.
 *
 * <p>Proves a death only where nothing else can explain what is seen: within the same boot and the
 * same pid namespace, by number and start time together. Another boot proves nothing: machine ids
 * and host names are copied with images, and pods are given the same ones. The number of a
 * namespace may be given again once all its processes have ended, so that it never makes a living
 * one look dead. The processes of other users may be hidden ({@code hidepid}), so one that is not
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
    if (!sameNamespace(owner) || owner.pidStart().isEmpty() || self.pidStart().isEmpty()) {
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

  private boolean sameNamespace(Owner owner) {
    return same(owner.bootId(), self.bootId())
        && same(owner.pidNamespace(), self.pidNamespace())
        && owner.machineId().equals(self.machineId())
        && owner.host().equals(self.host());
  }

  private static boolean same(String theirs, String ours) {
    return !theirs.isEmpty() && theirs.equals(ours);
  }
}
