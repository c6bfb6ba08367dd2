package dev.sweeprunner.run;

import java.util.List;

/** What runs have not told W&amp;B yet: whoever wires the command to it. */
public interface Deliveries {
  /** The projects' folders to look through. */
  List<String> projects();

  /**
   * Ids of a project's runs that have something to tell.
   *
   * @throws dev.sweeprunner.problem.UserError if that cannot be read
   */
  List<String> waiting(String project);

  /** Sends what is lacking of one run; takes as long as the network does. */
  Sent send(String project, String runId);

  /**
   * What became of one run.
   *
   * @param delivered whether W&amp;B has all of it now
   * @param rows that were sent
   * @param how one sentence
   */
  record Sent(boolean delivered, long rows, String how) {}
}
