package dev.sweeprunner.program.guard;

import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The lines that a program prints, in order, each once. Read in a thread of its own, kept until
 * they are taken; when a megabyte waits, the program waits too. Any thread may look, one takes.
 */
public final class ProgramOutput {
  private static final int NEWEST = 20;
  private static final int MOST_WAITING = 1 << 20;
  private static final int LINE_COST = 64;
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final LineDecoder decoder;
  private final Clock clock;
  private final Events events;
  private final BooleanSupplier more;
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private final ArrayDeque<String> newest = new ArrayDeque<>();
  private volatile int size;
  private boolean dismissed;
  private volatile String begun = "";
  private volatile int marks;
  private volatile Instant lastAt;
  private volatile long lastNanos;

  /**
   * Output to come.
   *
   * @param mark what the guard writes after the program's end
   * @param more whether a second mark is to be waited for
   * @param events told of each change
   */
  ProgramOutput(InputStream in, String mark, BooleanSupplier more, Clock clock, Events events) {
    this.in = in;
    this.more = more;
    this.decoder = new LineDecoder(mark, new Lines());
    this.clock = clock;
    this.events = events;
    this.lastAt = clock.now();
    this.lastNanos = clock.nanos();
  }

  /** Begins to read. */
  void start() {
    var reader = new Thread(this::read, "program-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    var buffer = new byte[BUFFER];
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!drained()) {
          lastNanos = clock.nanos();
          lastAt = clock.now();
          decoder.take(buffer, n);
          begun = decoder.unfinished();
          events.tell();
        }
      }
    } catch (IOException closed) {
      // As its end.
    }
    if (!drained()) {
      decoder.finish();
    }
    marks = 2;
    events.tell();
  }

  /** What comes now is from leftovers: it is read, so that they do not hang, and dropped. */
  private boolean drained() {
    return marks > 1 || (marks == 1 && !more.getAsBoolean());
  }

  /** What the decoder finds. */
  private final class Lines implements LineDecoder.Sink {
    @Override
    public void line(String line) {
      add(line);
    }

    @Override
    public boolean marked() {
      marks = marks + 1;
      return drained();
    }
  }

  private void add(String line) {
    synchronized (waiting) {
      if (newest.size() == NEWEST) {
        newest.remove();
      }
      newest.add(line);
      boolean interrupted = false;
      while (size > MOST_WAITING && !dismissed) {
        interrupted |= await();
      }
      if (!dismissed) {
        waiting.add(line);
        size = size + line.length() + LINE_COST;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean await() {
    events.tell();
    try {
      waiting.wait();
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Whether there are lines to take. */
  boolean hasLines() {
    return size > 0;
  }

  /**
   * Hands over the lines that are there; never waits for more.
   *
   * @return how many
   */
  public int take(Consumer<String> lines) {
    List<String> taken;
    synchronized (waiting) {
      taken = new ArrayList<>(waiting);
      waiting.clear();
      size = 0;
      waiting.notifyAll();
    }
    taken.forEach(lines);
    return taken.size();
  }

  /** Waits until all is read that was printed before the end. */
  boolean awaitDrained(Duration atMost) {
    return events.awaitFirmly(atMost, this::drained);
  }

  /** Hands over all that was printed before the end, as far as it comes in this time. */
  void drain(Duration atMost, Consumer<String> lines) {
    boolean came = true;
    while (came && !drained()) {
      came = events.await(atMost, () -> drained() || hasLines());
      take(lines);
    }
    take(lines);
  }

  /** Nobody takes lines any more: what comes is dropped. */
  void dismiss() {
    synchronized (waiting) {
      dismissed = true;
      waiting.clear();
      size = 0;
      waiting.notifyAll();
    }
  }

  /** The newest lines, taken or not, oldest first; one that was begun is the last. */
  public List<String> newest() {
    List<String> lines;
    synchronized (waiting) {
      lines = new ArrayList<>(newest);
    }
    String last = begun;
    if (!last.isEmpty()) {
      lines.add(last);
    }
    return lines.size() > NEWEST ? lines.subList(1, lines.size()) : lines;
  }

  /** When it last printed anything, else when it was started. */
  public Instant lastAt() {
    return lastAt;
  }

  /** As {@link #lastAt}, by {@link Clock#nanos}: for measuring silence. */
  public long lastNanos() {
    return lastNanos;
  }
}
