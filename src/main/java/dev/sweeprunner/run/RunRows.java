package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import java.io.IOException;
import java.util.function.Consumer;

/** Reads all rows of a run, finished or not, for people and their scripts. */
public interface RunRows {
  /**
   * Hands on each row that is known now, each step once and in order: the published ones, and what
   * the newest claim has told since. Holds one row at a time.
   *
   * <p>May be called while a worker works; then it ends somewhere near the newest row.
   *
   * @param end the newest record of the run's log
   * @throws Journal.DamagedPart if rows are missing or differ from what was published; those before
   *     them were handed on
   * @throws IOException if they cannot be read now
   */
  void each(RunKey key, LogEnd end, Consumer<RowText> rows) throws IOException;
}
