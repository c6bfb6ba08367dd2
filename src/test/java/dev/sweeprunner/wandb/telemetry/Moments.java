package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Counts the moments of a worker's life, points of the protocol and iterations, and serves its
 * uplinks at some of them, by chance.
 */
public class Moments implements Trace {
  final List<String> passed = new ArrayList<>();
  int iterations;
  private final Station station;
  private final List<Uplink> uplinks;
  private final Random random;

  Moments(Station station, List<Uplink> uplinks, long seed) {
    this.station = station;
    this.uplinks = uplinks;
    this.random = new Random(seed);
  }

  @Override
  public synchronized void event(String name, String runId, int epoch, long iter) {
    if (name.equals("iteration")) {
      iterations++;
      pass("iteration " + iter);
    }
  }

  @Override
  public synchronized void reach(String point) {
    pass(point);
  }

  private void pass(String moment) {
    passed.add(moment);
    if (random.nextInt(3) == 0) {
      serve(Duration.ofSeconds(random.nextInt(20)));
    }
    at(passed.size() - 1);
  }

  /** Lets every uplink do what is due within that time. */
  final void serve(Duration time) {
    for (Uplink uplink : uplinks) {
      station.serve(uplink, time);
    }
  }

  /** What happens at that moment. */
  void at(int moment) {}

  /** A process is killed at a moment. */
  static final class Killer extends Moments {
    private final int last;

    Killer(Station station, List<Uplink> uplinks, long seed, int last) {
      super(station, uplinks, seed);
      this.last = last;
    }

    @Override
    void at(int moment) {
      if (moment == last) {
        throw new Killed();
      }
    }
  }

  /** The end of a process. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
