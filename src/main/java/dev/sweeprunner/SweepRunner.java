package dev.sweeprunner;

/** Entry point. */
public final class SweepRunner {
  private SweepRunner() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {}
}
