package dev.sweeprunner.program;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.state.StillCopy;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds a checkpoint back until all that was logged before it was made has arrived: who goes on
 * from it never logs that again. In mode copy it is copied when it is found, in a thread of its
 * own, since the program goes on. One waits at a time. Belongs to the session's thread.
 */
final class Covering {
  private final Logbook book;
  private final DiskClock disk;
  private final @Nullable Copier copier;
  private final Consumer<String> log;
  private @Nullable Waiting waiting;

  /**
   * For one life.
   *
   * @param copier makes a copy; null in mode shared
   * @param log told of what could not be copied
   */
  Covering(Logbook book, DiskClock disk, @Nullable Copier copier, Consumer<String> log) {
    this.book = book;
    this.disk = disk;
    this.copier = copier;
    this.log = log;
  }

  /** Makes copies of a program's folder. */
  interface Copier {
    /** Copies it as it is now, for this checkpoint in it. */
    StillCopy copy(Found found) throws IOException;
  }

  /** Whether one is held back. */
  boolean waits() {
    return waiting != null;
  }

  /** This moment, as rows and checkpoints have theirs. */
  double now() {
    return disk.now();
  }

  /** Takes one that was found just now. */
  void take(Found found) {
    Waiting next = new Waiting(found, moment(found), copying(found));
    waiting = next;
    if (next.copy != null) {
      Thread thread = new Thread(next.copy, "checkpoint-copy");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private @Nullable FutureTask<StillCopy> copying(Found found) {
    Copier how = copier;
    return how == null ? null : new FutureTask<>(() -> how.copy(found));
  }

  private double moment(Found found) {
    return disk.latest(found.changed());
  }

  /** The one that was held back, once it is covered and its rows were given. */
  Optional<Covered> covered() {
    Waiting held = waiting;
    if (held == null || !held.copied()) {
      return Optional.empty();
    }
    if (held.failed()) {
      waiting = null;
      return released(held, Duration.ZERO);
    }
    if (!book.covers(held.moment) || step(held.moment) > book.told()) {
      return Optional.empty();
    }
    waiting = null;
    return released(held, Duration.ZERO);
  }

  private long step(double moment) {
    return book.stepAt(moment).orElse(-1);
  }

  /** The program has ended just now: what is not covered by its client's quiet will never be. */
  void stand() {
    Waiting held = waiting;
    if (held != null) {
      held.covered |= book.covers(held.moment);
    }
  }

  /**
   * The program has ended, and nothing more arrives: its newest checkpoint, else the one that was
   * held back, where it is covered.
   *
   * @param newest one that was found only now
   * @param longest how long a copy that is under way may take
   */
  Optional<Covered> last(Optional<Found> newest, Duration longest) {
    Waiting held = waiting;
    waiting = null;
    if (newest.isPresent() && book.arrived(moment(newest.get()))) {
      discard(held);
      return covered(newest.get(), moment(newest.get()), null);
    }
    if (held == null || !(held.covered || book.arrived(held.moment))) {
      discard(held);
      return Optional.empty();
    }
    return released(held, longest);
  }

  private Optional<Covered> released(Waiting held, Duration longest) {
    try {
      StillCopy copy = held.copy == null ? null : held.made(longest);
      return covered(held.found, held.moment, copy);
    } catch (IOException refused) {
      log.accept("a checkpoint is not published: " + Why.at(refused));
      return Optional.empty();
    }
  }

  private Optional<Covered> covered(Found found, double moment, @Nullable StillCopy copy) {
    long step = step(moment);
    book.mark(step, moment);
    return Optional.ofNullable(book.at(step)).map(run -> new Covered(found, step, run, copy));
  }

  private static void discard(@Nullable Waiting held) {
    if (held != null && held.copy != null) {
      held.copy.cancel(true);
    }
  }

  /** Forgets it. */
  void close() {
    discard(waiting);
    waiting = null;
  }

  /** One that is held back, and since when it has been. */
  private static final class Waiting {
    private final Found found;
    private final double moment;
    private final @Nullable FutureTask<StillCopy> copy;
    private boolean covered;

    Waiting(Found found, double moment, @Nullable FutureTask<StillCopy> copy) {
      this.found = found;
      this.moment = moment;
      this.copy = copy;
    }

    boolean copied() {
      return copy == null || copy.isDone();
    }

    /** Whether there will be no copy, for it could not be made. */
    boolean failed() {
      try {
        return copy != null && copy.isDone() && made(Duration.ZERO) == null;
      } catch (IOException refused) {
        return true;
      }
    }

    StillCopy made(Duration longest) throws IOException {
      try {
        return Objects.requireNonNull(copy).get(longest.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException failure) {
        throw failure.getCause() instanceof IOException refused
            ? refused
            : new IOException(failure.getCause());
      } catch (TimeoutException late) {
        discard(this);
        throw new IOException("its copy takes too long", late);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
