package dev.sweeprunner.bench;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Attempts;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Conclusion;
import dev.sweeprunner.run.Contender;
import dev.sweeprunner.run.Home;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Judge;
import dev.sweeprunner.run.Observer;
import dev.sweeprunner.run.Pass;
import dev.sweeprunner.run.Policy;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.train.LocalTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Times the first expansion of a grid, and passes over it when nothing has changed: all points but
 * a few have ended, and others hold those few. Prints milliseconds.
 *
 * <p>Usage: {@code PassTimes SWEEP ROOT HELD PASSES}.
 */
public final class PassTimes {
  private PassTimes() {}

  /** See the class comment. */
  public static void main(String[] arguments) throws IOException {
    Path sweep = Path.of(arguments[0]);
    Path root = Path.of(arguments[1]);
    int held = Integer.parseInt(arguments[2]);
    int passes = Integer.parseInt(arguments[3]);

    long start = System.nanoTime();
    Points points = Points.of(SweepFileReader.read(sweep), Places.of(Path.of(""), sweep));
    points.at(points.size() - 1);
    Bench.print("expansion", milliseconds(start));

    Claims others = Bench.claims(root, "others");
    occupy(points, root, others, held);
    Contender contender = contender(points, Bench.claims(root, "timed"), Bench.journal(root));
    double[] times = new double[passes];
    for (int i = 0; i < passes; i++) {
      start = System.nanoTime();
      if (contender.anyClaimable()) {
        throw new IllegalStateException("something was claimable");
      }
      times[i] = milliseconds(start);
    }
    Bench.print("first pass", times[0]);
    Arrays.sort(times);
    Bench.print("pass", times[passes / 2]);
    System.exit(0); // the claims of the others still beat
  }

  /** Claims the first {@code held} points; all others have lock folders and hints of their end. */
  private static void occupy(Points points, Path root, Claims others, int held) throws IOException {
    Layout layout = new Layout(root);
    for (int i = 0; i < points.size(); i++) {
      Point point = points.at(i);
      if (i < held) {
        boolean won =
            others
                .claim(point.key(), point.config().sha256(), new ClaimState.Unclaimed())
                .isPresent();
        if (!won) {
          throw new IllegalStateException(root + " is not empty");
        }
      } else {
        Files.createDirectories(layout.lock(point.key()));
        Files.createFile(layout.done(point.key()));
      }
    }
  }

  private static Contender contender(Points points, Claims claims, Journal journal) {
    SystemClock clock = new SystemClock();
    LocalTraining training = new LocalTraining(1, clock, name -> List.of(), notice -> {});
    Attempts attempts = new Attempts(3, 2, 5, 5, 2, Duration.ofMinutes(1), Duration.ofMinutes(30));
    Policy policy =
        new Policy(
            false,
            Policy.Down.HOME,
            Home.everywhere(),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            attempts);
    Observer observer =
        new Observer(
            claims,
            Registry.disabled(),
            Scheduler.none(),
            training,
            clock,
            new Judge(policy),
            false);
    return new Contender(
        new Pass(
            points, claims, "timed", new SystemClock(), Duration.ofMinutes(1), Home.everywhere()),
        observer,
        claims,
        training,
        new Conclusion(claims, journal, Trace.OFF),
        Telemetry.OFF,
        new Contender.Terms(policy, true));
  }

  private static double milliseconds(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
