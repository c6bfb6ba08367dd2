package dev.sweeprunner.program.state;

import dev.sweeprunner.problem.UserError;

/** Where a program works, and what a publish of its state is. */
public enum Mode {
  /** In one folder of the run, for all its claims: a publish only says how far it was. */
  SHARED,
  /**
   * In a folder of the claim's own: a publish is a copy of it, from which the next claim starts.
   */
  COPY;

  /**
   * A user's word.
   *
   * @param where the option, for the error
   */
  public static Mode of(String where, String word) {
    return switch (word) {
      case "shared" -> SHARED;
      case "copy" -> COPY;
      default -> throw new UserError(where, word + " is no mode", "Write shared or copy");
    };
  }

  String word() {
    return this == SHARED ? "shared" : "copy";
  }
}
