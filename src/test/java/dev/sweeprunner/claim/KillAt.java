package dev.sweeprunner.claim;

import dev.sweeprunner.run.Trace;

/**
 * Dies at a crash point, as far as one process can: nothing after it runs except {@code finally}.
 */
final class KillAt implements Trace {
  private final String point;

  KillAt(String point) {
    this.point = point;
  }

  /** The death. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String point) {
      super(point);
    }
  }

  @Override
  public void event(String name, String runId, int epoch, long iter) {}

  @Override
  public void reach(String reached) {
    if (reached.equals(point)) {
      throw new Killed(reached);
    }
  }
}
