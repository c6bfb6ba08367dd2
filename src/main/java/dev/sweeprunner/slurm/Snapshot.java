package dev.sweeprunner.slurm;

import dev.sweeprunner.slurm.Squeue.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Slurm said at one moment.
 *
 * @param asked since when it is old, in this process's nanoseconds
 * @param said the same for the times in it: when squeue counted how much time is left. Where
 *     another host asked, it is told by the wall clocks, which squeue goes by too
 * @param site whose answer it is, or null where that is not known
 * @param about the jobs that were asked for: ids of tasks, or of whole arrays
 * @param answer what is there of them, or why that is not known
 * @param unknown tasks that Slurm did not know, asked for by name
 */
record Snapshot(
    long asked,
    long said,
    @Nullable SlurmSite site,
    Set<String> about,
    Answer answer,
    Set<String> unknown) {
  /** Arrays and single jobs that are remembered. */
  static final int MOST = 1000;

  /** Ids of jobs as Slurm gives them. */
  static final Comparator<String> OLDEST =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  /** No answer. */
  static Snapshot none(long asked, @Nullable SlurmSite site, String why) {
    return new Snapshot(asked, asked, site, Set.of(), new Answer.Unknown(why), Set.of());
  }

  /** The array of a task, or the id of a job outside one. */
  static String array(String id) {
    return id.replaceFirst("_.*", "");
  }

  /** Whether this task was asked for. */
  boolean covers(String id) {
    return about.contains(id) || about.contains(array(id));
  }

  /** The job or array task of this id, if it is listed. */
  Optional<JobRow> row(String id) {
    return answer instanceof Answer.Jobs jobs
        ? Optional.ofNullable(jobs.byId().get(id))
        : Optional.empty();
  }

  /** The running job with this raw id, if it is listed. */
  Optional<JobRow> running(String rawId) {
    return answer instanceof Answer.Jobs jobs
        ? jobs.rows().stream()
            .filter(row -> row.rawId().equals(rawId) && row.state().equals("RUNNING"))
            .findFirst()
        : Optional.empty();
  }

  /** The same with a task that was asked for by itself since. */
  Snapshot with(String id, Answer.Jobs named) {
    if (!(answer instanceof Answer.Jobs jobs)) {
      return this;
    }
    List<JobRow> rows = new ArrayList<>(named.rows());
    rows.addAll(jobs.rows());
    return new Snapshot(
        asked, said, site, plus(about, Set.of(id)), Answer.Jobs.of(rows, jobs.text()), unknown);
  }

  /** The same, where these are known to be unknown too. */
  Snapshot without(Set<String> gone) {
    return new Snapshot(asked, said, site, about, answer, plus(unknown, gone));
  }

  /** The same with what an earlier answer knew of jobs that were not asked for again. */
  Snapshot after(@Nullable Snapshot before) {
    if (before == null) {
      return this;
    }
    List<String> left =
        before.about().stream()
            .filter(id -> !about.contains(id))
            .sorted(OLDEST.reversed())
            .limit(MOST)
            .toList();
    Set<String> gone = new HashSet<>(before.unknown());
    gone.removeIf(id -> row(id).isPresent());
    return new Snapshot(asked, said, site, plus(about, Set.copyOf(left)), answer, Set.copyOf(gone));
  }

  private static Set<String> plus(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return Set.copyOf(all);
  }
}
