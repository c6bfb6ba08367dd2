package dev.sweeprunner.slurm;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Slurm said at one moment.
 *
 * @param asked when, in this process's nanoseconds
 * @param site whose answer it is, or null where that is not known
 * @param answer all jobs of this user, or why they are not known
 */
record Snapshot(long asked, @Nullable SlurmSite site, Squeue.Answer answer) {
  /** The job or array task of this id, if it is listed. */
  Optional<JobRow> row(String id) {
    return answer instanceof Squeue.Answer.Jobs jobs
        ? Optional.ofNullable(jobs.byId().get(id))
        : Optional.empty();
  }

  /** The running job with this raw id, if it is listed. */
  Optional<JobRow> running(String rawId) {
    return answer instanceof Squeue.Answer.Jobs jobs
        ? jobs.rows().stream()
            .filter(row -> row.rawId().equals(rawId) && row.state().equals("RUNNING"))
            .findFirst()
        : Optional.empty();
  }
}
