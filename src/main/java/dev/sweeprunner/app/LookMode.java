package dev.sweeprunner.app;

import dev.sweeprunner.checkpoint.CheckpointInspection;
import dev.sweeprunner.claim.LogInspection;
import dev.sweeprunner.cli.AuditCommand;
import dev.sweeprunner.cli.CompareCommand;
import dev.sweeprunner.cli.ExplainCommand;
import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.PlanCommand;
import dev.sweeprunner.cli.ResetCommand;
import dev.sweeprunner.cli.RowsCommand;
import dev.sweeprunner.cli.SyncCommand;
import dev.sweeprunner.cli.results.ResultsCommand;
import dev.sweeprunner.cli.status.Roll;
import dev.sweeprunner.cli.status.StatusCommand;
import dev.sweeprunner.cli.status.WorkersCommand;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.journal.RunFolders;
import dev.sweeprunner.journal.RunInspection;
import dev.sweeprunner.journal.StoredRows;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Deliveries;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.audit.Audit;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.sweep.Followed;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.wandb.Wandb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The commands that only look, and {@code reset}: plain Java, no Spring, no database, no port. */
final class LookMode {
  private final Invocation invocation;
  private final ObjectGraph graph;
  private final Signals signals;
  private final Console console;
  private final Wandb wandb;

  LookMode(Invocation invocation, ObjectGraph graph, Signals signals, Console console) {
    this.wandb = graph.wandb(invocation, signals, console);
    this.invocation = invocation;
    this.graph = graph;
    this.signals = signals;
    this.console = console;
  }

  ExitCode run(Sweeps read) {
    Training training =
        read.all().isEmpty() ? graph.training(name -> List.of(), console::warn) : read.training();
    Registry registry = wandb.reading(Console.points(read));
    console.refreshed(invocation, registry, read);
    LookPorts ports = graph.ports(training, registry);
    List<Points> sweeps = Console.points(read.awarded(ports.claims(), graph.journalToRead()));
    RunFolders folders = new RunFolders(graph.layout());
    Audit audit = audit(ports, registry);
    return switch (invocation.command()) {
      case STATUS -> status(status(sweeps, ports), read);
      case WORKERS -> workers(ports);
      case PLAN -> plan(sweeps, ports, training);
      case EXPLAIN ->
          explain(
              new ExplainCommand(
                  sweeps,
                  ports,
                  folders::find,
                  (key, point) -> audit.look(audit.subject(key, point), Depth.ROWS).findings(),
                  console.screen()));
      case AUDIT ->
          new AuditCommand(audit, sweeps, graph.clock(), signals, ports.root(), console.screen())
              .run(invocation.format(), invocation.has(Option.QUICK) ? Depth.SIZES : Depth.ALL);
      case RESET ->
          new ResetCommand(
                  sweeps,
                  graph.claims(graph.owner(worker(), null), duration -> {}, false),
                  folders::find,
                  console.screen())
              .run(invocation.runIds());
      case SYNC -> sync(read, ports);
      case ROWS -> rows(sweeps, ports).run(invocation.format());
      case RESULTS -> new ResultsCommand(sweeps, ports, console.screen()).run(invocation);
      default -> throw new IllegalStateException(invocation.command() + " does not look");
    };
  }

  private ExitCode plan(List<Points> sweeps, LookPorts ports, Training training) {
    if (!invocation.compares()) {
      return new PlanCommand(sweeps, ports, training, worker(), this::freeBytes, console.screen())
          .run();
    }
    CompareCommand compare =
        new CompareCommand(
            sweeps.get(0), sweeps.get(1), ports, training, this::freeBytes, console.screen());
    return invocation.format() == OutputFormat.JSON ? compare.json() : compare.table();
  }

  private Audit audit(LookPorts ports, Registry registry) {
    TrainingFormat format = new TrainingFormat(graph.files(), graph.trace());
    return new Audit(
        new Audit.Ports(
            new LogInspection(graph.layout(), graph.files()),
            new RunInspection(graph.layout(), graph.files()),
            new CheckpointInspection(graph.layout(), graph.files(), format.droppable()),
            ports.observer(),
            ports.survey(),
            registry,
            graph.settings().cluster(),
            ObjectGraph::rest));
  }

