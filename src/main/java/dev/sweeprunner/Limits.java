package dev.sweeprunner;

import dev.sweeprunner.cli.Invocation;
import dev.sweeprunner.problem.UserError;
import java.util.Optional;

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

  /**
   * The one line that says what becomes of W&amp;B logging, or empty where nobody expects any.
   *
   * @throws UserError if another mode than disabled was asked for on the command line
   */
  static Optional<String> wandb(Invocation invocation, Settings settings, Sweeps sweeps) {
    if (invocation.wandb().filter(mode -> !mode.equals(DISABLED)).isPresent()) {
      throw new UserError(
          "--wandb " + invocation.wandb().get(),
          "disabled is the only mode of this version",
          "Leave the option out; the rows of every run are in its metrics.jsonl");
    }
    boolean expected =
        invocation.wandbBuffer()
            || !(settings.wandbMode().isEmpty() || settings.wandbMode().equals(DISABLED))
            || sweeps.all().stream()
                .filter(sweep -> sweep.points().size() > 0)
                .anyMatch(sweep -> sweep.points().at(0).config().logging().wandbLog());
    return expected
        ? Optional.of(
            "W&B: disabled is the only mode of this version; rows go to each run's metrics.jsonl.")
        : Optional.empty();
  }
}
