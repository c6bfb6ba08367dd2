package dev.sweeprunner.app;

import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.ScaleCommand;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.slurm.Slurm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code scale}: plain Java; no Spring, nothing on disk but the answer that this host shares. */
final class ScaleMode {
  private static final int HASH = 8;

  private final Invocation invocation;
  private final ObjectGraph graph;
  private final Signals signals;
  private final Console console;
  private final Slurm slurm;
  private final TaskQueue tasks;

  /**
   * For the sweeps of this invocation.
   *
   * @throws UserError if no kind of task is configured
   */
  ScaleMode(
      Invocation invocation, ObjectGraph graph, Signals signals, Console console, Sweeps read) {
    if (graph.settings().scale().profiles().isEmpty()) {
      throw new UserError(
          "application.yml",
          "no kind of task is configured for scale",
          "Write one there: sweep-runner: {scale: {profiles: {gpu: {partition: gpu, gpus: 1, limit:"
              + " 8}}}}; docs/configuration.md explains it");
    }
    this.invocation = invocation;
    this.graph = graph;
    this.signals = signals;
    this.console = console;
    this.slurm = graph.slurm(Runnable::run, graph.settings().slurm().timeout());
    this.tasks =
        slurm.submitted(
            "sr-" + hash(graph.settings().storageRoot(), Console.points(read)),
            graph.settings().scale().profiles(),
            arguments(invocation),
            graph.environment().variables());
  }

  ExitCode run(Sweeps read) {
    Registry registry = graph.wandb(invocation, signals, console).reading(Console.points(read));
    console.refreshed(invocation, registry, read);
    LookPorts ports = graph.ports(read.training(), registry, slurm.scheduler());
    List<Points> sweeps = Console.points(read.awarded(ports.claims(), graph.journalToRead()));
    ScaleCommand command =
        new ScaleCommand(sweeps, ports, tasks, console.screen(), invocation.has(Option.SUBMIT));
    if (invocation.watch().isEmpty()) {
      return command.once();
    }
    return command.watch(invocation.watch().get(), signals, signals);
  }

  private static List<String> arguments(Invocation invocation) {
    List<String> arguments = new ArrayList<>();
    invocation.sweeps().forEach(sweep -> arguments.addAll(List.of("--sweep", sweep.toString())));
    arguments.addAll(invocation.forWorkers());
    return arguments;
  }

  /** The same for whoever scales these sweeps in this storage root, in whatever order. */
  static String hash(Path storageRoot, List<Points> sweeps) {
    List<String> names = new ArrayList<>();
    sweeps.forEach(points -> names.add(points.projectSlug() + "/" + points.groupSlug()));
    String text =
        real(storageRoot) + "\n" + String.join("\n", names.stream().sorted().distinct().toList());
    return Sha256.of(text).substring(0, HASH);
  }

  /** Without symlinks, as far as it exists: the first call may come before the first worker. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException notThereYet) {
      Path parent = folder.getParent();
      return parent == null ? folder : real(parent).resolve(folder.getFileName());
    }
  }
}
