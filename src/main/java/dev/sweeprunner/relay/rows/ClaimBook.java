package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.util.List;
import java.util.OptionalLong;

/**
 * The book of a claim's own run, or of one beside it: what it is told becomes the run's rows. Any
 * thread.
 */
public interface ClaimBook extends Book {
  /** As {@link dev.sweeprunner.run.Relay.Life#rows}. */
  List<Row> rows();

  /** As {@link dev.sweeprunner.run.Relay.Life#rest}. */
  List<Row> rest();

  /** As {@link dev.sweeprunner.run.Relay.Life#stepAt}. */
  OptionalLong stepAt(double moment);

  /** As {@link dev.sweeprunner.run.Relay.Life#covers}. */
  boolean covers(double moment);

  /** As {@link dev.sweeprunner.run.Relay.Life#tracked}. */
  TrackedRun tracked(long step);

  /** As {@link dev.sweeprunner.run.Relay.Life#complete}. */
  boolean complete();
}
