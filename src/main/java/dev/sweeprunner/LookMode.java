package dev.sweeprunner;

import dev.sweeprunner.cli.ExplainCommand;
import dev.sweeprunner.cli.Invocation;
import dev.sweeprunner.cli.PlanCommand;
import dev.sweeprunner.cli.ResetCommand;
import dev.sweeprunner.cli.Sources;
import dev.sweeprunner.cli.StatusCommand;
import dev.sweeprunner.cli.SyncCommand;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.SignalPause;
import dev.sweeprunner.run.ExitCode;
import dev.sweeprunner.run.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The commands that only look, and {@code reset}: plain Java, no Spring, no database, no port. */
final class LookMode {
  private final Invocation invocation;
  private final Wiring wiring;
  private final Signals signals;
  private final Console console;
  private final WandbDesk desk;

  LookMode(
      Invocation invocation, Wiring wiring, Tracking tracking, Signals signals, Console console) {
    this.desk =
        new WandbDesk(wiring, tracking, invocation, console, new SignalPause(signals), signals);
    this.invocation = invocation;
    this.wiring = wiring;
    this.signals = signals;
    this.console = console;
  }

  ExitCode run(Sweeps read) {
    Training training =
        read.all().isEmpty()
            ? wiring.training(name -> List.of(), console::warn)
            : read.all().get(0).training();
    Sources sources = wiring.sources(training, Registries.reading(desk, read));
    List<Points> sweeps =
        Console.points(read.awarded(sources.claims(), wiring.journalToRead(training)));
    DiskRunFinder finder = new DiskRunFinder(wiring.layout());
    return switch (invocation.command()) {
      case STATUS -> status(new StatusCommand(sweeps, sources, console.screen()));
      case PLAN ->
          new PlanCommand(sweeps, sources, training, worker(), this::freeBytes, console.screen())
              .run();
      case EXPLAIN -> explain(new ExplainCommand(sweeps, sources, finder, console.screen()));
      case RESET ->
          new ResetCommand(
                  sweeps,
                  wiring.claims(wiring.owner(worker(), training, null), duration -> {}, false),
                  finder,
                  console.screen())
              .run(invocation.runIds());
      case SYNC -> sync(read, training, sources);
      default -> throw new IllegalStateException(invocation.command() + " does not look");
    };
  }

  private ExitCode sync(Sweeps read, Training training, Sources sources) {
    SyncProjects projects =
        SyncProjects.of(
            Console.points(read),
            wiring.files(),
            wiring.layout(),
            project -> desk.sync(project, sources.claims(), wiring.journalToRead(training)));
    return new SyncCommand(projects, wiring.clock(), signals, console.screen()).run();
  }

  private ExitCode status(StatusCommand status) {
    if (invocation.watch().isEmpty()) {
      return status.run(invocation);
    }
    SignalPause pause = new SignalPause(signals);
    signals.onStop(pause::wake);
    Duration every = invocation.watch().get();
    return status.watch(every, pause, signals);
  }

  private ExitCode explain(ExplainCommand explain) {
    ExitCode worst = ExitCode.DONE;
    for (String runId : invocation.runIds()) {
      ExitCode code = explain.run(runId);
      worst = code.code() > worst.code() ? code : worst;
    }
    return worst;
  }

  private String worker() {
    String named = wiring.settings().worker();
    return named.isEmpty() ? wiring.self().host() + "-1" : named;
  }

  private long freeBytes() {
    Path folder = wiring.settings().storageRoot();
    while (folder != null) {
      try {
        return wiring.files().freeBytes(folder);
      } catch (IOException notThereYet) {
        folder = folder.getParent();
      }
    }
    return -1;
  }
}
