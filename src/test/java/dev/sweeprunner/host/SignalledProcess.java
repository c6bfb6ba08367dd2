package dev.sweeprunner.host;

import java.util.concurrent.CountDownLatch;

/** A process that says which signal asked it to stop, and leaves when it is told to. */
final class SignalledProcess {
  private SignalledProcess() {}

  /** Prints {@code ready}, then {@code stop REASON}; reads a line; prints the reason again. */
  public static void main(String[] arguments) throws Exception {
    var signals = Signals.install();
    var stopped = new CountDownLatch(1);
    signals.onStop(
        () -> {
          System.out.println("stop " + signals.reason().orElseThrow());
          stopped.countDown();
        });
    System.out.println("ready");
    stopped.await();
    System.in.read();
    System.out.println("left on " + signals.reason().orElseThrow());
    System.out.flush();
    Runtime.getRuntime().halt(75);
  }
}
