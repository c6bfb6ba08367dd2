package dev.sweeprunner.program;

import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.state.Mode;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.Row;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far a program has come, and its newest state that can be published. Iterations only grow:
 * where nothing tells that of a checkpoint, it is the newest step, or one more than the last.
 *
 * <p>Belongs to one thread.
 */
final class States {
  private final Mode mode;
  private final Path folder;
  private final Consumer<String> notes;
  private long iter;
  private long savable;
  private @Nullable Found newest;
  private boolean pending;
  private boolean complete;

  /**
   * States of a start.
   *
   * @param folder in which checkpoints lie
   * @param base the iteration that the run goes on from
   */
  States(Mode mode, Path folder, long base, Consumer<String> notes) {
    this.mode = mode;
    this.folder = folder;
    this.notes = notes;
    this.iter = base;
    this.savable = base;
  }

  /** The newest iteration. */
  long iter() {
    return iter;
  }

  /** The iteration of the newest state that can be published. */
  long savable() {
    return savable;
  }

  /** Whether that was not given yet. */
  boolean pending() {
    return pending;
  }

  /** The program has come to this step. */
  void come(long step) {
    iter = Math.max(iter, step);
  }

  /** Takes a checkpoint; false if there is none, or none that is further. */
  boolean take(Optional<Found> checkpoint) {
    if (checkpoint.isEmpty()) {
      return false;
    }
    long at = checkpoint.get().iter().orElse(Math.max(iter, savable + 1));
    if (at <= savable) {
      notes.accept(
          "it made a checkpoint of step "
              + at
              + ", but step "
              + savable
              + " is published already: it seems to have begun anew");
      return false;
    }
    newest = checkpoint.get();
    savable = at;
    pending = true;
    come(at);
    return true;
  }

  /** The program has done its work. */
  void complete() {
    complete = true;
    boolean outputsToKeep = mode == Mode.COPY && iter <= savable;
    savable = Math.max(1, outputsToKeep ? savable + 1 : Math.max(iter, savable));
    iter = savable;
  }

  /**
   * The newest state.
   *
   * @param carried the row of its step that may still grow, or null
   */
  ProgramState snapshot(@Nullable Row carried) {
    pending = false;
    Found found = newest;
    ProgramState.Seen seen =
        found == null
            ? ProgramState.Seen.NOTHING
            : new ProgramState.Seen(
                found.layout(), relative(found.path()), found.bytes(), found.changed());
    return new ProgramState(savable, mode, seen, complete ? 0 : null, folder, carried);
  }

  private String relative(Path path) {
    return path.startsWith(folder) ? folder.relativize(path).toString() : path.toString();
  }
}
