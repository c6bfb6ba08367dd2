package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When a sweep ends if the workers of now go on as they do: from the work that is left of each open
 * point and the rates at which points of its size are trained.
 *
 * <p>However the points are dealt out, the last ends no sooner than all work shared evenly, and
 * than the longest point; and no later than all work shared evenly plus what is left for one worker
 * alone of the longest (Graham's bound). Sizes that nobody trains now may go at any rate that was
 * measured.
 *
 * @param soonest with the best of the measured rates
 * @param latest with the worst of them
 */
public record Forecast(Duration soonest, Duration latest) {
  /** The forecast; empty where nobody reports a rate, or the end of a point is not known. */
  public static Optional<Forecast> of(SweepStatus sweep) {
    List<PointStatus> open =
        sweep.statuses().stream()
            .filter(sweep::first)
            .filter(point -> !(point.verdict() instanceof Verdict.Ended))
            .filter(point -> point.verdict().state() != State.ELSEWHERE)
            .toList();
    Map<Size, DoubleSummaryStatistics> rates = new HashMap<>();
    DoubleSummaryStatistics any = new DoubleSummaryStatistics();
    int workers = 0;
    for (PointStatus point : open) {
      double rate = sweep.tokensPerSecond(point);
      if (rate > 0) {
        rates.computeIfAbsent(Size.of(point), s -> new DoubleSummaryStatistics()).accept(rate);
        any.accept(rate);
      }
      workers += rate > 0 || atWork(point) ? 1 : 0;
    }
    if (any.getCount() == 0 || open.stream().anyMatch(point -> point.maxIters() <= 0)) {
      return Optional.empty();
    }
    Bounds soonest = new Bounds();
    Bounds latest = new Bounds();
    for (PointStatus point : open) {
      double own = sweep.tokensPerSecond(point);
      DoubleSummaryStatistics measured = rates.getOrDefault(Size.of(point), any);
      double work = workLeft(point);
      soonest.add(work / (own > 0 ? own : measured.getMax()));
      latest.add(work / (own > 0 ? own : measured.getMin()));
    }
    return Optional.of(new Forecast(soonest.least(workers), latest.most(workers)));
  }

  /** {@code about 12 min left}, or {@code 12 min to 40 min left}. */
  String words() {
    String from = HumanFormat.time(soonest);
    String to = HumanFormat.time(latest);
    return from.equals(to) ? "about " + to + " left" : from + " to " + to + " left";
  }

  private static boolean atWork(PointStatus point) {
    State state = point.verdict().state();
    return state == State.TRAINING || state == State.CLAIMED;
  }

  /** Tokens, or what else its config counts. */
  static double workLeft(PointStatus point) {
    return (double) point.point().config().workPerIteration()
        * Math.max(0, point.maxIters() - point.iter());
  }

  /**
   * What makes two points train at the same rate; those of a program are told apart by nothing.
   *
   * @param layers of the model, or 0
   * @param width of the model, or 0
   * @param block of the model, or 0
   * @param work in an update
   */
  private record Size(int layers, int width, int block, long work) {
    static Size of(PointStatus point) {
      RunConfig config = point.point().config();
      return config instanceof BuiltinConfig builtin
          ? new Size(
              builtin.model().nLayer(),
              builtin.model().nEmbd(),
              builtin.model().blockSize(),
              config.workPerIteration())
          : new Size(0, 0, 0, config.workPerIteration());
    }
  }

  /** Seconds of all points, and of the longest. */
  private static final class Bounds {
    private double all;
    private double longest;

    void add(double seconds) {
      all += seconds;
      longest = Math.max(longest, seconds);
    }

    Duration least(int workers) {
      return duration(Math.max(all / workers, longest));
    }

    Duration most(int workers) {
      return duration(all / workers + (1 - 1.0 / workers) * longest);
    }

    private static Duration duration(double seconds) {
      return Duration.ofMillis((long) (1000 * Math.min(1e12, seconds)));
    }
  }
}
