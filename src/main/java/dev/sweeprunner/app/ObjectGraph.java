package dev.sweeprunner.app;

import dev.sweeprunner.claim.Cached;
import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.LookedAt;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.Chance;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.EventFile;
import dev.sweeprunner.host.GitCheck;
import dev.sweeprunner.host.Machine;
import dev.sweeprunner.host.ProcProcesses;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.host.ThisProcess;
import dev.sweeprunner.host.Version;
import dev.sweeprunner.host.WorkerNames;
import dev.sweeprunner.journal.DirectoryJournal;
import dev.sweeprunner.journal.DirectoryWorkerReport;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.relay.LoopbackRelay;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Survey;
import dev.sweeprunner.slurm.OwnTask;
import dev.sweeprunner.slurm.Slurm;
import dev.sweeprunner.slurm.SlurmEnvironment;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.wandb.Silence;
import dev.sweeprunner.wandb.Tracking;
import dev.sweeprunner.wandb.Undelivered;
import dev.sweeprunner.wandb.Wandb;
import dev.sweeprunner.wandb.telemetry.Tracker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The object graph by hand, the same for all modes: no GPU, no database, no port, no Spring.
 * Nothing is created on disk before it is needed.
 */
final class ObjectGraph {
  private static final String OBSERVER = "observer";
  private static final double JITTER = 0.3;
  static final Duration LOOK_WAITS_FOR_SLURM = Duration.ofSeconds(1);

  private final Settings settings;
  private final Environment environment;
  private final Devices devices;
  private final Clock clock = new SystemClock();
  private final FileSystem files = new LocalFiles();
  private final Layout layout;
  private final ThisProcess self;
  private final Processes processes;
  private final Trace trace;
  private final WorkerReport workerReport;
  private final LoopbackRelay relay;

  /** The graph below this storage root; a UserError if a test setting cannot be followed. */
  ObjectGraph(Settings settings, Environment environment) {
    this.settings = settings;
    this.environment = environment;
    String compilers = environment.property("java.vm.info", "");
    this.devices = new Devices(CpuBackEnd.of(settings.threads(), compilers));
    this.layout = new Layout(settings.storageRoot());
    this.self = ThisProcess.read(environment);
    this.processes = new ProcProcesses(self);
    Settings.Test test = settings.test();
    this.trace = EventFile.trace(files, test.events(), test.crashAt(), test.crashHow());
    this.workerReport = new DirectoryWorkerReport(files, layout);
    this.relay = new LoopbackRelay(files, layout, clock, Chance.tokens());
  }

  Settings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  FileSystem files() {
    return files;
  }

  Layout layout() {
    return layout;
  }

  ThisProcess self() {
    return self;
  }

  /** The names of workers, for this process. */
  Processes processes() {
    return processes;
  }

  /** Names for this process, in a Slurm job or none. */
  WorkerNames workerNames(@Nullable SlurmTask task) {
    return new WorkerNames(files, layout, self, task, processes);
  }

  /** What this process was started with. */
  Environment environment() {
    return environment;
  }

  /**
   * Slurm, not asked yet.
   *
   * @param executor runs the questions of those who do not want to wait
   * @param timeout of one question
   */
  Slurm slurm(Executor executor, Duration timeout) {
    double jitter = JITTER * new SplittableRandom(self.pid()).nextDouble();
    long fresh = (long) (settings.slurm().fresh().toNanos() * (1 + jitter));
    return new Slurm(
        new Slurm.Options(
            settings.slurm().bin(),
            self.user().replaceFirst("^uid-", ""),
            environment.variable("SLURM_CONF").orElse(""),
            timeout,
            Duration.ofNanos(fresh),
            timeout.equals(LOOK_WAITS_FOR_SLURM)),
        files,
        new Slurm.Places(environment.hostFolder(), layout, workerReport),
        clock,
        executor,
        SlurmEnvironment.task(environment.variables()).orElse(null));
  }

