package dev.sweeprunner.app;

import dev.sweeprunner.batch.Executions;
import dev.sweeprunner.batch.RepositoryLost;
import dev.sweeprunner.batch.RunLimit;
import dev.sweeprunner.batch.SweepRound;
import dev.sweeprunner.checkpoint.DiskCheckpoints;
import dev.sweeprunner.cli.Progress;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.GitProvenance;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.StaleWorkers;
import dev.sweeprunner.host.StorageRoot;
import dev.sweeprunner.host.UpstreamCheck;
import dev.sweeprunner.host.Version;
import dev.sweeprunner.host.WorkerNames;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.run.work.Claimer;
import dev.sweeprunner.run.work.LiveSweep;
import dev.sweeprunner.run.work.LogCloser;
import dev.sweeprunner.run.work.NodeHealth;
import dev.sweeprunner.run.work.Pass;
import dev.sweeprunner.run.work.Reporter;
import dev.sweeprunner.run.work.RunPorts;
import dev.sweeprunner.run.work.SickNode;
import dev.sweeprunner.run.work.SweepProgress;
import dev.sweeprunner.run.work.Worker;
import dev.sweeprunner.slurm.OwnTask;
import dev.sweeprunner.slurm.SlurmEnvironment;
import dev.sweeprunner.train.DeviceChoice;
import dev.sweeprunner.wandb.AccessCheck;
import dev.sweeprunner.wandb.Wandb;
import dev.sweeprunner.web.Vitals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.context.ConfigurableApplicationContext;

/** The command {@code run}: one worker, from its settings to its exit code. */
final class RunMode {
  private final Invocation invocation;
  private final Settings settings;
  private final Environment environment;
  private final Signals signals;
  private final ObjectGraph graph;
  private final Console console;
  private final Wandb wandb;
  private final OwnTask slurm;
  private final StorageRoot storage;
  private final AtomicInteger port = new AtomicInteger(-1);

  RunMode(Invocation invocation, ObjectGraph graph, Signals signals, Console console) {
    this.invocation = invocation;
    this.settings = graph.settings();
    this.environment = graph.environment();
    this.signals = signals;
    this.graph = graph;
    this.console = console;
    this.slurm = graph.ownTask(signals, this::news);
    this.storage = new StorageRoot(graph.files(), settings.storageRoot(), graph.layout().workers());
    this.wandb = graph.wandb(invocation, signals, console);
  }

  /**
   * Works until there is a reason to leave.
   *
   * @throws UserError for bad input, before anything was claimed
   */
  ExitCode run(Sweeps read) {
    SpringContext spring = spring();
    UpstreamCheck upToDate =
        invocation.has(Option.ALLOW_BEHIND)
            ? UpstreamCheck.none()
            : UpstreamCheck.start(
                graph.gitCheck(), read.all().stream().map(Sweeps.Loaded::file).toList());
    DeviceChoice choice = new DeviceChoice(new TemporaryLibrary(), console::warn);
    String whyCpu = read.builtin() ? choice.apply(settings.device(), graph.devices()) : "";
    storage.prepare(signals);
    AccessCheck access = wandb.access(Console.points(read));
    WorkerNames names = graph.workerNames(slurm.task());
    WorkerParts parts = parts(read, name(names));
    List<EditedSweep> sweeps = new ArrayList<>();
    read.all().forEach(sweep -> sweeps.add(edited(sweep, parts, sweeps)));
    console.introduce(settings, parts.name(), read, read.training().device(), whyCpu);
    upToDate.join(console::warn);
    access.join(console::note, console::warn);
    console.tracking(wandb.words(Console.points(read)));
    wandb.lookAfter(Console.points(read), parts.claims(), parts.journal());
    StaleWorkers stale = names.stale(parts.name()).watch(ObjectGraph::rest);
    ExitCode code = EditedSweep.allEnded(sweeps) ? ExitCode.DONE : work(spring, parts, sweeps);
    Sweeps newest = EditedSweep.newest(sweeps);
    graph.relay().close();
    wandb.close(Console.points(newest), parts.claims(), parts.journal());
    if (code == ExitCode.STOPPED) {
      slurm.leave(parts.owner()).ifPresent(this::news);
    } else if (code != ExitCode.SICK_NODE) {
      stale.leave();
    }
    return told(
        console
            .table(
                graph.ports(newest.training(), wandb.reading(Console.points(newest))),
                newest,
                invocation.has(Option.TABLE),
                code == ExitCode.DONE)
            .orElse(code == ExitCode.DONE ? ExitCode.IDLE : code));
  }

