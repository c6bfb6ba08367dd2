package dev.sweeprunner.program;

import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.state.Mode;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.program.state.StillCopy;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
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
  private final boolean counted;
  private long iter;
  private long savable;
  private @Nullable Found newest;
  private ProgramState.@Nullable Logged logged;
  private @Nullable StillCopy copy;
  private boolean pending;
  private boolean complete;

  /** Of a run whose iterations are those that its program tells. */
  States(Mode mode, Path folder, long base, Consumer<String> notes) {
    this(mode, folder, base, false, notes);
  }

  /**
   * States of a start.
   *
   * @param folder in which checkpoints lie
   * @param base the iteration that the run goes on from
   * @param counted whether that is a count of rows logged to the relay, to which the iterations of
   *     checkpoints do not compare
   */
  States(Mode mode, Path folder, long base, boolean counted, Consumer<String> notes) {
    this.counted = counted;
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
    long told = checkpoint.get().iter().orElse(Math.max(iter, savable + 1));
    long at = counted ? Math.max(told, savable + 1) : told;
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
    logged = null;
    copy = null;
    pending = true;
    come(at);
    return true;
  }

  /**
   * Takes a checkpoint of a program that logs to the relay: rows up to its newest one belong to it.
   * One before which no row came since the last one is covered by that.
   */
  boolean take(Covered covered) {
    if (covered.step() + 1 <= savable) {
      discard(covered.copy());
      return false;
    }
    discard(copy);
    newest = covered.found();
    savable = covered.step() + 1;
    logged = covered.logged();
    copy = covered.copy();
    pending = true;
    come(savable);
    return true;
  }

  /** What was published of it stays. */
  private static void discard(@Nullable StillCopy copy) {
    try {
      if (copy != null) {
        copy.remove();
      }
    } catch (IOException refused) {
      // It goes with the claim's folder.
    }
  }

  /**
   * The program has done its work.
   *
   * @param last the run as the relay knows it now, or null
   * @param total the last step, as far as it has told: then a program that counts W&amp;B's steps
   *     from 1 is there, where its rows go on to the one before the next
   */
  void complete(ProgramState.@Nullable Logged last, OptionalLong total) {
    complete = true;
    logged = last;
    savable = Math.max(1, Math.max(iter, savable));
    boolean fromOne = last != null && total.orElse(0) == savable - 1 && savable > 1;
    iter = fromOne ? total.getAsLong() : savable;
  }

  /**
   * Whether the program has done its work and left more than its newest checkpoint has: in mode
   * copy all that it wrote since is in no published copy.
   */
  boolean left() {
    return complete && mode == Mode.COPY;
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
    return new ProgramState(
        savable, mode, seen, complete ? 0 : null, folder, carried, logged, complete ? null : copy);
  }

  private String relative(Path path) {
    return path.startsWith(folder) ? folder.relativize(path).toString() : path.toString();
  }
}
