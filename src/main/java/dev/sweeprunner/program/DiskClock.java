package dev.sweeprunner.program;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Translates the times of files into this host's time. Whoever keeps the files has a clock of its
 * own, which may differ, and which stands still between two ticks: a file that was written now has
 * a time of up to 10 ms ago, and rows are logged in between.
 *
 * <p>Found by writing files in the same place and looking at what times they get. Where none can be
 * written, the clocks are taken for one. Belongs to one thread.
 *
 * <p>A busy host's tick may come later than each that was measured: of 32,300 files that were
 * written beside six busy programs five had a time of 10 to 13 ms ago, 7.6 ms having been the most
 * at rest. A row that was logged less than that before a save was through may then be taken for a
 * later one.
 */
final class DiskClock {
  /** On a busy host time passes without a probe, and few of them would all miss a tick's end. */
  private static final int LEAST = 20;

  private static final int MOST = 400;
  private static final long TICK = Duration.ofMillis(12).toNanos();
  private static final Duration BETWEEN = Duration.ofMillis(1);
  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final double MILLISECOND = 1e-3;
  private static final double NANOS = 1e9;

  private final FileSystem files;
  private final Clock clock;
  private final Pause pause;
  private final Path folder;
  private double behind;
  private long measured;
  private boolean known;

  /**
   * A clock of a place.
   *
   * @param folder one of its own
   */
  DiskClock(FileSystem files, Clock clock, Pause pause, Path folder) {
    this.files = files;
    this.clock = clock;
    this.pause = pause;
    this.folder = folder;
  }

  /**
   * The latest moment at which a file can have been written that has this time, seconds since 1970.
   */
  double latest(Instant changed) {
    if (!known || clock.nanos() - measured > FRESH.toNanos()) {
      measure();
    }
    return seconds(changed) + behind + MILLISECOND; // of which the time may have lost the rest
  }

  /** This moment, by this host. */
  double now() {
    return seconds(clock.now());
  }

  private void measure() {
    known = true;
    measured = clock.nanos();
    try {
      files.deleteTree(folder);
      files.makeFolders(folder);
      behind = mostBehind(written());
      files.deleteTree(folder);
    } catch (IOException refused) {
      // as if there were one clock
    }
  }

  /**
   * Files and moments before which none of them was written. None is looked at before all are
   * there: a file system may give a file a finer time because somebody looks, and all after it.
   */
  private Map<Path, Instant> written() throws IOException {
    Map<Path, Instant> written = new LinkedHashMap<>();
    long began = clock.nanos();
    while (written.size() < LEAST || (written.size() < MOST && clock.nanos() - began < TICK)) {
      Path probe = folder.resolve(Integer.toString(written.size()));
      written.put(probe, clock.now());
      try (FileSystem.Appender out = files.openAppender(probe)) {
        out.append("probe\n".getBytes(US_ASCII));
      }
      pause.pause(BETWEEN);
    }
    return written;
  }

  /** One of them was written at the end of a tick, when the disk's clock is most behind. */
  private double mostBehind(Map<Path, Instant> written) throws IOException {
    double most = Double.NEGATIVE_INFINITY;
    for (Map.Entry<Path, Instant> each : written.entrySet()) {
      most = Math.max(most, seconds(each.getValue()) - seconds(files.modified(each.getKey())));
    }
    return most;
  }

  private static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / NANOS;
  }
}
