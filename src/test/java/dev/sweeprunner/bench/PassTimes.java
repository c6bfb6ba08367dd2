package dev.sweeprunner.bench;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.work.Claimer;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

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
    Points points = Points.of(SweepFileReader.read(sweep, Map.of()), Places.of(Path.of(""), sweep));
    points.at(points.size() - 1);
    Bench.print("expansion", Bench.milliseconds(start));

    Claims others = Bench.claims(root, "others");
    occupy(points, root, others, held);
    Claimer claimer = Bench.claimer(points, root, Registry.disabled());
    double[] times = new double[passes];
    for (int i = 0; i < passes; i++) {
      start = System.nanoTime();
      if (claimer.anyClaimable()) {
        throw new IllegalStateException("something was claimable");
      }
      times[i] = Bench.milliseconds(start);
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
}
