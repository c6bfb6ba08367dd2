package dev.sweeprunner.relay;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
  void say(String sentence) {
    say(sentence, first -> true);
  }

  /**
   * One sentence, unless it was said.
   *
   * @param worth whether the user is told too
   */
  synchronized void say(String sentence, Predicate<String> worth) {
    if (said.size() < MOST && said.add(sentence)) {
      log.accept(sentence);
      if (worth.test(sentence)) {
        notes.accept(sentence);
      }
    }
  }
}
