package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom Slurm is asked about: this process's own job, those of the claims that it met lately, those
 * of the storage root's workers, and what others have asked for that is still alive. Any thread.
 */
final class JobsInQuestion {
  /** What a worker says of itself when it has left. */
  private static final String STOPPED = "stopped";

  /** A claim that matters is met at each look at its run. */
  private static final Duration LATELY = Duration.ofMinutes(10);

  private final Supplier<@Nullable SlurmTask> own;
  private final Supplier<List<WorkerReport.Status>> workers;
  private final String user;
  private final Clock clock;
  private final Map<String, Meeting> met = new ConcurrentHashMap<>();

  /**
   * The jobs of one process.
   *
   * @param own its own job, or null outside Slurm
   * @param workers those of the storage root; read at each question
   */
  JobsInQuestion(
      Supplier<@Nullable SlurmTask> own,
      Supplier<List<WorkerReport.Status>> workers,
      String user,
      Clock clock) {
    this.own = own;
    this.workers = workers;
    this.user = user;
    this.clock = clock;
  }

  private record Meeting(String controller, long nanos) {}

  /** A claim of this task was met now. */
  void meet(SlurmTask task) {
    met.put(task.display(), new Meeting(task.controller(), clock.nanos()));
  }

  /**
   * The arrays, and the jobs outside one, that are asked for now; of more than {@link
   * Snapshot#MOST} those that were submitted last.
   *
   * @param before the newest answer that is shared, however old, or null
   */
  Set<String> arrays(SlurmSite here, @Nullable Snapshot before) {
    TreeSet<String> arrays = new TreeSet<>(Snapshot.OLDEST.reversed());
    arrays.addAll(ofWorkers(here, before));
    if (before != null && before.answer() instanceof Squeue.Answer.Jobs jobs) {
      jobs.rows().stream()
          .filter(row -> !TaskPhases.ENDED.contains(row.state()))
          .forEach(row -> arrays.add(row.arrayJob()));
    }
    Set<String> wanted = wanted(here);
    arrays.removeAll(wanted);
    Set<String> all = new TreeSet<>(Snapshot.OLDEST);
    all.addAll(wanted);
    arrays.stream().limit(Math.max(0, Snapshot.MOST - wanted.size())).forEach(all::add);
    return all;
  }

  /** What this process itself must know. */
  private Set<String> wanted(SlurmSite here) {
    long now = clock.nanos();
    met.values().removeIf(meeting -> now - meeting.nanos() > LATELY.toNanos());
    Set<String> wanted =
        met.entrySet().stream()
            .filter(entry -> entry.getValue().controller().equals(here.controller()))
            .map(entry -> Snapshot.array(entry.getKey()))
            .collect(Collectors.toCollection(TreeSet::new));
    SlurmTask self = own.get();
    if (self != null && (self.controller().isEmpty() || of(self, here))) {
      wanted.add(Snapshot.array(self.display()));
    }
    return wanted;
  }

  /** One that has left, and that Slurm has forgotten since, does not come back. */
  private Set<String> ofWorkers(SlurmSite here, @Nullable Snapshot before) {
    Set<String> forgotten = forgotten(before);
    Set<String> arrays = new HashSet<>();
    for (WorkerReport.Status status : workers.get()) {
      SlurmTask task = status.owner().slurm();
      if (task != null && of(task, here) && status.owner().user().equals(user)) {
        String array = Snapshot.array(task.display());
        if (!status.activity().equals(STOPPED) || !forgotten.contains(array)) {
          arrays.add(array);
        }
      }
    }
    return arrays;
  }

  /** Arrays that the answer was about and of which it lists no task. */
  private static Set<String> forgotten(@Nullable Snapshot before) {
    Set<String> forgotten = new HashSet<>();
    if (before != null && before.answer() instanceof Squeue.Answer.Jobs jobs) {
      forgotten.addAll(before.about());
      jobs.rows().forEach(row -> forgotten.remove(row.arrayJob()));
    }
    return forgotten;
  }

  private static boolean of(SlurmTask task, SlurmSite here) {
    return task.controller().equals(here.controller());
  }
}
