package dev.sweeprunner.relay.rows;

import java.io.IOException;
import java.util.List;

/** The books of the runs that a life's program writes beside its claim's own. Any thread. */
public interface SideBooks {
  /**
   * One of which earlier claims know.
   *
   * @param number what tells it from the claim's run, from 2 on
   * @param asked the id that its program asked for
   * @param rank whether the claim's own run was asked for by the same: another process writes it
   */
  record Known(int number, String asked, boolean rank) {}

  /** Those of which earlier claims know. */
  List<Known> earlier();

  /**
   * Opens the book of one; nothing is written before its client tells something.
   *
   * @param newest the newest step of the claim's run, or -1
   * @throws IOException if what dead claims have kept of it cannot be read
   */
  ClaimBook open(Known run, long newest) throws IOException;

  /** As {@link dev.sweeprunner.run.Relay.Life#covers}; where one has fallen silent it is. */
  boolean covers(double moment);

  /**
   * Notes how far each had come at a checkpoint.
   *
   * @param step of the newest row of the claim's run that belongs to it, or -1
   * @param moment when it was made, seconds since 1970
   * @throws IOException if that cannot be written down
   */
  void mark(long step, double moment) throws IOException;
}
