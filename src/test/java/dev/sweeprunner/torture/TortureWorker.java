package dev.sweeprunner.torture;

import dev.sweeprunner.checkpoint.DiskCheckpoints;
import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.EventFile;
import dev.sweeprunner.host.ProcProcesses;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.host.ThisProcess;
import dev.sweeprunner.host.WorkerNames;
import dev.sweeprunner.journal.DirectoryJournal;
import dev.sweeprunner.journal.DirectoryWorkerReport;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.run.judge.RetryPolicy;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.run.work.CheckpointRules;
import dev.sweeprunner.run.work.Claimer;
import dev.sweeprunner.run.work.LogCloser;
import dev.sweeprunner.run.work.NodeHealth;
import dev.sweeprunner.run.work.Pass;
import dev.sweeprunner.run.work.Reporter;
import dev.sweeprunner.run.work.RunPorts;
import dev.sweeprunner.run.work.Worker;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.testkit.SilentNarrator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One life of one worker, until its sweep has ended, a stop is requested or somebody kills it; its
 * exit code is a worker's.
 *
 * <p>Usage: {@code TortureWorker NAME=VALUE ...}, with {@code sweep}, {@code root}, {@code kept}
 * (where removed records keep a name), {@code worker}, {@code life} (unique: the incarnation that
 * stands in its claims), {@code events}, {@code crash-at}, {@code crash-how}, {@code expiry-ms},
 * {@code beat-ms}, {@code step-us}, {@code every} (steps between checkpoints), {@code blind} (true:
 * nothing proves its death), {@code reset} (true: first a poisoned run is reset).
 */
public final class TortureWorker {
  private static final RetryPolicy RETRIES =
      new RetryPolicy(3, 2, 5, 5, 2, Duration.ofMillis(100), Duration.ofSeconds(1));
  private static final Policy POLICY =
      new Policy(
          false,
          Policy.Down.HOME,
          HomeCluster.everywhere(),
          Duration.ofHours(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          RETRIES);

  private final Map<String, String> words = new HashMap<>();
  private final SystemClock clock = new SystemClock();
  private final Signals signals = Signals.install();
  private final ThisProcess self = ThisProcess.read(Environment.ofThisProcess());
  private final Layout layout;
  private final FileSystem files;
  private final Trace trace;
  private final DirectoryWorkerReport report;

  private TortureWorker(String[] given) throws IOException {
    for (String word : given) {
      int mark = word.indexOf('=');
      words.put(word.substring(0, mark), word.substring(mark + 1));
    }
    this.layout = new Layout(path("root"));
    this.files = new KeepingFiles(new LocalFiles(), path("kept"));
    this.trace =
        EventFile.trace(
            new LocalFiles(),
            path("events").toString(),
            word("crash-at", ""),
            word("crash-how", ""));
    this.report = new DirectoryWorkerReport(files, layout);
  }

  /** See the class comment. */
  public static void main(String[] given) throws IOException {
    System.exit(new TortureWorker(given).work());
  }

  private int work() throws IOException {
    ProcProcesses processes = new ProcProcesses(self);
    String name =
        new WorkerNames(files, layout, self, null, processes).like(word("worker", "worker"));
    Owner owner = owner(name);
    trace.event("life", word("life", "?"), 0, 0);
    SweepFile sweep = SweepFileReader.read(path("sweep"), Map.of());
    Points points = Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
    Duration beat = millis("beat-ms", 100);
    Claims claims =
        new DirectoryClaims(
            layout,
            files,
            owner,
            ClaimSettings.of(millis("expiry-ms", 2000), beat),
            new ClaimPorts(clock, signals, processes, trace, new Heard(report, clock, beat)));
    if (word("reset", "").equals("true")) {
      resetOne(points, claims);
    }
    return worker(owner, claims, points).run().code();
  }

  private Worker worker(Owner owner, Claims claims, Points points) {
    Provenance nowhere = new Provenance(null, "", Map.of());
    DirectoryJournal journal =
        new DirectoryJournal(files, layout, owner, () -> nowhere, clock, trace);
    LogCloser closer = new LogCloser(claims, journal, trace);
    Reporter reporter = new Reporter(report, owner, () -> -1, claims, clock);
    Training training = new ChainTraining(Duration.ofNanos(1000 * number("step-us", 1000)));
    Pass pass =
        new Pass(
            points, claims, owner.worker(), clock, Duration.ofSeconds(5), HomeCluster.everywhere());
    Judge judge = new Judge(POLICY);
    Observer observer =
        new Observer(claims, Registry.disabled(), Scheduler.none(), training, clock, judge, false);
    RunPorts ports =
        new RunPorts(
            closer,
            new NodeHealth(),
            training,
            new DiskCheckpoints(files, layout, new ChainFormat(files, trace), trace),
            journal,
            Telemetry.OFF,
            new SilentNarrator(),
            reporter,
            clock,
            signals,
            signals,
            TimeBudget.unlimited(),
            trace);
    Claimer claimer =
        new Claimer(
            pass,
            observer,
            claims,
            training,
            closer,
            Telemetry.OFF,
            new Claimer.Options(POLICY, true),
            TimeBudget.unlimited());
    CheckpointRules rules =
        new CheckpointRules(Duration.ofHours(1), number("every", 10), Duration.ofSeconds(5));
    PlainRound round =
        new PlainRound(
            word("sweep", ""),
            pass,
            claimer,
            run -> new Attempt(run, ports, RETRIES, rules, self.host()),
            signals);
    return new Worker(
        List.of(round),
        reporter,
        new SilentNarrator(),
        signals,
        signals,
        bytes -> Optional.empty(),
        new Worker.Options(Duration.ofMillis(60), Optional.empty(), self.pid(), clock));
  }

  /**
   * What an operator does to a run that was given up; here so that somebody may be killed at it.
   */
  private static void resetOne(Points points, Claims claims) {
    for (int i = 0; i < points.size(); i++) {
      Point point = points.at(i);
      if (ChainTraining.cursed(point)
          && claims.look(point.key()) instanceof ClaimState.Logged logged
          && logged.end().type() == RecordType.POISON) {
        claims.reset(point.key());
        return;
      }
    }
  }

  private Owner owner(String name) {
    boolean blind = word("blind", "").equals("true");
    return new Owner(
        word("life", self.incarnation()),
        name,
        "local",
        self.host(),
        blind ? "" : self.machineId(),
        blind ? "" : self.bootId(),
        self.pid(),
        self.pidStart(),
        self.pidNamespace(),
        self.user(),
        "chain",
        null);
  }

  private String word(String name, String otherwise) {
    return words.getOrDefault(name, otherwise);
  }

  private long number(String name, long otherwise) {
    return words.containsKey(name) ? Long.parseLong(words.get(name)) : otherwise;
  }

  private Duration millis(String name, long otherwise) {
    return Duration.ofMillis(number(name, otherwise));
  }

  private Path path(String name) {
    String given = words.get(name);
    if (given == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return Path.of(given);
  }
}
