package dev.sweeprunner.page;

import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.status.Roll;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimStarts;
import dev.sweeprunner.run.RunRows;
import java.util.List;

/**
 * What the page is about, at one look.
 *
 * @param sweeps the same list as at the look before, as long as none of their files was edited
 * @param ports where they are looked at
 * @param roll calls the workers of the storage root
 * @param rows reads the runs' rows
 * @param starts reads how claims began of which the log tells no more
 * @param notes what a person should know of the sweeps' files, a sentence each
 */
public record Subject(
    List<Points> sweeps,
    LookPorts ports,
    Roll roll,
    RunRows rows,
    ClaimStarts starts,
    List<String> notes) {
  /** Copies the notes. */
  public Subject {
    notes = List.copyOf(notes);
  }

  /** The same with these notes. */
  public Subject noting(List<String> newer) {
    return new Subject(sweeps, ports, roll, rows, starts, newer);
  }

  /** Whether both are about the same sweeps. */
  boolean sameSweeps(Subject other) {
    return sweeps == other.sweeps;
  }
}
