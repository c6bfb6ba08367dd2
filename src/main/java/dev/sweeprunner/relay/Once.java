package dev.sweeprunner.relay;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Says each sentence once, in the run's log and to the user; and only so many in all, since a
 * program may ask for anything. Any thread.
 */
final class Once {
  private static final int MOST = 100;

  private final Consumer<String> log;
  private final Consumer<String> notes;
  private final Set<String> said = new HashSet<>();

  Once(Consumer<String> log, Consumer<String> notes) {
    this.log = log;
    this.notes = notes;
  }

  /** One sentence, unless it was said. */
  synchronized void say(String sentence) {
    if (said.size() < MOST && said.add(sentence)) {
      log.accept(sentence);
      notes.accept(sentence);
    }
  }
}
