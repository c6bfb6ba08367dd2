package dev.sweeprunner.relay.rows;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Tells the run's log and its user the same, once. Guarded by its book. */
final class Said implements Consumer<String> {
  private final Consumer<String> log;
  private final Consumer<String> notes;
  private final Set<String> before = new HashSet<>();

  /**
   * Tells both.
   *
   * @param log takes lines for the run's log
   * @param notes tells the user
   */
  Said(Consumer<String> log, Consumer<String> notes) {
    this.log = log;
    this.notes = notes;
  }

  @Override
  public void accept(String words) {
    if (before.add(words)) {
      log.accept(words);
      notes.accept(words);
    }
  }
}