  private void news(String line) {
    console.news(graph.clock(), line);
  }

  /** As Slurm is to count it, which calls every other code a failure. */
  private ExitCode told(ExitCode code) {
    boolean zero = settings.slurm().zero() && slurm.task() != null && code.inOrder();
    return zero ? ExitCode.DONE : code;
  }

  private WorkerParts parts(Sweeps read, String name) {
    Owner owner = graph.owner(name, read.training().device(), slurm.task());
    Claims claims = graph.claims(owner, signals, false);
    Supplier<Provenance> provenance = provenance(read);
    Journal journal = graph.journal(owner, provenance);
    return new WorkerParts(
        name,
        owner,
        claims,
        journal,
        provenance,
        new LogCloser(claims, journal, graph.trace()),
        new NodeHealth(),
        slurm.budget(read.grace()),
        console.narrator(graph.clock(), read),
        new Reporter(graph.workerReport(), owner, port::get, claims, graph.clock()));
  }

  private EditedSweep edited(Sweeps.Loaded read, WorkerParts parts, List<EditedSweep> all) {
    return new EditedSweep(
        first(read.awarded(parts.claims(), parts.journal()), parts),
        (before, newer) -> next(before, newer.awarded(parts.claims(), parts.journal()), parts),
        signals,
        line -> {
          parts.narrator().over(Console.points(EditedSweep.newest(all)));
          parts.narrator().say(line);
        },
        console::warnAgain);
  }

  private EditedSweep.Edition first(Sweeps.Loaded sweep, WorkerParts parts) {
    sweep.training().prepare();
    Pass pass =
        new Pass(
            sweep.points(),
            parts.claims(),
            parts.name(),
            graph.clock(),
            settings.maxAge(),
            settings.policy().home());
    Telemetry telemetry =
        wandb.telemetry(sweep.points(), graph.devices().name(), parts.name(), parts.provenance());
    Observer observer =
        graph.observer(
            parts.claims(),
            sweep.training(),
            wandb.registry(sweep.points()),
            slurm.scheduler(),
            false);
    return edition(sweep, pass, observer, telemetry, parts);
  }

  /** What is told to W&B hangs on names alone, which stay. */
  private EditedSweep.Edition next(
      EditedSweep.Edition before, Sweeps.Loaded sweep, WorkerParts parts) {
    return edition(
        sweep,
        before.parts().pass().over(sweep.points()),
        before.observer().over(wandb.registry(sweep.points()), sweep.training()),
        before.ports().telemetry(),
        parts);
  }

  private EditedSweep.Edition edition(
      Sweeps.Loaded sweep, Pass pass, Observer observer, Telemetry telemetry, WorkerParts parts) {
    Claimer claimer =
        new Claimer(
            pass,
            observer,
            parts.claims(),
            sweep.training(),
            parts.closer(),
            telemetry,
            new Claimer.Options(
                settings.policy(), settings.test().resume(), parts.narrator()::say, slurm.place()),
            parts.budget());
    RunPorts ports = ports(sweep, telemetry, parts);
    SweepProgress progress =
        new SweepProgress(sweep.file().toString(), pass, graph.clock(), parts.narrator());
    return new EditedSweep.Edition(
        sweep,
        new LiveSweep.Parts(pass, claimer, progress.over(run -> attempt(run, ports))),
        observer,
        ports,
        progress);
  }

