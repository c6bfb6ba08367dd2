package dev.sweeprunner.relay;

import dev.sweeprunner.relay.rows.ClaimBook;
import dev.sweeprunner.relay.rows.SideBooks;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.TrackedRun;
import java.util.List;
import java.util.Map;

/**
 * Books of runs beside one, in memory; those of earlier lives stand at step 99.
 *
 * @param beside takes them, by their names
 */
record ToldBesides(List<Known> earlier, String runId, Map<String, ToldBook> beside)
    implements SideBooks {
  /** At which step earlier ones stand. */
  static final long STANDS = 99;

  @Override
  public ClaimBook open(Known run, long newest) {
    ToldBook book =
        new ToldBook(
            earlier.contains(run)
                ? new Relay.Base.At(STANDS, 1, TrackedRun.UNSAID)
                : new Relay.Base.Fresh());
    beside.put(runId + "-" + run.number(), book);
    return book;
  }

  @Override
  public boolean covers(double moment) {
    return true;
  }

  @Override
  public void mark(long step, double moment) {}
}
