package dev.sweeprunner;

import dev.sweeprunner.problem.UserError;

/** What was asked for and is not in this version: refused or said, never silently different. */
final class Limits {
  private static final String DISABLED = "disabled";

  private Limits() {}

  /**
   * Refuses a device that cannot be had.
   *
   * @throws UserError for {@code cuda}
   */
  static void device(Settings settings) {
    if (settings.device().startsWith("cuda")) {
      throw new UserError(
          "--device " + settings.device(),
          "no CUDA device can be used: this version trains on the CPU only",
          "Leave the option out, or say --device cpu");
    }
  }
}
