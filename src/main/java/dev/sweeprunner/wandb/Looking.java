package dev.sweeprunner.wandb;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.wandb.registry.RegistryPorts;
import dev.sweeprunner.wandb.registry.WandbRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What commands that only look know of W&amp;B: the answers that workers have shared. Asks W&amp;B
 * only where the user told it to.
 *
 * @param asking what asks about a sweep's runs
 */
record Looking(
    Tracking tracking,
    Wandb.Options options,
    RegistryPorts ports,
    Function<Points, WandbRegistry> asking) {
  /** Of the runs of some sweeps, the first of them that holds a run. */
  Registry at(List<Points> sweeps) {
    if (sweeps.isEmpty()) {
      return runId -> new Remote.NotAsked("no sweep with this run was given");
    }
    Map<Points, Registry> all = new LinkedHashMap<>();
    sweeps.forEach(points -> all.put(points, at(points)));
    return runId ->
        all.entrySet().stream()
            .filter(of -> of.getKey().indexOf(runId).isPresent())
            .findFirst()
            .map(of -> of.getValue().state(runId))
            .orElse(new Remote.NotAsked("it is no run of the sweeps given"));
  }

  private Registry at(Points points) {
    return switch (tracking.modeAtAGlance(points)) {
      case OFF -> off(tracking, points);
      case OFFLINE -> offline();
      case KEPT -> quiet();
      case ONLINE -> {
        if (options.refresh()) {
          asking.apply(points).refresh();
        }
        yield WandbRegistry.reading(
            Tracking.project(points), points, options.silence().adopt(), ports);
      }
    };
  }

  /** Of a sweep about whose runs W&amp;B is not asked. */
  static Registry unasked(Tracking tracking, Points points) {
    return switch (tracking.mode(points)) {
      case OFF -> off(tracking, points);
      case OFFLINE -> offline();
      case KEPT, ONLINE -> quiet();
    };
  }

  static Registry off(Tracking tracking, Points points) {
    if (tracking.goesAround(points)) {
      return runId -> new Remote.NotAsked("its program speaks to W&B itself");
    }
    return tracking.quiet(points) ? quiet() : Registry.disabled();
  }

  private static Registry quiet() {
    return runId -> new Remote.NotAsked("what is known of a program's run lies here");
  }

  private static Registry offline() {
    return runId -> new Remote.NotAsked("W&B is used offline");
  }
}
