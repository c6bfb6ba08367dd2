package dev.sweeprunner.testkit;

import dev.sweeprunner.checkpoint.DiskCheckpoints;
import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.journal.DirectoryJournal;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.StopSignal;
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
import dev.sweeprunner.run.work.Import;
import dev.sweeprunner.run.work.LogCloser;
import dev.sweeprunner.run.work.Meter;
import dev.sweeprunner.run.work.NodeHealth;
import dev.sweeprunner.run.work.Pass;
import dev.sweeprunner.run.work.Reporter;
import dev.sweeprunner.run.work.RunPorts;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * One life of a worker over real files and the real trainer, without a process of its own:
 * everybody else's process is proven dead, and time stands still.
 */
public final class Life {
  private static final RetryPolicy ATTEMPTS =
      new RetryPolicy(3, 2, 5, 100, 1, Duration.ofSeconds(60), Duration.ofMinutes(30));

  private static final int LOOKS = 100;

  private final SettableClock clock = new SettableClock();
  private final Pass pass;
  private final Claimer claimer;
  private final RunPorts ports;
  private final CheckpointRules rules;
  private final Claims claims;
  private final Import importing;

  /** A life under {@code root}, publishing every {@code everyIterations}, that tells nobody. */
  public Life(Path root, Points points, Trace trace, long everyIterations) {
    this(root, points, trace, everyIterations, Telemetry.OFF);
  }

  /** As above, telling a tracking service. */
  public Life(Path root, Points points, Trace trace, long everyIterations, Telemetry telemetry) {
    this(root, points, trace, everyIterations, telemetry, UnaryOperator.identity());
  }

  /** As above, with a trainer of another kind around the one that trains. */
  public Life(
      Path root,
      Points points,
      Trace trace,
      long everyIterations,
      Telemetry telemetry,
      UnaryOperator<Training> kind) {
    this(
        root,
        points,
        trace,
        everyIterations,
        telemetry,
        kind.apply(
            new LocalTraining(
                new Devices(new CpuBackEnd(1)),
                new SettableClock(),
                name -> List.of(),
                notice -> {})),
        new TrainingFormat(new LocalFiles(), trace),
        Optional::empty);
  }

  /**
   * As above, with any trainer.
   *
   * @param format what its checkpoints hold
   * @param stop asks it to stop
   */
  public Life(
      Path root,
      Points points,
      Trace trace,
      long everyIterations,
      Telemetry telemetry,
      Training training,
      SnapshotFormat format,
      StopSignal stop) {
    FileSystem files = new LocalFiles();
    Layout layout = new Layout(root);
    Owner owner = owner();
    Processes others =
        judged ->
            judged.incarnation().equals(owner.incarnation())
                ? Processes.Verdict.ALIVE
                : Processes.Verdict.GONE;
    this.claims =
        new DirectoryClaims(
            layout,
            files,
            owner,
            ClaimSettings.DEFAULT,
            new ClaimPorts(clock, duration -> {}, others, trace, List::of));
    Journal journal =
        new DirectoryJournal(
            files, layout, owner, () -> new Provenance(null, "", Map.of()), clock, trace);
    LogCloser closer = new LogCloser(claims, journal, trace);
    Policy policy =
        new Policy(
            false,
            Policy.Down.HOME,
            HomeCluster.everywhere(),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            ATTEMPTS);
    Observer observer =
        new Observer(
            claims,
            Registry.disabled(),
            Scheduler.none(),
            training,
            clock,
            new Judge(policy),
            false);
    this.pass =
        new Pass(
            points,
            claims,
            owner.worker(),
            clock,
            Duration.ofSeconds(30),
            HomeCluster.everywhere());
    this.claimer =
        new Claimer(
            pass,
            observer,
            claims,
            training,
            closer,
            telemetry,
            new Claimer.Options(policy, true),
            TimeBudget.unlimited());
    this.ports =
        new RunPorts(
            closer,
            new NodeHealth(),
            training,
            new DiskCheckpoints(files, layout, format, trace),
            journal,
            telemetry,
            new SilentNarrator(),
            new Reporter(new UnreadReport(), owner, () -> -1, claims, clock),
            clock,
            duration -> {},
            stop,
            TimeBudget.unlimited(),
            trace);
    this.rules = new CheckpointRules(Duration.ofHours(1), everyIterations, Duration.ZERO);
    this.importing = new Import(claims, observer, ports.checkpoints(), journal, trace);
  }

  /** The lock directory, as this worker sees it. */
  public Claims claims() {
    return claims;
  }

  /** What imports, as this worker would. */
  public Import importing() {
    return importing;
  }

  /** Claims the first point that can be claimed now. */
  public Optional<ClaimedRun> claim() {
    pass.begin();
    for (OptionalInt next = pass.next(); next.isPresent(); next = pass.next()) {
      Optional<ClaimedRun> work = claimer.contend(next.getAsInt());
      if (work.isPresent()) {
        return work;
      }
    }
    return Optional.empty();
  }

  /** Whether every point has ended, as this life knows. */
  public boolean allSettled() {
    return pass.allSettled();
  }

  /** An attempt at claimed work, for who wants to end it in its middle. */
  public Attempt attempt(ClaimedRun run) {
    return new Attempt(run, ports, ATTEMPTS, rules, "host");
  }

  /** What this life has counted. */
  public Meter meter() {
    return ports.reporter().meter();
  }

  /** Trains claimed work until it leaves this worker's hands. */
  public Outcome train(ClaimedRun run) {
    Attempt attempt = attempt(run);
    try {
      Outcome outcome = null;
      while (outcome == null) {
        outcome = attempt.advance();
      }
      return outcome;
    } finally {
      attempt.close();
    }
  }

  /**
   * Claims and trains until every point has ended; while others hold what is left, time goes by and
   * their beats are watched.
   */
  public void liveToTheEnd() {
    for (int look = 0; look < LOOKS; look++) {
      Optional<ClaimedRun> work = claim();
      if (work.isPresent()) {
        train(work.get());
      } else if (allSettled()) {
        return;
      } else {
        letTimePass();
      }
    }
    throw new AssertionError("the points have not ended after " + LOOKS + " looks");
  }

  /** As long as a worker waits that finds nothing to do. */
  public void letTimePass() {
    clock.advance(ClaimSettings.DEFAULT.poll());
  }

  private static Owner owner() {
    String id = UUID.randomUUID().toString();
    return new Owner(id, "worker-" + id, "local", "host", "m", "b", 1, "1", "1", "u", "cpu", null);
  }
}
