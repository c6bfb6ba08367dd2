package dev.sweeprunner.program;

import dev.sweeprunner.run.ProgramRules;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Notices that a program prints nothing for long: programs print a traceback and then wait for ever
 * for their children. Told once per silence. Belongs to one thread.
 */
final class Silence {
  private final ProgramRules rules;
  private final Consumer<String> notes;
  private boolean told;

  Silence(ProgramRules rules, Consumer<String> notes) {
    this.rules = rules;
    this.notes = notes;
  }

  /** Whether it has been quiet for longer than the user allows. */
  boolean tooLong(Duration quiet, List<String> lastLines) {
    boolean quietLong = quiet.compareTo(rules.silence()) >= 0;
    if (quietLong && !told) {
      String last = lastLines.isEmpty() ? "" : ", the last: " + lastLines.get(lastLines.size() - 1);
      notes.accept("it has printed nothing for " + rules.silence().toSeconds() + " s" + last);
    }
    told = quietLong;
    return !rules.hang().isZero() && quiet.compareTo(rules.hang()) >= 0;
  }
}
