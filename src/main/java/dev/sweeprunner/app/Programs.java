package dev.sweeprunner.app;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.options.Properties;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.program.ProgramSite;
import dev.sweeprunner.program.ProgramTraining;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.Sidecar;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The part of the graph that runs users' own programs. */
final class Programs {
  private static final int LEASES_PER_EXPIRY = 2;
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  private final ObjectGraph graph;
  private final Settings settings;
  private final Environment environment;

  Programs(ObjectGraph graph) {
    this.graph = graph;
    this.settings = graph.settings();
    this.environment = graph.environment();
  }

  /** Who trains, as this invocation wants it. */
  TrainerChoice choice() {
    return new TrainerChoice(
        settings.trainer(), new SpaceOptions(settings.runs(), settings.numbers()));
  }

  /** How the program of a sweep is run, by the properties and the file beside the sweep file. */
  ProgramRules rules(SweepFile sweep) {
    Map<String, Properties.Given> own = new LinkedHashMap<>();
    Path beside = Sidecar.path(sweep.path());
    Sidecar.read(sweep.path())
        .forEach(
            (name, said) ->
                own.put(name, new Properties.Given(said.text(), beside + ":" + said.line())));
    return settings.program().rules(own);
  }

  /** Half the expiry: before it is over nobody can have watched the claim expire. */
  private Duration lease() {
    Duration half = settings.claim().expiry().dividedBy(LEASES_PER_EXPIRY);
    return half.compareTo(SHORTEST_LEASE) > 0 ? half : SHORTEST_LEASE;
  }

  /** What runs the program of a sweep. */
  ProgramTraining training(
      Points points, ProgramRules rules, Places places, Consumer<String> notices) {
    String mode = settings.wandb().mode();
    return new ProgramTraining(
        new ProgramSite(
            graph.files(),
            graph.layout(),
            graph.clock(),
            ObjectGraph::rest,
            environment.variables(),
            environment.workingDirectory(),
            lease(),
            mode.isEmpty() || mode.equals("online") ? Optional.empty() : Optional.of(mode),
            Optional.of(graph.relay())),
        points,
        rules,
        places,
        notices);
  }
}
