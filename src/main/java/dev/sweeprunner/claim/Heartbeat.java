package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sign of life of one claim, and its look over the shoulder: after each beat the lock folder is
 * listed, and a slot beyond one's own means superseded.
 *
 * <p>Beats only while the work reports progress: a trainer that hangs must lose its claim. A lock
 * folder that is gone means superseded too. A full disk still beats by the file's time. {@link
 * #progress} may come from any thread; {@link #beat} from the beat thread.
 */
final class Heartbeat implements AutoCloseable {
  /** A beat that takes longer than this part of the expiry renews nothing. */
  private static final int BEATS_PER_EXPIRY = 4;

  private final LockFolder folder;
  private final FileSystem files;
  private final Clock clock;
  private final int epoch;
  private final long hangNanos;
  private final long lateNanos;
  private final AtomicLong reports = new AtomicLong();

  private volatile At at = new At(-1, "start");
  private volatile int reach;
  private volatile boolean superseded;
  private volatile Runnable renewed = () -> {};
  private volatile long renewedAt;

  private FileSystem.@Nullable Beat channel;
  private long count;
  private long reportsSeen = -1;
  private long reportedAt;
  private boolean closed;

  Heartbeat(LockFolder folder, FileSystem files, Clock clock, int epoch, ClaimSettings settings) {
    this.folder = folder;
    this.files = files;
    this.clock = clock;
    this.epoch = epoch;
    this.reach = epoch;
    this.hangNanos = settings.hang().toNanos();
    this.lateNanos = settings.expiry().toNanos() / BEATS_PER_EXPIRY;
    this.renewedAt = clock.nanos();
  }

  private record At(long iter, String phase) {}

  void progress(long iter, String phase) {
    at = new At(iter, phase);
    reports.incrementAndGet();
  }

  void onRenewal(Runnable told) {
    renewed = told;
  }

  boolean superseded() {
    return superseded;
  }

  Duration sinceRenewal() {
    return Duration.ofNanos(clock.nanos() - renewedAt);
  }

  /** To be called when an append was lost. */
  void supersede() {
    superseded = true;
  }

  /** Says that slots up to this one may be one's own; before an append is tried. */
  void reaching(int slot) {
    reach = slot;
  }

  /** One beat and one fence check. Errors that prove nothing are left to the next beat. */
  synchronized void beat() {
    if (closed || superseded) {
      return;
    }
    long began = clock.nanos();
    boolean written = false;
    if (working()) {
      try {
        write();
        written = true;
      } catch (IOException e) {
        reopenNextTime();
      }
    }
    boolean alone = check();
    // A reply that comes late says when it was written, not that others have seen it just now.
    if (alone && written && !superseded && clock.nanos() - began < lateNanos) {
      renewedAt = began;
      renewed.run();
    }
  }

  private boolean working() {
    long seen = reports.get();
    if (seen != reportsSeen) {
      reportsSeen = seen;
      reportedAt = clock.nanos();
      return true;
    }
    return clock.nanos() - reportedAt < hangNanos;
  }

  private void write() throws IOException {
    FileSystem.Beat open = channel;
    if (open == null) {
      open = files.openBeat(folder.beat(epoch));
      channel = open;
    }
    At now = at;
    open.write(new BeatText(++count, now.iter, now.phase).bytes());
  }

  /** A fence check without a beat. */
  synchronized boolean overtaken() {
    if (!superseded) {
      check();
    }
    return superseded;
  }

  /** True if it has seen that there is no rival, and that the beat is there for others to see. */
  private boolean check() {
    try {
      Contents contents = folder.list();
      if (contents.newest() > reach) {
        superseded = true;
      } else if (contents.beats().contains(Contents.beatName(epoch))) {
        return true;
      } else {
        reopenNextTime();
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      superseded = true;
    } catch (IOException e) {
      superseded = superseded || stale(e);
    }
    return false;
  }

  /** ESTALE: the folder behind the handle was removed on the server. */
  private static boolean stale(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason != null && reason.toLowerCase(Locale.ROOT).contains("stale");
  }

  private void reopenNextTime() {
    FileSystem.Beat open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing was promised about this beat.
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    reopenNextTime();
  }
}
