package dev.sweeprunner.app;

import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Registry.Remote;
import java.util.List;

/** What W&amp;B says of runs of several sweeps, for commands that look at them all. */
final class Registries {
  private Registries() {}

  /** The shared answers of these sweeps; the first that was asked for a run speaks for it. */
  static Registry reading(WandbDesk desk, Sweeps sweeps) {
    if (sweeps.all().isEmpty()) {
      return runId -> new Remote.NotAsked("no sweep with this run was given");
    }
    List<Of> all =
        sweeps.all().stream().map(read -> new Of(read, desk.reading(read.points()))).toList();
    return runId ->
        all.stream()
            .filter(of -> of.sweep().points().indexOf(runId).isPresent())
            .findFirst()
            .map(of -> of.registry().state(runId))
            .orElse(new Remote.NotAsked("it is no run of the sweeps given"));
  }

  private record Of(Sweeps.Loaded sweep, Registry registry) {}
}
