package dev.sweeprunner.train.data;

import java.util.List;

/**
 * Finds the base tokens of rows that are asked for one after the other. Where a row's tokens lie is
 * a function of its index alone; going on from row to row only saves counting anew. Belongs to one
 * thread.
 */
interface Spans {
  /** The next row that is read is this one. */
  void seek(long row);

  /**
   * Reads the next row's tokens.
   *
   * @param count how many of each of its compartments
   * @param destination filled for a translation only
   */
  void read(long iter, RowKind kind, int count, int[] source, int[] destination);

  /** All compartments say the same: a translation's halves are one span. */
  static Spans ofAll(RowTokens tokens) {
    return new Spans() {
      private long next;

      @Override
      public void seek(long row) {
        next = row;
      }

      @Override
      public void read(long iter, RowKind kind, int count, int[] source, int[] destination) {
        tokens.read(iter, next++, count, source);
        if (kind.translation()) {
          System.arraycopy(source, 0, destination, 0, count);
        }
      }
    };
  }

  /**
   * Each compartment has tokens of its own, and its n-th reader reads what {@code compartments}
   * give for row n. A translation reads its source's next span and its destination's.
   */
  static Spans ofEach(List<RowTokens> compartments, DealtRows rows) {
    return new Spans() {
      private long[] next = {};

      @Override
      public void seek(long row) {
        next = rows.readers(row, compartments.size());
      }

      @Override
      public void read(long iter, RowKind kind, int count, int[] source, int[] destination) {
        span(iter, kind.src(), count, source);
        if (kind.translation()) {
          span(iter, kind.dst(), count, destination);
        }
      }

      private void span(long iter, int compartment, int count, int[] into) {
        compartments.get(compartment).read(iter, next[compartment]++, count, into);
      }
    };
  }
}
