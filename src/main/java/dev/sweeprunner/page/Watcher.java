package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * One who watches, by server-sent events, each written in a thread of its own, so that who reads
 * slowly, or not at all, holds up nobody else. Of those who lag behind no more is kept than some
 * events: they are told everything anew. Any thread.
 */
final class Watcher {
  private static final int MOST_EVENTS = 32;

  /** No proxy takes the connection for a dead one, and one that is dead is noticed. */
  private static final long SILENCE_MILLIS = 15_000;

  private static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);

  private final Supplier<List<byte[]>> everything;
  private final Queue<byte[]> events = new ArrayDeque<>();
  private boolean lost;
  private boolean over;

  /**
   * One who has been told nothing yet.
   *
   * @param everything what is told who knows nothing
   */
  Watcher(Supplier<List<byte[]>> everything) {
    this.everything = everything;
  }

  /** As it goes over the wire. */
  static byte[] event(String name, String json) {
    return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(UTF_8);
  }

  /** The parts of an event, for one whose data are large and held for others too. */
  static List<byte[]> event(String name, byte[] json) {
    return List.of(("event: " + name + "\ndata: ").getBytes(UTF_8), json, "\n\n".getBytes(UTF_8));
  }

  /** All is to be told anew. */
  synchronized void begin() {
    events.clear();
    lost = true;
    notifyAll();
  }

  /** The next event; never waits. */
  synchronized void offer(byte[] event) {
    if (events.size() >= MOST_EVENTS) {
      begin();
    } else if (!lost) {
      events.add(event);
      notifyAll();
    }
  }

  /** There is nothing more to be told. */
  synchronized void end() {
    over = true;
    notifyAll();
  }

  /** Where events are written to. */
  interface Sink {
    /** Writes them; false if nobody is there any more. */
    boolean write(List<byte[]> parts);
  }

  /** Writes what comes until the end of this, or of the connection. */
  void write(Sink sink) {
    try {
      boolean heard = sink.write(List.of(COMMENT));
      while (heard && waitFor()) {
        heard = sink.write(take());
      }
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean waitFor() throws InterruptedException {
    if (!over && !lost && events.isEmpty()) {
      wait(SILENCE_MILLIS); // woken without a cause, it writes a comment early
    }
    return !over;
  }

  /** What has come, or a comment. */
  private List<byte[]> take() {
    synchronized (this) {
      if (!lost) {
        List<byte[]> taken = events.isEmpty() ? List.of(COMMENT) : List.copyOf(events);
        events.clear();
        return taken;
      }
      lost = false; // what comes from now on follows what is told now
    }
    return everything.get();
  }
}
