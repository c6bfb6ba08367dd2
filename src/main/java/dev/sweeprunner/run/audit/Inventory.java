package dev.sweeprunner.run.audit;

import dev.sweeprunner.run.Finding;
import java.util.List;

/**
 * What lies under a storage root, by names alone.
 *
 * @param subjects the runs to look at
 * @param findings what the names alone show
 */
public record Inventory(List<Subject> subjects, List<Finding> findings) {
  /** Copies what it is given. */
  public Inventory {
    subjects = List.copyOf(subjects);
    findings = List.copyOf(findings);
  }
}
