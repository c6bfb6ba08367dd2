package dev.sweeprunner.run;

import java.io.IOException;
import java.util.List;

/**
 * Rows of one run that are safe on disk, by line number from 0: those of its accepted lineage, in
 * order. A line number means the same row whoever asks and however often the run was resumed.
 *
 * <p>Immutable; any thread.
 */
public interface Ledger {
  /** How many rows there are. */
  long lines();

  /**
   * The rows of lines {@code from <= line < to}.
   *
   * @throws IOException if they cannot be read now
   */
  List<Row> read(long from, long to) throws IOException;

  /** A run that has no row yet. */
  Ledger EMPTY =
      new Ledger() {
        @Override
        public long lines() {
          return 0;
        }

        @Override
        public List<Row> read(long from, long to) {
          return List.of();
        }
      };
}
