package dev.sweeprunner.cli;

import static java.util.Map.entry;

import dev.sweeprunner.run.Scheduler.Job;
import dev.sweeprunner.run.Scheduler.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Slurm says of a claim's job, in words. */
public final class SlurmWords {
  private static final String RUNNING = "RUNNING";
  private static final String PENDING = "PENDING";

  /** Reasons may list all nodes of a cluster. */
  private static final int LONGEST_REASON = 20;

  /** As {@code squeue} shortens them. */
  private static final Map<String, String> SHORT =
      Map.ofEntries(
          entry("BOOT_FAIL", "BF"),
          entry("CANCELLED", "CA"),
          entry("COMPLETED", "CD"),
          entry("COMPLETING", "CG"),
          entry("CONFIGURING", "CF"),
          entry("DEADLINE", "DL"),
          entry("FAILED", "F"),
          entry("NODE_FAIL", "NF"),
          entry("OUT_OF_MEMORY", "OOM"),
          entry(PENDING, "PD"),
          entry("PREEMPTED", "PR"),
          entry("REQUEUED", "RQ"),
          entry("REQUEUE_FED", "RF"),
          entry("REQUEUE_HOLD", "RH"),
          entry("RESIZING", "RS"),
          entry("RESV_DEL_HOLD", "RD"),
          entry("REVOKED", "RV"),
          entry(RUNNING, "R"),
          entry("SIGNALING", "SI"),
          entry("SPECIAL_EXIT", "SE"),
          entry("STAGE_OUT", "SO"),
          entry("STOPPED", "ST"),
          entry("SUSPENDED", "S"),
          entry("TIMEOUT", "TO"));

  /** States in which a job does nothing; only there its reason is news. */
  private static final Set<String> IDLE =
      Set.of(
          PENDING,
          "REQUEUED",
          "REQUEUE_FED",
          "REQUEUE_HOLD",
          "RESV_DEL_HOLD",
          "STOPPED",
          "SUSPENDED");

  private SlurmWords() {}

  /**
   * The few letters that a table has room for: {@code R 3 h 12 min r2}, {@code PD BeginTime},
   * {@code CG}, {@code F}; null where nothing is known.
   */
  public static @Nullable String brief(View view) {
    if (view instanceof View.Unknown) {
      return null;
    }
    return view.known().map(SlurmWords::brief).orElse("gone");
  }

  private static String brief(Job job) {
    List<String> parts = new ArrayList<>();
    parts.add(SHORT.getOrDefault(job.state(), job.state()));
    if (IDLE.contains(job.state()) && !job.reason().isEmpty()) {
      parts.add(HumanFormat.cut(job.reason(), LONGEST_REASON));
    }
    if (job.state().equals(RUNNING) && job.left() != null) {
      parts.add(HumanFormat.time(job.left()));
    }
    if (job.restarts() > 0) {
      parts.add("r" + job.restarts());
    }
    return String.join(" ", parts);
  }

  /** All that is known of the job, and what it means for the claim. */
  static String whole(View view) {
    if (view instanceof View.Unknown unknown) {
      return "unknown: " + unknown.why();
    }
    if (view instanceof View.Gone gone) {
      return gone(gone) + ". The life that had this run is over, and nothing of it comes back";
    }
    String listed = view.known().map(SlurmWords::whole).orElseThrow();
    return view instanceof View.Returning
        ? listed + ". The life that had this run is over; this is the same task's next one"
        : listed;
  }

  private static String gone(View.Gone gone) {
    Job last = gone.last();
    if (last == null) {
      return "job " + gone.job() + " " + gone.how();
    }
    return gone.how().equals("is " + last.state())
        ? whole(last)
        : whole(last) + ". It " + gone.how();
  }

  private static String whole(Job job) {
    List<String> parts = new ArrayList<>();
    String reason = job.reason().isEmpty() ? "" : " (" + job.reason() + ")";
    parts.add("job " + job.id() + " is " + job.state() + reason);
    parts.add(HumanFormat.plural(job.restarts(), "restart"));
    if (job.left() != null) {
      parts.add(
          HumanFormat.time(job.left())
              + (job.state().equals(PENDING) ? " of time limit" : " until its time limit"));
    }
    return String.join(", ", parts);
  }
}
