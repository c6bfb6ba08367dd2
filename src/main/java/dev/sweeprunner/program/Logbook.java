package dev.sweeprunner.program;

import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a program logs to the relay in one life, for its session; empty where there is no relay. All
 * moments are seconds since 1970. Belongs to the session's thread.
 */
final class Logbook implements AutoCloseable {
  private static final int RUNTIMES = 10_000;
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Relay.@Nullable Life life;
  private final Messages messages;
  private final Clock clock;
  private final long awaitedUntil;

  /** Of the newest rows, by step. */
  private final TreeMap<Long, Double> runtimes = new TreeMap<>();

  private double runtime;
  private long told = -1;
  private double still = Double.NEGATIVE_INFINITY;
  private boolean spoken;
  private boolean ended;
  private boolean closed;

  /**
   * A life's book.
   *
   * @param life null for none
   * @param base where the run stood when it began
   * @param awaited how long it is likely still to speak: until then nothing else is taken for its
   *     rows, since their steps may be others
   */
  Logbook(
      Relay.@Nullable Life life,
      Relay.Base base,
      Messages messages,
      Clock clock,
      Duration awaited) {
    this.life = life;
    this.messages = messages;
    this.clock = clock;
    this.awaitedUntil = clock.nanos() + awaited.toNanos();
    if (base instanceof Relay.Base.At at) {
      this.told = at.step();
      this.runtime = at.runtime();
    }
  }

  /** Where there is no relay. */
  static Logbook none(Clock clock) {
    return new Logbook(null, new Relay.Base.Fresh(), new Messages(), clock, Duration.ZERO);
  }

  /** Whether there is a relay. */
  boolean offered() {
    return life != null;
  }

  /** What leads the program's client there; empty for none. */
  Map<String, String> environment() {
    return life == null ? Map.of() : life.environment();
  }

  /** Whether the program has spoken to it: then its rows count, and no others. */
  boolean spoken() {
    spoken |= life != null && !closed && life.spoken();
    return spoken;
  }

  /** Whether it has not, and may well do so. */
  boolean awaited() {
    return life != null && !ended && !spoken() && clock.nanos() < awaitedUntil;
  }

  /** The rows that are new; once the program has ended, all that are left. */
  List<Row> rows() {
    if (life == null || closed || !spoken()) {
      return List.of();
    }
    List<Row> rows = ended ? life.rest() : life.rows();
    for (Row row : rows) {
      told = row.step();
      runtimes.put(told, row.wall().getOrDefault("runtime", 0.0));
      if (runtimes.size() > RUNTIMES) {
        runtimes.pollFirstEntry();
      }
    }
    return rows;
  }

  /** The step of the newest row that was given, or of the one that the life began behind. */
  long told() {
    return told;
  }

  /** The step of the newest row that was logged at or before a moment. */
  OptionalLong stepAt(double moment) {
    return life == null || closed ? OptionalLong.empty() : life.stepAt(moment);
  }

  /** While the client lives: whether all that was logged until then has arrived. */
  boolean covers(double moment) {
    return life != null && !closed && life.covers(moment);
  }

  /** The same of a client that is gone, which is quiet whatever it has held back. */
  boolean arrived(double moment) {
    if (life == null || closed) {
      return false;
    }
    OptionalLong newest = life.stepAt(Double.MAX_VALUE);
    return life.complete()
        || moment <= still
        || (newest.isPresent() && !newest.equals(life.stepAt(moment)));
  }

  /** The run as of the row of a step. */
  ProgramState.@Nullable Logged at(long step) {
    if (life == null || closed || !spoken()) {
      return null;
    }
    Map.Entry<Long, Double> row = runtimes.floorEntry(step);
    return new ProgramState.Logged(life.tracked(step), row == null ? runtime : row.getValue());
  }

  /** A checkpoint of this moment is to be published, whose newest row is that of a step. */
  void mark(long step, double moment) {
    if (life != null && !closed) {
      life.mark(step, moment);
    }
  }

  /** The program stands still: waits until its client has posted what it had. */
  void awaitPosts(Duration longest) {
    if (life != null && !closed) {
      life.awaitPosts(longest);
    }
  }

  /**
   * As {@link #awaitPosts}, and then until it is clear that nothing is missing, if that comes.
   *
   * @param stopped since when it stands still
   * @param wait waits so long
   */
  void awaitAll(double stopped, Duration posts, Duration longest, Consumer<Duration> wait) {
    long until = clock.nanos() + longest.toNanos();
    awaitPosts(posts);
    while (!covers(stopped) && clock.nanos() < until) {
      wait.accept(LOOK);
    }
    if (covers(stopped)) {
      still = stopped;
    }
  }

  /** The program has ended; waits for what is on its way, once. */
  void ended(Duration longest) {
    if (!ended && spoken() && life != null && !life.complete()) {
      life.awaitPosts(longest);
    }
    ended = true;
  }

  /** Hands over what the relay has to say. */
  void messages(Consumer<String> log, Consumer<String> notes) {
    messages.tell(log, notes);
  }

  /** Whoever still posts is refused. */
  @Override
  public void close() {
    ended = true;
    if (life != null && !closed) {
      life.close();
    }
    closed = true;
  }
}