  private RunPorts ports(Sweeps.Loaded sweep, Telemetry telemetry, WorkerParts parts) {
    return new RunPorts(
        parts.closer(),
        parts.node(),
        sweep.training().within(parts.budget()),
        new DiskCheckpoints(graph.files(), graph.layout(), sweep.format(), graph.trace()),
        parts.journal(),
        telemetry,
        parts.narrator(),
        parts.reporter(),
        graph.clock(),
        signals,
        signals,
        parts.budget(),
        graph.trace());
  }

  private SpringContext spring() {
    return SpringContext.begin(!invocation.has(Option.NO_WEB), settings.port());
  }

  private ExitCode work(SpringContext begun, WorkerParts parts, List<EditedSweep> sweeps) {
    RunLimit limit = new RunLimit(invocation.maxRuns().orElse(0));
    SpringContext spring = begun;
    try (JobRepositoryFile store =
        new JobRepositoryFile(
            graph.files(),
            graph.layout().batch(),
            parts.name(),
            graph.self().pid(),
            console::warn)) {
      while (true) {
        try {
          return work(spring, parts, sweeps, store, limit);
        } catch (RepositoryLost lost) {
          spring = spring(); // the store has another
        }
      }
    }
  }

  private ExitCode work(
      SpringContext spring,
      WorkerParts parts,
      List<EditedSweep> sweeps,
      JobRepositoryFile store,
      RunLimit limit) {
    try (ConfigurableApplicationContext context = spring.open(store.url(), vitals(parts, sweeps))) {
      console.health(port.get());
      sweeps.forEach(EditedSweep::begin);
      Executions executions = Executions.of(context, parts.name(), store::lost);
      executions.recover();
      return worker(parts, rounds(sweeps, executions, limit)).run();
    } catch (SickNode sick) {
      parts.reporter().stopped(String.valueOf(sick.getMessage()));
      console.warn("This node is given up: " + sick.sentence());
      return ExitCode.SICK_NODE;
    }
  }

  private List<SweepRound> rounds(List<EditedSweep> sweeps, Executions executions, RunLimit limit) {
    return sweeps.stream()
        .map(sweep -> new SweepRound(sweep, signals, limit, executions, graph.clock()))
        .toList();
  }

  private Worker worker(WorkerParts parts, List<SweepRound> rounds) {
    return new Worker(
        rounds,
        parts.reporter(),
        parts.narrator(),
        signals,
        signals,
        storage::lacking,
        new Worker.Options(
            settings.idleWait(), invocation.exitWhenIdle(), graph.self().pid(), graph.clock()));
  }

  private Vitals vitals(WorkerParts parts, List<EditedSweep> sweeps) {
    return new Vitals(
        parts.reporter()::current,
        parts.reporter().meter(),
        storage::complaint,
        new Vitals.Wandb(wandb.delivery(Console.points(EditedSweep.newest(sweeps))), wandb::asked),
        graph.relay()::standing,
        new Vitals.Origin(Version.text(), () -> parts.provenance().get().commit()),
        new PageMode(invocation, graph, signals, console).beside(() -> EditedSweep.newest(sweeps)),
        port::set,
        graph.clock(),
        graph.layout().workers(),
        new Vitals.Limits(settings.claim().hang(), settings.claim().expiry()));
  }

  private Attempt attempt(ClaimedRun run, RunPorts ports) {
    return new Attempt(
        run, ports, settings.policy().retryPolicy(), settings.checkpoint(), graph.self().host());
  }

  private String name(WorkerNames names) {
    SlurmTask task = slurm.task();
    String given = settings.worker();
    return names.take(
        given.isEmpty() && task != null
            ? SlurmEnvironment.workerName(settings.cluster(), task, environment.variables())
            : given,
        signals);
  }

  private Supplier<Provenance> provenance(Sweeps read) {
    return new GitProvenance(environment, settings.git().diff())
        .asked(read.all().get(0).file(), Version.text());
  }

  /** What this worker does everything with, whatever the sweep. */
  private record WorkerParts(
      String name,
      Owner owner,
      Claims claims,
      Journal journal,
      Supplier<Provenance> provenance,
      LogCloser closer,
      NodeHealth node,
      TimeBudget budget,
      Progress narrator,
      Reporter reporter) {}
}
