package dev.sweeprunner.run;

/**
 * What this machine's process table says about the process behind an {@link Owner}.
 *
 * <p>Only ever a shortcut: a process that is proven to run may still hang, so {@link Verdict#ALIVE}
 * never keeps a claim from expiring. Any thread may call it.
 */
public interface Processes {
  /**
   * Judges by boot, pid namespace, pid and start time; machine id and host name must agree as well,
   * since even a boot can be copied, with the memory of a virtual machine.
   */
  Verdict judge(Owner owner);

  /** The same once this machine's process {@code own} has gone. */
  default Processes without(long own) {
    return owner -> {
      Verdict verdict = judge(owner);
      return verdict == Verdict.ALIVE && owner.pid() == own ? Verdict.GONE : verdict;
    };
  }

  /** The evidence. */
  enum Verdict {
    /** Same boot, same pid namespace, the pid exists with the same start time. */
    ALIVE,
    /** Same boot, same pid namespace, and the pid is absent or belongs to a later process. */
    GONE,
    /** Another boot, another pid namespace, or something could not be read: no evidence. */
    UNKNOWN
  }
}
