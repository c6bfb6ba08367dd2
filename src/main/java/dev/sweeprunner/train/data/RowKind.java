package dev.sweeprunner.train.data;

/**
 * What a row is: plain text of one compartment, or a translation between two.
 *
 * @param src compartment of the row, or of a translation's first half
 * @param dst compartment of a translation's second half; {@code src} for a plain row
 */
record RowKind(int src, int dst) {
  static RowKind plain(int compartment) {
    return new RowKind(compartment, compartment);
  }

  boolean translation() {
    return src != dst;
  }
}
