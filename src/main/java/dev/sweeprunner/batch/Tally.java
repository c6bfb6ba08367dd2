package dev.sweeprunner.batch;

/** What one round has done so far. Belongs to one thread. */
final class Tally {
  private int trained;

  void count() {
    trained++;
  }

  int trained() {
    return trained;
  }
}
