package dev.sweeprunner.program.guard;

/** How a program ended. */
public sealed interface End {
  /**
   * By itself.
   *
   * @param code its exit code, 0 to 255
   */
  record Exited(int code) implements End {}

  /**
   * By a signal, ours or another's.
   *
   * @param signal its number
   */
  record Signalled(int signal) implements End {}

  /** The guard ended it: the worker had renewed its lease for too long not. */
  record Expired() implements End {}

  /** The guard was killed; whatever was left of the program has been ended from here. */
  record GuardLost() implements End {}

  /**
   * It never began.
   *
   * @param why what the system said, one sentence
   */
  record NotStarted(String why) implements End {}
}
