package dev.sweeprunner.run;

/**
 * What this process did, for tests that kill it: events in an append-only file, and named points at
 * which it can be made to die.
 *
 * <p>Any thread may call it. Costs nothing when off.
 */
public interface Trace {
  /** Records that something happened to a run. */
  void event(String name, String runId, int epoch, long iter);

  /**
   * A named place in the protocol; a test may make the process die exactly here.
   *
   * @param point for example {@code publish.renamed}
   */
  void reach(String point);

  /** The trace of a process that nobody tests. */
  Trace OFF =
      new Trace() {
        @Override
        public void event(String name, String runId, int epoch, long iter) {}

        @Override
        public void reach(String point) {}
      };
}
