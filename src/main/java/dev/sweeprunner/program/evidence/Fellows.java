package dev.sweeprunner.program.evidence;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How long the points of one sweep took that ran from their start to their end here. One that is
 * done in a fraction of its fellows' time may have found another point's checkpoint. Belongs to one
 * thread.
 */
public final class Fellows {
  private static final int FEWEST = 3;
  private static final int MOST = 100;
  private static final int FRACTION = 10;

  private final Deque<Duration> times = new ArrayDeque<>();

  /** A point has finished; a sentence if that was less than a tenth of its fellows' median time. */
  public Optional<String> ended(String point, Duration took) {
    Optional<String> sentence = Optional.empty();
    if (times.size() >= FEWEST) {
      List<Duration> sorted = times.stream().sorted().toList();
      Duration median = sorted.get(sorted.size() / 2);
      if (took.multipliedBy(FRACTION).compareTo(median) < 0) {
        sentence =
            Optional.of(
                "Point "
                    + point
                    + " finished in "
                    + seconds(took)
                    + ", its fellows in "
                    + seconds(median)
                    + ": it may have gone on from another point's checkpoint");
      }
    }
    times.addLast(took);
    if (times.size() > MOST) {
      times.removeFirst();
    }
    return sentence;
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 100 / 10.0 + " s";
  }
}
