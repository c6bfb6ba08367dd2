package dev.sweeprunner;

import dev.sweeprunner.batch.Executions;
import dev.sweeprunner.batch.RunLimit;
import dev.sweeprunner.batch.SweepRound;
import dev.sweeprunner.cli.Invocation;
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
import dev.sweeprunner.run.Observer;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Pass;
import dev.sweeprunner.run.Ports;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Reporter;
import dev.sweeprunner.run.SickNode;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Work;
import dev.sweeprunner.run.Worker;
import dev.sweeprunner.web.Vitals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final AtomicInteger port = new AtomicInteger(-1);

  RunMode(
      Invocation invocation,
      Settings settings,
      Environment environment,
      Signals signals,
      Wiring wiring,
      Console console) {
    this.invocation = invocation;
    this.settings = settings;
    this.environment = environment;
    this.signals = signals;
    this.wiring = wiring;
    this.console = console;
    this.pause = new SignalPause(signals);
    signals.onStop(pause::wake);
  }

  /**
   * Works until there is a reason to leave.
   *
   * @throws UserError for bad input, before anything was claimed
   */
  ExitCode run(Sweeps read) {
    UpstreamCheck upToDate =
        UpstreamCheck.start(invocation, settings, environment, wiring, console);
    StorageRoot.prepare(settings, wiring);
    String name = workerName();
    Owner owner = wiring.owner(name, read.all().get(0).training());
    Claims claims = wiring.claims(owner, pause, false);
    Journal journal = wiring.journal(owner, provenance(read));
    Narrator narrator = console.narrator(wiring.clock(), read);
    Reporter reporter =
        new Reporter(wiring.workerReport(), owner, port::get, claims, wiring.clock());
    Conclusion conclusion = new Conclusion(claims, journal, wiring.trace());
    NodeHealth node = new NodeHealth();
    List<Desk> desks = new ArrayList<>();
    for (Sweeps.Loaded sweep : read.all()) {
      Sweeps.Loaded awarded = sweep.awarded(claims, journal);
      Observer observer = wiring.observer(claims, awarded.training(), false);
      Pass pass = new Pass(awarded.points(), claims, name);
      Contender contender =
          new Contender(
              pass,
              observer,
              claims,
              awarded.training(),
              conclusion,
              settings.attempts(),
              settings.test().resume());
      Ports ports =
          new Ports(
              conclusion,
              node,
              awarded.training(),
              wiring.checkpoints(),
              journal,
              Telemetry.OFF,
              narrator,
              reporter,
              wiring.clock(),
              pause,
              signals,
              wiring.trace());
      desks.add(new Desk(awarded, pass, contender, ports));
    }
    console.introduce(settings, name, read, desks.get(0).ports().training().device());
    upToDate.join();
    ExitCode code = allEnded(desks) ? ExitCode.DONE : work(name, desks, reporter);
    return code == ExitCode.DONE ? console.table(wiring, read) : left(code, read);
  }

  private ExitCode left(ExitCode code, Sweeps read) {
    console.table(wiring, read);
    return code;
  }

  private static boolean allEnded(List<Desk> desks) {
    boolean ended = true;
    for (Desk desk : desks) {
      ended &= !desk.contender().anyClaimable() && desk.pass().allSettled();
    }
    return ended;
  }

  private ExitCode work(String name, List<Desk> desks, Reporter reporter) {
    JobStore store = new JobStore(wiring.files(), wiring.layout().batch());
    String url = store.url(name, wiring.self().pid());
    store.warnings().forEach(console::warn);
    try (ConfigurableApplicationContext context =
        SpringContext.start(url, invocation.web(), settings.port(), vitals(reporter))) {
      Executions executions = Executions.of(context, name);
      executions.recover();
      RunLimit limit = new RunLimit(invocation.maxRuns().orElse(0));
      List<SweepRound> rounds = new ArrayList<>();
      for (Desk desk : desks) {
        rounds.add(
            new SweepRound(
                desk.sweep().file().toString(),
                desk.pass(),
                desk.contender(),
                work -> attempt(work, desk.ports()),
                signals,
                limit,
                executions));
      }
      Worker worker =
          new Worker(
              rounds,
              reporter,
              desks.get(0).ports().narrator(),
              pause,
              signals,
              new Worker.Habits(settings.idle(), invocation.exitWhenIdle(), wiring.self().pid()));
      return worker.run();
    } catch (SickNode sick) {
      reporter.stopped(String.valueOf(sick.getMessage()));
      console.warn("This node is given up: " + sick.getMessage() + ".");
      return ExitCode.SICK_NODE;
    }
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
            wiring.files(),
            wiring.layout(),
            wiring.self(),
            wiring.slurm().orElse(null),
            wiring.processes());
    try {
      if (!settings.worker().isEmpty()) {
        return names.like(settings.worker());
      }
      if (wiring.slurm().isPresent()) {
        return names.like(settings.cluster() + "-" + wiring.slurm().get().display());
      }
      return names.ofHost();
    } catch (IOException e) {
      throw new UserError(
          wiring.layout().workers().toString(),
          "no worker name can be taken: " + e.getMessage(),
          "Make the storage root writable",
          e);
    }
  }

  private java.util.function.Supplier<Provenance> provenance(Sweeps read) {
    Path first = read.all().get(0).file();
    CompletableFuture<Provenance> asked =
        CompletableFuture.supplyAsync(
            () -> new GitProvenance(environment).of(first, Version.text()));
    return asked::join;
  }

  /** What one sweep is worked on with. */
  private record Desk(Sweeps.Loaded sweep, Pass pass, Contender contender, Ports ports) {}
}
