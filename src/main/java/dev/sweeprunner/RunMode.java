package dev.sweeprunner;

import dev.sweeprunner.batch.Executions;
import dev.sweeprunner.batch.RunLimit;
import dev.sweeprunner.batch.SweepRound;
import dev.sweeprunner.cli.Invocation;
import dev.sweeprunner.cli.Sources;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.GitProvenance;
import dev.sweeprunner.host.SignalPause;
import dev.sweeprunner.host.WorkerNames;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Attempt;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Conclusion;
import dev.sweeprunner.run.Contender;
import dev.sweeprunner.run.ExitCode;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.NodeHealth;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Pass;
import dev.sweeprunner.run.Ports;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Reporter;
import dev.sweeprunner.run.SickNode;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Work;
import dev.sweeprunner.run.Worker;
import dev.sweeprunner.slurm.SlurmEnvironment;
import dev.sweeprunner.web.Vitals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.context.ConfigurableApplicationContext;

/** The command {@code run}: one worker, from its settings to its exit code. */
final class RunMode {
  private final Invocation invocation;
  private final Settings settings;
  private final Environment environment;
  private final Signals signals;
  private final Wiring wiring;
  private final Console console;
  private final SignalPause pause;
  private final WandbDesk wandb;
  private final SlurmDesk slurm;
  private final AtomicInteger port = new AtomicInteger(-1);

  RunMode(
      Invocation invocation,
      Settings settings,
      Environment environment,
      Signals signals,
      Wiring wiring,
      Tracking tracking,
      Console console) {
    this.invocation = invocation;
    this.settings = settings;
    this.environment = environment;
    this.signals = signals;
    this.wiring = wiring;
    this.console = console;
    this.pause = new SignalPause(signals);
    signals.onStop(pause::wake);
    this.slurm = new SlurmDesk(wiring, signals, console);
    this.wandb = new WandbDesk(wiring, tracking, invocation, console, pause, signals);
  }

  /**
   * Works until there is a reason to leave.
   *
   * @throws UserError for bad input, before anything was claimed
   */
  ExitCode run(Sweeps read) {
    UpstreamCheck upToDate =
        UpstreamCheck.start(invocation, settings, environment, wiring, console);
    String whyCpu =
        new DeviceChoice(new TemporaryLibrary(), console::warn)
            .apply(settings.device(), wiring.devices());
    StorageRoot.prepare(settings, wiring);
    AccessCheck access = wandb.check(read);
    Hands hands = hands(read);
    List<Desk> desks = read.all().stream().map(sweep -> desk(sweep, hands)).toList();
    console.introduce(
        settings, hands.name(), read, desks.get(0).ports().training().device(), whyCpu);
    upToDate.join();
    access.join(settings.policy().down(), console);
    wandb.lookAfter(read.all(), hands.claims(), hands.journal());
    ExitCode code = allEnded(desks) ? ExitCode.DONE : work(hands, desks);
    wandb.close(read.all(), hands.claims(), hands.journal());
    slurm.leave(code, hands.owner());
    return console
        .table(sources(read), read, code == ExitCode.DONE)
        .orElse(code == ExitCode.DONE ? ExitCode.IDLE : code);
  }

  private Sources sources(Sweeps read) {
    return wiring.sources(read.all().get(0).training(), Registries.reading(wandb, read));
  }

  private Hands hands(Sweeps read) {
    String name = workerName();
    Owner owner = wiring.owner(name, read.all().get(0).training(), slurm.task());
    Claims claims = wiring.claims(owner, pause, false);
    Supplier<Provenance> provenance = provenance(read);
    Journal journal = wiring.journal(owner, provenance);
    return new Hands(
        name,
        owner,
        claims,
        journal,
        provenance,
        new Conclusion(claims, journal, wiring.trace()),
        new NodeHealth(),
        slurm.budget(pause),
        console.narrator(wiring.clock(), read),
        new Reporter(wiring.workerReport(), owner, port::get, claims, wiring.clock()));
  }

  private Desk desk(Sweeps.Loaded read, Hands hands) {
    Sweeps.Loaded sweep = read.awarded(hands.claims(), hands.journal());
    Pass pass =
        new Pass(
            sweep.points(),
            hands.claims(),
            hands.name(),
            wiring.clock(),
            settings.listing(),
            settings.policy().home());
    Telemetry telemetry = wandb.telemetry(sweep, hands.name(), hands.provenance());
    Contender contender =
        new Contender(
            pass,
            wiring.observer(
                hands.claims(),
                sweep.training(),
                wandb.registry(sweep.points()),
                slurm.scheduler(),
                false),
            hands.claims(),
            sweep.training(),
            hands.conclusion(),
            telemetry,
            new Contender.Terms(settings.policy(), settings.test().resume()),
            hands.budget());
    return new Desk(sweep, pass, contender, ports(sweep, telemetry, hands));
  }

