package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.judge.PointStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who was asked for a table beside the storage root: how old the answer is, or why there is none.
 */
final class Answered {
  private Answered() {}

  /** One sentence about Slurm where it says nothing of a job whose worker has a run. */
  static Optional<String> bySlurm(List<PointStatus> statuses) {
    return statuses.stream()
        .filter(Answered::hasJob)
        .map(pointStatus -> pointStatus.facts().scheduler())
        .filter(Scheduler.View.Unknown.class::isInstance)
        .map(view -> "Slurm: " + ((Scheduler.View.Unknown) view).why())
        .findFirst();
  }

  private static boolean hasJob(PointStatus pointStatus) {
    return pointStatus.facts().claim() instanceof ClaimState.Logged logged
        && logged.owner() != null
        && logged.end().owner().slurm() != null;
  }

  /** One sentence about W&amp;B, or empty where it is not asked. */
  static Optional<String> byTracking(List<PointStatus> statuses) {
    Duration oldest = null;
    String unknown = null;
    for (PointStatus pointStatus : statuses) {
      Remote remote = pointStatus.facts().remote();
      Duration age = age(remote);
      if (age != null && (oldest == null || age.compareTo(oldest) > 0)) {
        oldest = age;
      }
      if (remote instanceof Remote.Unknown silent && unknown == null) {
        unknown = silent.why();
      }
    }
    if (unknown != null) {
      return Optional.of(unknown.startsWith("W&B") ? unknown : "W&B: " + unknown);
    }
    return Optional.ofNullable(oldest).map(age -> "W&B was asked " + HumanFormat.ago(age));
  }

  private static @Nullable Duration age(Remote remote) {
    if (remote instanceof Remote.Found found) {
      return found.age();
    }
    return remote instanceof Remote.NotFound absent ? absent.age() : null;
  }
}
