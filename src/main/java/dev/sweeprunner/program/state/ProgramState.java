package dev.sweeprunner.program.state;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
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
 */
public record ProgramState(
    long iter,
    Mode mode,
    Seen seen,
    @Nullable Integer exit,
    @Nullable Path folder,
    @Nullable Row row)
    implements Snapshot {
  /** A state to which no row belongs. */
  public ProgramState(
      long iter, Mode mode, Seen seen, @Nullable Integer exit, @Nullable Path folder) {
    this(iter, mode, seen, exit, folder, null);
  }

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
