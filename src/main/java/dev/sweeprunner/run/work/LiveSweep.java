package dev.sweeprunner.run.work;

import dev.sweeprunner.run.ClaimedRun;
import java.util.function.Function;

/** A sweep that may be edited while it is worked on. Belongs to the worker's thread. */
public interface LiveSweep {
  /** The sweep file, as the user named it. */
  String name();

  /** What the newest good edition is worked on with. */
  Parts parts();

  /**
   * Looks whether the files were edited. What {@link #parts} said before is old then; of each run
   * that is still in the sweep the new parts know what the old ones knew.
   *
   * @return whether there is a new edition, or may be one at the next look
   */
  boolean renew();

  /** Says how far it is, if a run of it has left this worker since the last time. */
  default void tell() {}

  /**
   * The way through it, begun anew where its listing is old: then the files are looked at first.
   */
  default Pass pass() {
    if (parts().pass().old()) {
      renew();
      parts().pass().begin();
    }
    return parts().pass();
  }

  /**
   * What one edition is worked on with.
   *
   * @param attempts what trains a run of it that was claimed
   */
  record Parts(Pass pass, Claimer claimer, Function<ClaimedRun, Attempt> attempts) {}
}
