package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.NullMarked;

/** Virtual seconds, what is to happen in them, and a wall clock that may be wrong. */
@NullMarked
final class SimTime implements Clock {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<String> trace = new ArrayList<>();
  private final boolean tracing;
  private long now;
  private long wrong;
  private long count;

  SimTime(boolean tracing) {
    this.tracing = tracing;
  }

  /** What happens at a time; of two at once the one that was planned first. */
  private record Event(long at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  long seconds() {
    return now;
  }

  void in(long seconds, Runnable what) {
    events.add(new Event(now + Math.max(0, seconds), count++, what));
  }

  /** Lets everything happen until then. */
  void advance(long until) {
    while (!events.isEmpty() && events.peek().at() <= until) {
      Event event = events.remove();
      now = Math.max(now, event.at());
      event.what().run();
    }
    now = Math.max(now, until);
  }

  void jump(long seconds) {
    wrong += seconds;
  }

  void say(String what, Object... values) {
    if (tracing) {
      long m = now / 60;
      trace.add(String.format("%d:%02d:%02d ", m / 60, m % 60, now % 60) + what.formatted(values));
    }
  }

  List<String> trace() {
    return trace;
  }

  @Override
  public Instant now() {
    return START.plusSeconds(now + wrong);
  }

  @Override
  public long nanos() {
    return now * 1_000_000_000L;
  }
}
