package dev.sweeprunner.program.state;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.TrackedRun;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a program has left behind at some iteration.
 *
 * @param iter the iteration, or a count of checkpoints where nothing tells it; it grows from
 *     publish to publish
 * @param mode how the program works
 * @param seen the checkpoint that was found
 * @param exit the program's exit code once it has ended, else null. Nothing may write to the folder
 *     any more then: published files may be the same files under a second name
 * @param folder in which {@code seen} lies: the program's own before a publish, the published copy
 *     after a read, null where a read knows none (mode shared)
 * @param row the row of that iteration, which may still have grown and so is in no published part,
 *     or null
 * @param logged the run as its program has described it to the relay, whose rows before this
 *     iteration are all it has; null where it did not speak to one
 * @param copy before a publish in mode copy, the folder as it was when the checkpoint was found;
 *     null where it is copied when it is published
 */
public record ProgramState(
    long iter,
    Mode mode,
    Seen seen,
    @Nullable Integer exit,
    @Nullable Path folder,
    @Nullable Row row,
    @Nullable Logged logged,
    @Nullable StillCopy copy)
    implements Snapshot {
  /** As its program's own evidence has it. */
  public ProgramState(
      long iter,
      Mode mode,
      Seen seen,
      @Nullable Integer exit,
      @Nullable Path folder,
      @Nullable Row row) {
    this(iter, mode, seen, exit, folder, row, null, null);
  }

  /** A state to which no row belongs. */
  public ProgramState(
      long iter, Mode mode, Seen seen, @Nullable Integer exit, @Nullable Path folder) {
    this(iter, mode, seen, exit, folder, null);
  }

  /**
   * A run at W&amp;B, as of its newest row.
   *
   * @param runtime that the row shows, seconds
   */
  public record Logged(TrackedRun run, double runtime) {}

  /**
   * A checkpoint as the evidence described it.
   *
   * @param layout name of the rule that found it; empty where none was found
   * @param path relative to the folder; empty where none was found
   * @param bytes of all its files
   * @param changed its newest change, by the clock of whoever keeps the files; null where none was
   *     found
   */
  public record Seen(String layout, String path, long bytes, @Nullable Instant changed) {
    /** No checkpoint was found. */
    public static final Seen NOTHING = new Seen("", "", 0, null);
  }
}
