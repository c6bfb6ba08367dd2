package dev.sweeprunner.train.cuda;

/**
 * Where the numbers of the batch that operations work on lie in the GPU's memory.
 *
 * @param address of its first number
 * @param layout what follows
 */
record TokenBlock(long address, TokenLayout layout) {
  long ids() {
    return at(layout.ids());
  }

  long targets() {
    return at(layout.targets());
  }

  /** The targets from this token on. */
  long targets(int token) {
    return at(layout.targets() + token);
  }

  long compartments() {
    return at(layout.compartments());
  }

  long idOrder() {
    return at(layout.idOrder());
  }

  long idStarts() {
    return at(layout.idStarts());
  }

  long targetOrder() {
    return at(layout.targetOrder());
  }

  long targetStarts() {
    return at(layout.targetStarts());
  }

  private long at(int ints) {
    return address + (long) Integer.BYTES * ints;
  }
}
