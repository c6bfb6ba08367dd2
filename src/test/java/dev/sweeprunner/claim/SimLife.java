package dev.sweeprunner.claim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * One process as a function of the replies that it got: the same replies lead to the same next
 * call. So a place in it is a list of replies, reached by running the program again up to there,
 * and each place is worked out only once, whatever the others did meanwhile.
 */
@NullMarked
final class SimLife {
  private final Program program;
  private final Point start;

  /** How many places were worked out. */
  int points;

  SimLife(String name, Program program) {
    this.program = program;
    this.start = new Point(null, null, SimBlob.hash(name));
  }

  /** What a process does; must depend on nothing but the replies. */
  interface Program {
    void run(SimFs.Server server);
  }

  /** The process has come to a call that nobody has answered yet. */
  private static final class Parked extends Error {
    private static final long serialVersionUID = 1L;

    Parked() {
      super(null, null, false, false);
    }
  }

  /** A place in the life. */
  static final class Point {
    private final @Nullable Point before;
    private final @Nullable SimReply reply;
    final long hash;
    private final Map<Long, Point> next = new HashMap<>(2);
    private boolean known;

    /** What it asks for next, or null at its end. */
    @Nullable SimCall pending;

    /** How it ended where it should not have. */
    @Nullable Throwable failure;

    Point(@Nullable Point before, @Nullable SimReply reply, long hash) {
      this.before = before;
      this.reply = reply;
      this.hash = hash;
    }

    private List<SimReply> replies() {
      List<SimReply> replies = new ArrayList<>();
      for (Point point = this; point != null && point.reply != null; point = point.before) {
        replies.add(point.reply);
      }
      java.util.Collections.reverse(replies);
      return replies;
    }
  }

  Point start() {
    return workedOut(start);
  }

  Point after(Point point, SimReply reply) {
    Point next = point.next.get(reply.hash);
    if (next == null) {
      next = new Point(point, reply, SimBlob.then(point.hash, reply.hash));
      point.next.put(reply.hash, next);
    }
    return workedOut(next);
  }

  private Point workedOut(Point point) {
    if (!point.known) {
      points++;
      Replay replay = new Replay(point.replies());
      try {
        program.run(replay);
      } catch (Parked e) {
        point.pending = replay.pending;
      } catch (RuntimeException | AssertionError e) {
        point.failure = e;
      }
      point.known = true;
    }
    return point;
  }

  private static final class Replay implements SimFs.Server {
    private final List<SimReply> replies;
    private int given;
    private @Nullable SimCall pending;

    Replay(List<SimReply> replies) {
      this.replies = replies;
    }

    @Override
    public SimReply call(SimCall call) {
      if (given < replies.size()) {
        return replies.get(given++);
      }
      if (pending == null) {
        pending = call; // later calls are those of finally blocks on the way out
      }
      throw new Parked();
    }
  }
}