  /** This process's own task in Slurm; begins to ask for it, in the background. */
  OwnTask ownTask(Signals signals, Consumer<String> news) {
    Executor executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "slurm");
              thread.setDaemon(true);
              return thread;
            });
    return slurm(executor, settings.slurm().timeout())
        .ownTask(
            new OwnTask.Options(
                signals,
                signals::request,
                signals::onTerm,
                signals::onWarning,
                settings.slurm().margin(),
                settings.slurm().requeue(),
                signals,
                ObjectGraph::rest,
                news),
            processes,
            workerReport);
  }

  static void rest(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether work trees are behind their upstreams. */
  GitCheck gitCheck() {
    return new GitCheck(
        environment,
        files,
        environment.hostFolder(),
        clock,
        settings.git().timeout(),
        settings.git().answerFor());
  }

  Trace trace() {
    return trace;
  }

  WorkerReport workerReport() {
    return workerReport;
  }

  /** W&amp;B as this invocation uses it. */
  Wandb wandb(Invocation invocation, Signals signals, Console words) {
    Settings.Wandb chosen = settings.wandb();
    Tracking tracking =
        new Tracking(
            wishes(invocation),
            environment.variables(),
            Path.of(environment.home()),
            environment.workingDirectory(),
            words::warn);
    return new Wandb(
        tracking,
        new Wandb.Process(
            settings.cluster(),
            self.host(),
            self.pid(),
            Version.text(),
            () -> Machine.of(environment)),
        new Wandb.Options(
            new Tracker.Times(
                chosen.settle(),
                settings.policy().live(),
                settings.policy().crashGrace(),
                chosen.post(),
                chosen.beat(),
                chosen.delivery()),
            chosen.fresh(),
            chosen.flush(),
            new Silence(
                settings.policy().down().name().toLowerCase(Locale.ROOT),
                settings.policy().home().divided(),
                !invocation.has(Option.NO_ADOPT)),
            invocation.has(Option.REFRESH),
            new Undelivered(settings.storageRoot(), settings.storageGiven())),
        new Wandb.Ports(
            files, layout, clock, signals, signals, ObjectGraph::rest, words::warn, words::note));
  }

  private Tracking.Wishes wishes(Invocation invocation) {
    return new Tracking.Wishes(
        settings.wandb().mode(),
        invocation.text(Option.ENTITY),
        settings.wandb().entity(),
        invocation.has(Option.WANDB_BUFFER),
        sweep -> new Programs(this).rules(sweep).relayed());
  }

  /** This process as an owner, under the name of a worker, in a Slurm job or none. */
  Owner owner(String worker, @Nullable SlurmTask task) {
    return owner(worker, devices.name(), task);
  }

  /** As above, where this trains. */
  Owner owner(String worker, String device, @Nullable SlurmTask task) {
    return self.owner(worker, settings.cluster(), device, task);
  }

  /**
   * The claims of this storage root.
   *
   * @param looksOnly whether this process promises to change nothing; then it holds nothing either,
   *     and what it held as a worker is a dead one's
   */
  Claims claims(Owner owner, Pause pause, boolean looksOnly) {
    Settings.ClaimTimes times = settings.claim();
    ClaimSettings whole =
        new ClaimSettings(times.expiry(), times.beat(), times.beat(), times.hang(), true);
    Processes judged = looksOnly ? processes.without(self.pid()) : processes;
    Supplier<List<Claims.Finding>> findings =
        new Cached<>(clock, times.beat(), workerReport::findings);
    return new DirectoryClaims(
        layout,
        files,
        owner,
        looksOnly ? whole.observing() : whole,
        new ClaimPorts(clock, pause, judged, trace, findings));
  }

  Journal journal(Owner owner, Supplier<Provenance> provenance) {
    return new DirectoryJournal(files, layout, owner, provenance, clock, trace);
  }

  /** A journal for commands that only read. */
  Journal journalToRead() {
    return journal(owner(OBSERVER, null), () -> new Provenance(null, "", Map.of()));
  }

  /**
   * The trainer.
   *
   * @param places finds a config's files
   * @param notices receives what the user should know once
   */
  Training training(Function<String, List<Path>> places, Consumer<String> notices) {
    return new LocalTraining(devices, clock, places, notices);
  }

  /** What trains: the processors, until a worker has looked for something better. */
  Devices devices() {
    return devices;
  }

  /** The W&amp;B server for users' programs; opens nothing before the first of them starts. */
  LoopbackRelay relay() {
    return relay;
  }

  /** The one way to facts and verdicts. */
  Observer observer(
      Claims claims, Training training, Registry registry, Scheduler scheduler, boolean oneShot) {
    return new Observer(
        claims, registry, scheduler, training, clock, new Judge(settings.policy()), oneShot);
  }

  /** Where commands that look once, and change nothing, read from. */
  LookPorts ports(Training training, Registry registry) {
    return ports(training, registry, slurm(Runnable::run, LOOK_WAITS_FOR_SLURM).scheduler());
  }

  /** As above, with a Slurm that was asked already. */
  LookPorts ports(Training training, Registry registry, Scheduler scheduler) {
    Claims claims = claims(owner(OBSERVER, null), duration -> {}, true);
    Observer observer = observer(claims, training, registry, scheduler, true);
    Journal journal = journalToRead();
    return new LookPorts(
        claims,
        observer,
        new Survey(observer, journal),
        workerReport,
        clock,
        settings.claim().expiry(),
        settings.policy().home(),
        LookedAt.of(layout.root(), layout.out(), settings.storageGiven()));
  }
}
