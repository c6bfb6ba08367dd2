package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run's own files and artifacts, and once W&amp;B has those, the runs beside it. */
final class FilesThenSides implements ProgramFilesShipping {
  private final ProgramFilesShipping files;
  private final SideShipping sides;
  private final Supplier<@Nullable Outcome> outcome;
  private boolean filesDue;

  /**
   * Both of them.
   *
   * @param outcome how the run's claim has ended, or null while it goes on
   */
  FilesThenSides(
      ProgramFilesShipping files, SideShipping sides, Supplier<@Nullable Outcome> outcome) {
    this.files = files;
    this.sides = sides;
    this.outcome = outcome;
  }

  @Override
  public boolean wanted(boolean ending) {
    filesDue = files.wanted(ending);
    return filesDue || sides.wanted(outcome.get());
  }

  @Override
  public void step(WandbClient client, RunPath to) throws WandbFailure {
    if (filesDue) {
      files.step(client, to);
    } else {
      sides.step(client, to);
    }
  }

  @Override
  public void forget() {
    files.forget();
  }
}
