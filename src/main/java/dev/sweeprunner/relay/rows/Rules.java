package dev.sweeprunner.relay.rows;

import java.time.Duration;

/**
 * What the promise "each step once, none missing" rests on, each rule in a line: a test puts a
 * wrong one in the place of each and must notice. Stateless.
 */
class Rules {
  /**
   * Those of a run beside a claim's own, which must not keep the claim from publishing: silence
   * shows that all has arrived, though the newest row may wait in the client for the next one.
   */
  static Rules beside() {
    return new Rules() {
      @Override
      boolean silenceShows(Habit habit) {
        return true;
      }
    };
  }

  /** A client posts once a second what it has. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  /** Whether a row belongs to what a checkpoint of this moment has seen. */
  boolean seen(double timestamp, double moment) {
    return timestamp <= moment;
  }

  /** Whether a row shows that all rows up to a moment have arrived. */
  boolean shows(double timestamp, double moment) {
    return timestamp > moment;
  }

  /** Whether silence shows it: not where the newest row waits in the client for the next one. */
  boolean silenceShows(Habit habit) {
    return habit.settled() && !habit.explicit();
  }

  /** Whether so much silence, and so long after the question, is enough. */
  boolean silent(Duration quiet, Duration asked) {
    return quiet.compareTo(SILENCE) >= 0 && asked.compareTo(SILENCE) >= 0;
  }

  /** When a row was logged. */
  double when(double timestamp, double arrival) {
    return timestamp;
  }

  /** What a client is told of the newest step that is kept: it refuses none that follow. */
  long told(Habit habit, long newest) {
    return habit.explicit() ? -1 : newest;
  }

  /** Whether it is known how a program numbers its rows. */
  boolean known(Habit habit) {
    return habit.settled();
  }

  /** Whether a row of this step may follow. */
  boolean follows(long step, long last) {
    return step > last;
  }

  /** Whether a kept row at {@code x} is made again by a program that goes on at {@code first}. */
  boolean madeAgain(double x, double first) {
    return x >= first;
  }

  /** Whether a kept row of this step stays where a row of {@code coming} has come. */
  boolean stays(long kept, long coming) {
    return kept < coming;
  }

  /** What is added to a client's steps so that {@code first} becomes {@code wanted}. */
  long delta(long wanted, long first) {
    return wanted - first;
  }

  /** How many of the lines from {@code offset} on were taken already. */
  long takenAlready(long offset, long next) {
    return Math.max(0, next - offset);
  }

  /** Whether a row that a dead claim logged after its base was logged by no one else. */
  boolean missed(double place, double first) {
    return place < first;
  }
}
