package dev.sweeprunner.program;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** What other threads have to say of a run, until the session's own takes it. Any thread. */
final class Messages {
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final Queue<String> notes = new ConcurrentLinkedQueue<>();

  /** A line for the run's log. */
  void log(String line) {
    log.add(line);
  }

  /** Something for the user. */
  void note(String note) {
    notes.add(note);
  }

  /** Hands over what is there. */
  void tell(Consumer<String> toLog, Consumer<String> toUser) {
    drain(log, toLog);
    drain(notes, toUser);
  }

  private static void drain(Queue<String> from, Consumer<String> to) {
    for (String next = from.poll(); next != null; next = from.poll()) {
      to.accept(next);
    }
  }
}