  private RowsCommand rows(List<Points> sweeps, LookPorts ports) {
    return new RowsCommand(
        sweeps,
        ports.claims(),
        new StoredRows(graph.layout(), ports.claims()),
        graph.layout().root(),
        signals,
        console::warn,
        console.screen());
  }

  private ExitCode sync(Sweeps read, LookPorts ports) {
    Deliveries deliveries =
        wandb.deliveries(Console.points(read), ports.claims(), graph.journalToRead());
    return new SyncCommand(deliveries, graph.clock(), signals, console.screen()).run();
  }

  private ExitCode workers(LookPorts ports) {
    return new WorkersCommand(roll(graph, ports), ports.root(), console.screen())
        .run(invocation.format(), invocation.has(Option.ALL));
  }

  /** Calls the workers of the storage root. */
  static Roll roll(ObjectGraph graph, LookPorts ports) {
    RunFolders folders = new RunFolders(graph.layout());
    return new Roll(
        ports.workers(),
        graph.processes(),
        graph.slurm(Runnable::run, ObjectGraph.LOOK_WAITS_FOR_SLURM).scheduler(),
        report -> beat(report, ports.claims(), folders),
        ports.clock(),
        ports.expiry());
  }

  /** The life of the claim that a worker says it has. */
  private static Optional<Liveness> beat(
      WorkerReport.Status report, Claims claims, RunFolders folders) {
    try {
      return folders.find(Objects.requireNonNull(report.runId())).stream()
          .map(claims::look)
          .filter(ClaimState.Logged.class::isInstance)
          .map(ClaimState.Logged.class::cast)
          .filter(log -> log.end().owner().incarnation().equals(report.owner().incarnation()))
          .flatMap(log -> Optional.ofNullable(log.owner()).stream())
          .findFirst();
    } catch (UserError unreadable) {
      return Optional.empty();
    }
  }

  private StatusCommand status(List<Points> sweeps, LookPorts ports) {
    return new StatusCommand(sweeps, ports, console.screen())
        .choosing(invocation)
        .owing(wandb.arrears(ports.claims(), graph.journalToRead()))
        .scaledBy(() -> ScaleMode.standing(graph, console));
  }

  private ExitCode status(StatusCommand status, Sweeps read) {
    if (invocation.watch().isEmpty()) {
      return status.run(invocation);
    }
    return status.watch(invocation.watch().get(), signals, signals, new Watched(read, status));
  }

  /** The status of the sweeps as they are, made anew where one of them was edited. */
  private final class Watched implements Supplier<StatusCommand.Newest> {
    private final Followed<Sweeps.Loaded> followed;
    private Sweeps sweeps;
    private StatusCommand status;

    Watched(Sweeps read, StatusCommand status) {
      List<Path> files = read.all().stream().map(Sweeps.Loaded::file).toList();
      this.followed = read.followed(files, () -> files, none -> read, signals);
      this.sweeps = read;
      this.status = status;
    }

    @Override
    public StatusCommand.Newest get() {
      Sweeps now = new Sweeps(followed.newest());
      if (!now.equals(sweeps)) {
        LookPorts ports = graph.ports(now.training(), wandb.reading(Console.points(now)));
        List<Points> points = Console.points(now.awarded(ports.claims(), graph.journalToRead()));
        status = status(points, ports);
        sweeps = now;
      }
      return new StatusCommand.Newest(status, followed.complaints());
    }
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
    String named = graph.settings().worker();
    return named.isEmpty() ? graph.self().host() + "-1" : named;
  }

  private long freeBytes() {
    Path folder = graph.settings().storageRoot();
    while (folder != null) {
      try {
        return graph.files().freeBytes(folder);
      } catch (IOException notThereYet) {
        folder = folder.getParent();
      }
    }
    return -1;
  }
}
