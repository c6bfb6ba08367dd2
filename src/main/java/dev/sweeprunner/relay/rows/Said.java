package dev.sweeprunner.relay.rows;

import java.util.function.Consumer;

/**
 * Tells the run's log and its user the same.
 *
 * @param log takes lines for the run's log
 * @param notes tells the user
 */
record Said(Consumer<String> log, Consumer<String> notes) implements Consumer<String> {
  @Override
  public void accept(String words) {
    log.accept(words);
    notes.accept(words);
  }
}
