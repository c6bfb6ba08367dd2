package dev.sweeprunner.app;

import dev.sweeprunner.checkpoint.CheckpointInspection;
import dev.sweeprunner.checkpoint.DiskCheckpoints;
import dev.sweeprunner.claim.LogInspection;
import dev.sweeprunner.cli.AuditCommand;
import dev.sweeprunner.cli.CompareCommand;
import dev.sweeprunner.cli.ExplainCommand;
import dev.sweeprunner.cli.ExportCommand;
import dev.sweeprunner.cli.ImportCommand;
import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.PlanCommand;
import dev.sweeprunner.cli.PrepareCommand;
import dev.sweeprunner.cli.ResetCommand;
import dev.sweeprunner.cli.RowsCommand;
import dev.sweeprunner.cli.SyncCommand;
import dev.sweeprunner.cli.results.ResultsCommand;
import dev.sweeprunner.cli.status.Roll;
import dev.sweeprunner.cli.status.StatusCommand;
import dev.sweeprunner.cli.status.WorkersCommand;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.Chance;
import dev.sweeprunner.host.GitProvenance;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.Version;
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
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.audit.Audit;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.work.Import;
import dev.sweeprunner.slurm.SlurmEnvironment;
import dev.sweeprunner.sweep.Followed;
import dev.sweeprunner.train.Exported;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.TextShards;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.data.ByteTokens;
import dev.sweeprunner.wandb.Wandb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The commands that only look, and {@code reset}: plain Java, no Spring, no database, no port. */
final class LookMode {
  /** The name by which an import holds a run. */
  private static final String IMPORTER = "import";

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
      case PREPARE -> prepare();
      case EXPORT -> export(sweeps, ports, folders);
      case IMPORT -> imported(read, registry);
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

  private ExitCode prepare() {
    List<Path> texts = invocation.runIds().stream().map(this::path).toList();
    Path folder = path(invocation.text(Option.TO).orElseThrow());
    double share = Double.parseDouble(invocation.text(Option.VAL).orElse("0.1"));
    return new PrepareCommand(graph.clock(), signals, console.screen())
        .run(
            progress -> {
              TextShards shards = new TextShards(graph.files(), Chance.tokens().get(), progress);
              TextShards.Made made = shards.make(texts, folder, share);
              return new PrepareCommand.Made(
                  folder, made.training(), made.validation(), made.shards(), ByteTokens.VOCABULARY);
            },
            texts.stream().mapToLong(text -> text.toFile().length()).sum());
  }

  private ExitCode export(List<Points> sweeps, LookPorts ports, RunFolders folders) {
    TrainingFormat format = new TrainingFormat(graph.files(), graph.trace());
    Path to = path(invocation.text(Option.TO).orElseThrow());
    Path moments = invocation.text(Option.MOMENTS).map(this::path).orElse(null);
    ExportCommand.Store store =
        (key, newest) -> {
          Path folder = graph.layout().checkpoint(ports.survey().home(key), newest.name());
          Optional<Exported> found = Exported.of(format, folder, newest.manifestSha256());
          if (found.isEmpty()) {
            return OptionalLong.empty();
          }
          found.get().save(graph.files(), to, moments, Chance.tokens().get());
          return OptionalLong.of(found.get().parameters());
        };
    return new ExportCommand(sweeps, ports.claims(), folders::find, store, console.screen())
        .run(invocation.runIds().get(0), to.toString());
  }

  /** Holds the run for a moment, as a worker does. */
  private ExitCode imported(Sweeps read, Registry registry) {
    SlurmTask task = SlurmEnvironment.task(graph.environment().variables()).orElse(null);
    Owner owner = graph.owner(IMPORTER, task);
    Claims claims = graph.claims(owner, signals, false);
    GitProvenance git = new GitProvenance(graph.environment(), graph.settings().git().diff());
    Path sweep = read.all().get(0).file();
    Journal journal = graph.journal(owner, () -> git.of(sweep, Version.text()));
    Observer observer =
        new Observer(
            claims,
            registry,
            graph.slurm(Runnable::run, ObjectGraph.LOOK_WAITS_FOR_SLURM).scheduler(),
            read.training(),
            graph.clock(),
            new Judge(graph.settings().policy().beginningAfresh()),
            false);
    TrainingFormat format = new TrainingFormat(graph.files(), graph.trace());
    Import work =
        new Import(
            claims,
            observer,
            new DiskCheckpoints(graph.files(), graph.layout(), format, graph.trace()),
            journal,
            graph.trace());
    List<Points> sweeps = Console.points(read.awarded(claims, journal));
    return new ImportCommand(sweeps, work, console.screen())
        .run(invocation.runIds().get(0), point -> start(read, point));
  }

  private ImportCommand.Start start(Sweeps read, Point point) {
    Path weights = path(invocation.text(Option.FROM).orElseThrow());
    Path moments = invocation.text(Option.MOMENTS).map(this::path).orElse(null);
    long iter = invocation.number(Option.ITER).orElse(-1);
    LocalTraining trainer =
        read.all().stream()
            .filter(sweep -> sweep.points().indexOf(point.runId()).isPresent())
            .map(sweep -> (LocalTraining) sweep.training())
            .findFirst()
            .orElseThrow();
    TrainingState state = trainer.imported(point.config(), weights, moments, iter);
    return new ImportCommand.Start(state, new Origin(LocalTraining.words(weights), state.iter()));
  }

  private Path path(String given) {
    return graph.environment().path(given);
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
