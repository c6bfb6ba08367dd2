package dev.sweeprunner.wandb.settings;

import dev.sweeprunner.problem.UserError;

/**
 * One setting as somebody wrote it. The value may be a secret: it is not in {@code toString}.
 *
 * @param key the official client's name of the setting, {@code base_url}
 * @param value never empty
 * @param where the variable, or the file and the key in it
 */
record Given(String key, String value, String where) {
  /** What is wrong with it, naming the place and not the value. */
  UserError wrong(String what, String wayOut) {
    return new UserError(where, what, wayOut);
  }

  @Override
  public String toString() {
    return where;
  }
}
