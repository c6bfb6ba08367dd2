package dev.sweeprunner.program;

import dev.sweeprunner.program.guard.GuardedProgram;
import java.time.Duration;

/**
 * Ends a program without losing what it has logged to the relay: it stands still while its client
 * sends what it has, which it does once a second. Belongs to the session's thread.
 */
final class GentleEnd {
  private static final Duration POSTS = Duration.ofMillis(1500);

  /** After that much quiet of its client nothing is missing. */
  private static final Duration ALL = Duration.ofMillis(2200);

  /** What both may take at most, on a busy machine. */
  private static final Duration ROOM = ALL.plusSeconds(1);

  private final GuardedProgram program;
  private final SessionPorts ports;
  private final Logbook book;

  GentleEnd(GuardedProgram program, SessionPorts ports) {
    this.program = program;
    this.ports = ports;
    this.book = ports.hearing().book();
  }

  /** Asks it to go; one that has no answer to that dies of it at once. */
  void ask() {
    boolean frozen = worthIt() && program.freeze();
    if (frozen) {
      book.awaitPosts(POSTS);
    }
    program.signal(ports.rules().stopSignal());
    if (frozen) {
      program.thaw();
    }
  }

  /** Ends all of it. */
  void kill() {
    if (worthIt() && program.freeze()) {
      book.awaitAll(ports.hearing().covering().now(), POSTS, ALL, program::awaitEvent);
    }
    program.kill();
  }

  private boolean worthIt() {
    return book.spoken() && ports.hasTime(ROOM);
  }

  /** How long it may take to go, of which the last part is kept for {@link #kill}. */
  Duration grace() {
    return ports.grace(book.spoken() ? ROOM : Duration.ZERO);
  }
}
