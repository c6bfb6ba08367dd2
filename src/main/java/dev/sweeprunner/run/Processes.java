package dev.sweeprunner.run;

/** What this process can prove about the life of another process. */
public interface Processes {
  /** What was proved. */
  enum Verdict {
    /** The process runs on this host right now. */
    ALIVE,
    /** The process, or the boot it ran in, is over. */
    GONE,
    /** No evidence either way: another host, another pid namespace, or facts that are missing. */
    UNKNOWN
  }

  /** Judges the life of an owner. Never throws; cheap enough for every look at a claim. */
  Verdict judge(Owner owner);
}
