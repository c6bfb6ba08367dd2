package dev.sweeprunner.claim;

/** Content that is not what the protocol writes: cut short, damaged, or of a newer version. */
final class UnreadableRecord extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean newer;

  UnreadableRecord(String message) {
    this(message, false);
  }

  UnreadableRecord(String message, boolean newer) {
    super(message);
    this.newer = newer;
  }

  /** Whether a newer version of the program wrote it: then nothing may be concluded from it. */
  boolean newer() {
    return newer;
  }
}
