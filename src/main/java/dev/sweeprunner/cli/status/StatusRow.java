package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Reason;
import dev.sweeprunner.cli.SlurmWords;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One point as the machine-readable views give it; the single place where a field's name, order and
 * meaning are decided.
 *
 * @param status its sweep
 * @param pointStatus where it stands
 */
public record StatusRow(SweepStatus status, PointStatus pointStatus) {
  /** The one field that holds what the sweep file says, and is written as that would spell it. */
  static final String OVERRIDES = "overrides";

  /** All fields in the order in which they are given. Their names are an API: only added to. */
  public static final List<Field> FIELDS =
      List.of(
          new Field("index", StatusRow::index),
          new Field("run_id", e -> e.pointStatus.point().runId()),
          new Field("state", e -> e.pointStatus.verdict().state().word()),
          new Field("reason", e -> Reason.of(e.pointStatus, e.status.expiry())),
          new Field(OVERRIDES, e -> e.pointStatus.point().overrides()),
          new Field("sweep", e -> e.status.points().sweep().path().toString()),
          new Field("group", e -> e.pointStatus.point().key().group()),
          new Field("cluster", StatusRow::cluster),
          new Field("worker", StatusRow::worker),
          new Field("slurm_job", StatusRow::slurmJob),
          new Field("epoch", e -> e.pointStatus.end().map(LogEnd::epoch).orElse(null)),
          new Field(
              "attempts", e -> e.pointStatus.end().map(end -> end.summary().attempts()).orElse(0)),
          new Field("iter", e -> e.pointStatus.iter()),
          new Field("max_iters", StatusRow::maxIters),
          new Field("metrics", e -> e.pointStatus.metrics()),
          new Field("wandb_state", StatusRow::wandbState),
          new Field("out_dir", StatusRow::outDir),
          new Field("source", e -> e.pointStatus.verdict().because().source()),
          new Field("age_s", e -> seconds(e.pointStatus.verdict().because().age())),
          new Field("way_out", e -> e.pointStatus.verdict().because().wayOut()),
          new Field("duplicate_of", StatusRow::duplicateOf),
          new Field("host", e -> e.owner().map(Owner::host).orElse(null)),
          new Field("checkpoint_iter", StatusRow::checkpointIter),
          new Field("tokens_per_second", StatusRow::tokensPerSecond),
          new Field("eta_s", e -> seconds(e.status.left(e.pointStatus))),
          new Field("device", e -> e.owner().map(Owner::device).orElse(null)),
          new Field("mfu", e -> e.wall("mfu")),
          new Field("device_memory_gib", e -> e.wall("device_memory_gib")),
          new Field("slurm_state", e -> e.slurm().map(Scheduler.Job::state).orElse(null)),
          new Field("slurm_reason", StatusRow::slurmReason),
          new Field("slurm_restarts", e -> e.slurm().map(Scheduler.Job::restarts).orElse(null)),
          new Field("slurm_time_left_seconds", StatusRow::slurmTimeLeft),
          new Field("storage_root", e -> e.status.root().path().toString()),
          new Field("storage_root_exists", e -> e.status.root().exists()));

  /**
   * A field of every point.
   *
   * @param value a number, a text, a map of such by name, or null where nothing is known
   */
  public record Field(String name, Function<StatusRow, @Nullable Object> value) {
    public @Nullable Object of(StatusRow row) {
      return value.apply(row);
    }
  }

  private @Nullable Long maxIters() {
    long known = pointStatus.maxIters();
    return known == 0 ? null : (Long) known;
  }

  private int index() {
    return pointStatus.point().index();
  }

  String outDir() {
    return "out/" + pointStatus.point().key().folder();
  }

  @Nullable String cluster() {
    Remote remote = pointStatus.facts().remote();
    return owner()
        .map(Owner::cluster)
        .orElse(remote instanceof Remote.Found found ? found.cluster() : null);
  }

  @Nullable String worker() {
    return owner().map(Owner::worker).orElse(null);
  }

  @Nullable String slurmJob() {
    return owner().map(Owner::slurm).map(SlurmTask::display).orElse(null);
  }

  /** That job in a few letters, or null where nothing is known of it. */
  @Nullable String slurmBrief() {
    return slurmJob() == null ? null : SlurmWords.brief(pointStatus.facts().scheduler());
  }

  /** That job as Slurm lists it now. */
  private Optional<Scheduler.Job> slurm() {
    return slurmJob() == null ? Optional.empty() : pointStatus.facts().scheduler().known();
  }

  /** Why it is in its state; null where Slurm names no reason. */
  private @Nullable String slurmReason() {
    return slurm().map(Scheduler.Job::reason).filter(reason -> !reason.isEmpty()).orElse(null);
  }

  /** Until its time limit. */
  private @Nullable Long slurmTimeLeft() {
    return slurm().map(Scheduler.Job::left).map(Duration::toSeconds).orElse(null);
  }

  /** What W&amp;B calls it; {@code absent}, {@code unknown}, or null where it is not asked. */
  private @Nullable String wandbState() {
    Remote remote = pointStatus.facts().remote();
    if (remote instanceof Remote.Found found) {
      return found.state().word();
    }
    if (remote instanceof Remote.Adopted) {
      return RemoteState.FINISHED;
    }
    return remote instanceof Remote.NotFound
        ? "absent"
        : remote instanceof Remote.Unknown ? "unknown" : null;
  }

  /** The earlier point with the same config, or null. */
  private @Nullable Integer duplicateOf() {
    int first = status.points().firstIndex(index());
    return first == index() ? null : (Integer) first;
  }

  /** The iteration of the newest published checkpoint, or null. */
  private @Nullable Long checkpointIter() {
    return pointStatus
        .end()
        .map(end -> end.summary().checkpoint())
        .map(PublishedCheckpoint::iter)
        .orElse(null);
  }

  private @Nullable Double tokensPerSecond() {
    double rate = status.tokensPerSecond(pointStatus);
    return rate == 0 ? null : (Double) rate;
  }

  /** A number of the newest row that depends on the machine, such as {@code mfu}, or null. */
  private @Nullable Double wall(String name) {
    return pointStatus.newest() == null ? null : pointStatus.newest().wall().get(name);
  }

  private static @Nullable Double seconds(@Nullable Duration time) {
    return time == null ? null : (Double) (time.toMillis() / 1000.0);
  }

  /**
   * Whoever holds the run or held it last, and works on what trains it; nobody where another config
   * owns the id, where the newest record is a person's reset, or where the run is elsewhere.
   */
  private Optional<Owner> owner() {
    boolean nobodys =
        pointStatus.verdict().state() == State.INVALID
            || pointStatus.elsewhere()
            || !(pointStatus.facts().claim() instanceof ClaimState.Logged);
    return nobodys
        ? Optional.empty()
        : pointStatus.end().filter(end -> end.type() != RecordType.RESET).map(LogEnd::owner);
  }
}
