package dev.sweeprunner.run.scale;

import java.util.Map;

/** What the workers inside of tasks say of themselves. */
public interface Words {
  /** By the task's id as users write it, the newest worker of each; all that left a word. */
  Map<String, Word> all();

  /**
   * What the workers of one task say.
   *
   * @param claims how many runs they have begun to work on
   * @param activity {@code starting}, {@code training}, {@code waiting} or {@code stopped}
   * @param message one sentence, may be empty
   */
  record Word(int claims, String activity, String message) {
    /** Whether it came forward and left. */
    boolean left() {
      return activity.equals("stopped");
    }
  }
}
