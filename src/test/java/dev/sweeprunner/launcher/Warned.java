package dev.sweeprunner.launcher;

import sun.misc.Signal;

/** A program that sends itself SIGUSR1 once it listens to it. */
final class Warned {
  /** Its exit code when it has heard the signal. */
  static final int HEARD = 75;

  private static final long PATIENCE_MS = 20_000;

  private Warned() {}

  /** Listens, and waits. */
  public static void main(String[] arguments) throws InterruptedException {
    Signal.handle(new Signal("USR1"), signal -> Runtime.getRuntime().halt(HEARD));
    Signal.raise(new Signal("USR1"));
    Thread.sleep(PATIENCE_MS);
  }
}
