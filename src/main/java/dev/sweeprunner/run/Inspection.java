package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether what lies on disk is what it must be: each adapter's word on its own files. Reads only,
 * and throws nothing for what it finds there; any thread may call it.
 *
 * <p>A run that somebody works on changes between two reads, so that a single look may find what is
 * none: {@code run.audit} looks again before it reports.
 */
public interface Inspection {
  /** What is wrong with these files of a run, given its log. */
  List<Finding> inspect(RunKey key, ClaimLog log, Depth depth);

  /** How much is read. */
  enum Depth {
    /** Claim logs, configs, manifests; of all else whether it is there, and its size. */
    SIZES,
    /** Rows too, with their hashes. */
    ROWS,
    /** Every byte. */
    ALL
  }

  /** Claim logs. */
  interface Logs {
    /** One listing of a project's lock folder. */
    Locks locks(String project);

    /** The whole log of a run. */
    ClaimLog log(RunKey key);
  }

  /**
   * The names in a project's lock folder.
   *
   * @param runIds of which a lock or a hint lies there, other programs' included
   * @param findings what is wrong with the folder itself
   */
  record Locks(Set<String> runIds, List<Finding> findings) {}

  /** Run folders, their configs and rows. */
  interface Folders extends Inspection {
    /** The projects under the storage root. */
    List<String> projects();

    /** The run folders of a project. */
    Stock stock(String project);
  }

  /**
   * The run folders of a project.
   *
   * @param runs by their ids; more than one where an id has several folders
   * @param findings what could not be read
   */
  record Stock(Map<String, List<RunKey>> runs, List<Finding> findings) {}
}
