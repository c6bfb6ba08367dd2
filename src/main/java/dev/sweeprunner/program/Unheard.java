package dev.sweeprunner.program;

import dev.sweeprunner.program.launch.ProgramText;
import java.util.List;
import java.util.function.Consumer;

/**
 * Notices a program that seems to use W&amp;B and goes around the relay; says so once per sweep.
 * Belongs to the worker's thread.
 */
final class Unheard {
  private static final String PRINTED = "wandb: ";

  private final boolean logs;
  private final List<String> past;
  private boolean printed;
  private boolean told;

  /** By the program's text. */
  Unheard(ProgramText text) {
    this.logs = text.logs();
    this.past = text.pastRelay();
  }

  /** Whether it is likely to speak. */
  boolean expected() {
    return logs && past.isEmpty();
  }

  /** A line that the program has printed. */
  void line(String text) {
    printed |= text.startsWith(PRINTED);
  }

  /** It has done its work without a word to the relay. */
  void silent(Consumer<String> notes) {
    if (!told && (logs || printed)) {
      told = true;
      notes.accept(
          "it exited 0, and never spoke to the relay"
              + (past.isEmpty() ? "" : ": " + String.join(", ", past))
              + "; what it told W&B elsewhere is not kept here");
    }
  }
}
