package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.status.WorkerRow.Life;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.WorkerReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls the roll of a storage root's workers: who is there, by its process where this host can see
 * it, by Slurm, by the beat of its claim, else by how long ago it wrote its report.
 *
 * @param reports what workers say of themselves
 * @param processes judges those of this host
 * @param scheduler judges those of a job
 * @param beats the life of the claim that a report names, as far as one is found
 * @param clock for ages only
 * @param expiry of whom nothing was heard for longer is silent
 */
public record Roll(
    WorkerReport reports,
    Processes processes,
    Scheduler scheduler,
    Function<WorkerReport.Status, Optional<Liveness>> beats,
    Clock clock,
    Duration expiry) {
  /** Every worker: the live ones first, then by name. */
  public List<WorkerRow> call() {
    return reports.all().stream()
        .map(this::row)
        .sorted(
            Comparator.comparing(WorkerRow::life)
                .thenComparing(row -> row.report().owner().worker()))
        .toList();
  }

  private WorkerRow row(WorkerReport.Status report) {
    Duration heard = age(report.written());
    Known known = known(report, heard);
    Duration since = report.since() == null ? null : age(report.since());
    return new WorkerRow(report, known.life, known.how, heard, since);
  }

  private Known known(WorkerReport.Status report, Duration heard) {
    if (report.activity().equals("stopped")) {
      return new Known(Life.GONE, "it left" + because(report.message()));
    }
    Known proof = proof(report);
    if (proof != null) {
      return proof;
    }
    if (heard.compareTo(expiry) <= 0) {
      return new Known(Life.LIVE, "it has reported lately");
    }
    Optional<Liveness> beat = report.runId() == null ? Optional.empty() : beats.apply(report);
    if (beat.isPresent() && beat.get().kind() == Liveness.Kind.PROVEN_DEAD) {
      return new Known(Life.GONE, beat.get().how());
    }
    Duration silence = beat.map(Liveness::silentByFileTime).orElse(null);
    boolean beating =
        beat.isPresent() && !beat.get().dead() && silence != null && silence.compareTo(expiry) <= 0;
    return beating
        ? new Known(Life.LIVE, "its claim beats")
        : new Known(Life.SILENT, "nothing shows whether it is there");
  }

  private @Nullable Known proof(WorkerReport.Status report) {
    return switch (processes.judge(report.owner())) {
      case ALIVE -> new Known(Life.LIVE, "pid " + report.owner().pid() + " runs on this host");
      case GONE -> new Known(Life.GONE, "pid " + report.owner().pid() + " of this host is gone");
      case UNKNOWN ->
          scheduler.view(report.owner()) instanceof Scheduler.View.Gone gone
              ? new Known(Life.GONE, "Slurm job " + gone.job() + " " + gone.how())
              : null;
    };
  }

  private static String because(String why) {
    return why.isEmpty() ? "" : ": " + why;
  }

  private Duration age(Instant moment) {
    Duration age = Duration.between(moment, clock.now());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** What is known of a worker, and by what. */
  private record Known(Life life, String how) {}
}
