package dev.sweeprunner.bench;

import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.ProcProcesses;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.host.ThisProcess;
import dev.sweeprunner.journal.DirectoryJournal;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.run.judge.RetryPolicy;
import dev.sweeprunner.run.work.Claimer;
import dev.sweeprunner.run.work.LogCloser;
import dev.sweeprunner.run.work.Pass;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real claims, wired as a worker wires them. */
final class Bench {
  private Bench() {}

  /** Claims of one worker of this process under a storage root; they beat every half minute. */
  static Claims claims(Path root, String worker) {
    ThisProcess self = ThisProcess.read(Environment.ofThisProcess());
    return new DirectoryClaims(
        new Layout(root),
        new LocalFiles(),
        self.owner(worker, "local", "cpu", null),
        ClaimSettings.of(Duration.ofMinutes(10), Duration.ofSeconds(30)),
        new ClaimPorts(
            new SystemClock(), pause -> {}, new ProcProcesses(self), Trace.OFF, List::of));
  }

  /** The runs' journals under a storage root. */
  static Journal journal(Path root) {
    ThisProcess self = ThisProcess.read(Environment.ofThisProcess());
    return new DirectoryJournal(
        new LocalFiles(),
        new Layout(root),
        self.owner("bench", "local", "cpu", null),
        () -> new Provenance(null, "", Map.of()),
        new SystemClock(),
        Trace.OFF);
  }

  /** What contends for a sweep's points as the worker {@code timed}, trusting this registry. */
  static Claimer claimer(Points points, Path root, Registry registry) {
    SystemClock clock = new SystemClock();
    Claims claims = claims(root, "timed");
    LocalTraining training =
        new LocalTraining(new Devices(new CpuBackEnd(1)), clock, name -> List.of(), notice -> {});
    RetryPolicy retryPolicy =
        new RetryPolicy(3, 2, 5, 5, 2, Duration.ofMinutes(1), Duration.ofMinutes(30));
    Policy policy =
        new Policy(
            false,
            Policy.Down.HOME,
            HomeCluster.everywhere(),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            retryPolicy);
    Observer observer =
        new Observer(claims, registry, Scheduler.none(), training, clock, new Judge(policy), false);
    return new Claimer(
        new Pass(points, claims, "timed", clock, Duration.ofMinutes(1), HomeCluster.everywhere()),
        observer,
        claims,
        training,
        new LogCloser(claims, journal(root), Trace.OFF),
        Telemetry.OFF,
        new Claimer.Options(policy, true),
        TimeBudget.unlimited());
  }

  /** Milliseconds since a {@link System#nanoTime}. */
  static double milliseconds(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  /** A figure for the script that started this process. */
  static void print(String name, double value) {
    System.out.println(name + "\t" + value);
  }
}
