package dev.sweeprunner.cli;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Standing;
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
  static Optional<String> bySlurm(List<Standing> standings) {
    return standings.stream()
        .filter(Answered::hasJob)
        .map(standing -> standing.facts().scheduler())
        .filter(Scheduler.View.Unknown.class::isInstance)
        .map(view -> "Slurm: " + ((Scheduler.View.Unknown) view).why())
        .findFirst();
  }

  private static boolean hasJob(Standing standing) {
    return standing.facts().claim() instanceof ClaimState.Logged logged
        && logged.owner() != null
        && logged.end().owner().slurm() != null;
  }

  /** One sentence about W&amp;B, or empty where it is not asked. */
  static Optional<String> byTracking(List<Standing> standings) {
    Duration oldest = null;
    String unknown = null;
    for (Standing standing : standings) {
      Remote remote = standing.facts().remote();
      Duration age = age(remote);
      if (age != null && (oldest == null || age.compareTo(oldest) > 0)) {
        oldest = age;
      }
      if (remote instanceof Remote.Unknown silent && unknown == null) {
        unknown = silent.why();
      }
    }
    if (unknown != null) {
      return Optional.of("W&B: " + unknown);
    }
    return Optional.ofNullable(oldest).map(age -> "W&B was asked " + Words.ago(age));
  }

  private static @Nullable Duration age(Remote remote) {
    if (remote instanceof Remote.Found found) {
      return found.age();
    }
    return remote instanceof Remote.NotFound absent ? absent.age() : null;
  }
}
