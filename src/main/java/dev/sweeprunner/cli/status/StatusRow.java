package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Reason;
import dev.sweeprunner.cli.SlurmWords;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One point as the machine-readable views give it; the single place where a field's meaning is
 * decided.
 *
 * @param status its sweep
 * @param pointStatus where it stands
 */
record StatusRow(SweepStatus status, PointStatus pointStatus) {
  int index() {
    return pointStatus.point().index();
  }

  String runId() {
    return pointStatus.point().runId();
  }

  String state() {
    return pointStatus.verdict().state().word();
  }

  String reason() {
    return Reason.of(pointStatus, status.expiry());
  }

  Map<String, @Nullable Object> overrides() {
    return pointStatus.point().overrides();
  }

  /** The sweep file as the user named it. */
  String sweep() {
    return status.points().sweep().path().toString();
  }

  /** The folder of the sweep's name. */
  String group() {
    return pointStatus.point().key().group();
  }

  @Nullable String cluster() {
    Owner owner = owner();
    if (owner != null) {
      return owner.cluster();
    }
    return pointStatus.facts().remote() instanceof Remote.Found found ? found.cluster() : null;
  }

  @Nullable String worker() {
    Owner owner = owner();
    return owner == null ? null : owner.worker();
  }

  @Nullable String host() {
    Owner owner = owner();
    return owner == null ? null : owner.host();
  }

  @Nullable String slurmJob() {
    Owner owner = owner();
    SlurmTask task = owner == null ? null : owner.slurm();
    return task == null ? null : task.display();
  }

  /** The state of that job in Slurm's own long word, or null where Slurm does not list it. */
  @Nullable String slurmState() {
    return slurm().map(Scheduler.Job::state).orElse(null);
  }

  /** Why it is in that state; null where Slurm names no reason. */
  @Nullable String slurmReason() {
    return slurm().map(Scheduler.Job::reason).filter(reason -> !reason.isEmpty()).orElse(null);
  }

  /** How often Slurm has requeued it. */
  @Nullable Integer slurmRestarts() {
    return slurm().map(Scheduler.Job::restarts).orElse(null);
  }

  /** Until its time limit. */
  @Nullable Long slurmTimeLeftSeconds() {
    return slurm().map(Scheduler.Job::left).map(Duration::toSeconds).orElse(null);
  }

  /** That job in a few letters, or null where nothing is known of it. */
  @Nullable String slurmBrief() {
    return slurmJob() == null ? null : SlurmWords.brief(pointStatus.facts().scheduler());
  }

  private Optional<Scheduler.Job> slurm() {
    return slurmJob() == null ? Optional.empty() : pointStatus.facts().scheduler().known();
  }

  @Nullable Integer epoch() {
    return pointStatus.end().map(LogEnd::epoch).orElse(null);
  }

  int attempts() {
    return pointStatus.end().map(end -> end.summary().attempts()).orElse(0);
  }

  long iter() {
    return pointStatus.iter();
  }

  long maxIters() {
    RunConfig config = pointStatus.point().config();
    return config.training().maxIters();
  }

  /** Newest values; empty where there are none. */
  Map<String, Double> metrics() {
    return pointStatus.newest() == null ? Map.of() : pointStatus.newest().values();
  }

  /** What W&amp;B calls it; {@code absent}, {@code unknown}, or null where it is not asked. */
  @Nullable String wandbState() {
    Remote remote = pointStatus.facts().remote();
    if (remote instanceof Remote.Found found) {
      return found.state();
    }
    if (remote instanceof Remote.Adopted) {
      return "finished";
    }
    return remote instanceof Remote.NotFound
        ? "absent"
        : remote instanceof Remote.Unknown ? "unknown" : null;
  }

  /** Relative to the storage root. */
  String outDir() {
    return "out/" + pointStatus.point().key().folder();
  }

  /** Where the deciding fact was read. */
  String source() {
    return pointStatus.verdict().because().source();
  }

  double ageSeconds() {
    return pointStatus.verdict().because().age().toMillis() / 1000.0;
  }

  String wayOut() {
    return pointStatus.verdict().because().wayOut();
  }

  /** The earlier point with the same config, or null. */
  @Nullable Integer duplicateOf() {
    int first = status.points().firstIndex(index());
    return first == index() ? null : (Integer) first;
  }

  /** The iteration of the newest published checkpoint, or null. */
  @Nullable Long checkpointIter() {
    PublishedCheckpoint checkpoint =
        pointStatus.end().map(end -> end.summary().checkpoint()).orElse(null);
    return checkpoint == null ? null : (Long) checkpoint.iter();
  }

  @Nullable Double tokensPerSecond() {
    double rate = status.tokensPerSecond(pointStatus);
    return rate == 0 ? null : (Double) rate;
  }

  /** What trains the run, or trained it last, or null. */
  @Nullable String device() {
    Owner owner = owner();
    return owner == null ? null : owner.device();
  }

  /** A number of the newest row that depends on the machine, such as {@code mfu}, or null. */
  @Nullable Double wall(String name) {
    return pointStatus.newest() == null ? null : pointStatus.newest().wall().get(name);
  }

  @Nullable Double etaSeconds() {
    Duration left = status.left(pointStatus);
    return left == null ? null : (Double) (left.toMillis() / 1000.0);
  }

  /**
   * Whoever holds the run or held it last; nobody where another config owns the id, or where the
   * newest record is a person's reset.
   */
  private @Nullable Owner owner() {
    if (pointStatus.verdict().state() == State.INVALID
        || !(pointStatus.facts().claim() instanceof ClaimState.Logged logged)
        || logged.end().type() == RecordType.RESET) {
      return null;
    }
    return logged.end().owner();
  }
}