  private Ports ports(Sweeps.Loaded sweep, Telemetry telemetry, Hands hands) {
    return new Ports(
        hands.conclusion(),
        hands.node(),
        sweep.training(),
        wiring.checkpoints(),
        hands.journal(),
        telemetry,
        hands.narrator(),
        hands.reporter(),
        wiring.clock(),
        pause,
        signals,
        hands.budget(),
        wiring.trace());
  }

  private static boolean allEnded(List<Desk> desks) {
    boolean ended = true;
    for (Desk desk : desks) {
      ended &= !desk.contender().anyClaimable() && desk.pass().allSettled();
    }
    return ended;
  }

  private ExitCode work(Hands hands, List<Desk> desks) {
    JobStore store = new JobStore(wiring.files(), wiring.layout().batch());
    String url = store.url(hands.name(), wiring.self().pid());
    store.warnings().forEach(console::warn);
    Vitals vitals = vitals(hands.reporter());
    try (ConfigurableApplicationContext context =
        SpringContext.start(url, invocation.web(), settings.port(), vitals)) {
      Executions executions = Executions.of(context, hands.name());
      executions.recover();
      return worker(hands, rounds(desks, executions)).run();
    } catch (SickNode sick) {
      hands.reporter().stopped(String.valueOf(sick.getMessage()));
      console.warn("This node is given up: " + withStop(String.valueOf(sick.getMessage())));
      return ExitCode.SICK_NODE;
    }
  }

  private List<SweepRound> rounds(List<Desk> desks, Executions executions) {
    RunLimit limit = new RunLimit(invocation.maxRuns().orElse(0));
    return desks.stream()
        .map(
            desk ->
                new SweepRound(
                    desk.sweep().file().toString(),
                    desk.pass(),
                    desk.contender(),
                    work -> attempt(work, desk.ports()),
                    signals,
                    limit,
                    executions))
        .toList();
  }

  private Worker worker(Hands hands, List<SweepRound> rounds) {
    return new Worker(
        rounds,
        hands.reporter(),
        hands.narrator(),
        pause,
        signals,
        new Worker.Habits(settings.idle(), invocation.exitWhenIdle(), wiring.self().pid()));
  }

  private static String withStop(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  private Vitals vitals(Reporter reporter) {
    return new Vitals(
        reporter::current,
        () -> StorageRoot.complaint(wiring),
        port::set,
        wiring.clock(),
        settings.claim().hang());
  }

  private Attempt attempt(Work work, Ports ports) {
    return new Attempt(
        work, ports, settings.attempts(), settings.checkpoint(), wiring.self().host());
  }

  private String workerName() {
    WorkerNames names =
        new WorkerNames(
            wiring.files(), wiring.layout(), wiring.self(), slurm.task(), wiring.processes());
    try {
      if (!settings.worker().isEmpty()) {
        return names.like(settings.worker());
      }
      SlurmTask task = slurm.task();
      return task == null
          ? names.ofHost()
          : names.like(
              SlurmEnvironment.workerName(settings.cluster(), task, environment.variables()));
    } catch (IOException e) {
      throw new UserError(
          wiring.layout().workers().toString(),
          "no worker name can be taken: " + e.getMessage(),
          "Make the storage root writable",
          e);
    }
  }

  private Supplier<Provenance> provenance(Sweeps read) {
    Path first = read.all().get(0).file();
    CompletableFuture<Provenance> asked =
        CompletableFuture.supplyAsync(
            () -> new GitProvenance(environment).of(first, Version.text()));
    return asked::join;
  }

  /** What this worker does everything with, whatever the sweep. */
  private record Hands(
      String name,
      Owner owner,
      Claims claims,
      Journal journal,
      Supplier<Provenance> provenance,
      Conclusion conclusion,
      NodeHealth node,
      TimeBudget budget,
      Narrator narrator,
      Reporter reporter) {}

  /** What one sweep is worked on with. */
  private record Desk(Sweeps.Loaded sweep, Pass pass, Contender contender, Ports ports) {}
}
