package dev.sweeprunner.cli;

import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How old W&amp;B's answer behind a table is. */
final class Answered {
  private Answered() {}

  /** One sentence, or empty where W&amp;B is not asked. */
  static Optional<String> of(List<Standing> standings) {
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
