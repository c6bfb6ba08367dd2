package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.TaskProfile;
import java.time.Instant;
import java.util.List;

/**
 * How many more tasks a profile may have.
 *
 * @param places in time
 * @param now in this look
 * @param reason why there is no more room
 */
record Room(int places, int now, Reason reason) {
  static Room of(TaskProfile profile, Tally tally, ProfileMemory memory, Rules rules, Instant now) {
    Starts starts = memory.starts;
    if (starts.paused(now)) {
      return new Room(0, 0, new Reason(Reason.Kind.PAUSED, starts.why(), starts.until()));
    }
    if (tally.blocked() > 0) {
      String why = String.join(", ", tally.reasons().keySet());
      return new Room(0, 0, new Reason(Reason.Kind.BLOCKED, why, null));
    }
    int underWay = starts.underWay(now);
    Room room = limit(profile, tally.there() + underWay, memory, now);
    room = room.least(hourly(Reason.Kind.UNCLAIMED, starts.unclaimed(), rules));
    room = room.least(hourly(Reason.Kind.FAILED, starts.failed(), rules));
    if (starts.tripped()) {
      int outstanding = memory.unclaimed() + underWay;
      Reason.Kind kind = outstanding == 0 ? Reason.Kind.PROBE : Reason.Kind.PROBING;
      room = room.least(bound(1 - outstanding, Reason.of(kind)));
    }
    return rules.perLook() < room.places
        ? new Room(room.places, rules.perLook(), perLook(rules))
        : room;
  }

  private static Reason perLook(Rules rules) {
    return new Reason(Reason.Kind.PER_LOOK, Integer.toString(rules.perLook()), null);
  }

  private static Room limit(TaskProfile profile, int there, ProfileMemory memory, Instant now) {
    int limit = memory.ceiling.limit(profile.limit(), now);
    Reason reason =
        limit < profile.limit()
            ? new Reason(Reason.Kind.CEILING, Integer.toString(limit), memory.ceiling.until())
            : Reason.of(Reason.Kind.LIMIT);
    return bound(limit - there, reason);
  }

  private static Room hourly(Reason.Kind kind, List<Instant> times, Rules rules) {
    Instant until = times.isEmpty() ? null : times.get(0).plus(Times.HOUR);
    return bound(
        rules.unclaimedPerHour() - times.size(),
        new Reason(kind, Integer.toString(times.size()), until));
  }

  private static Room bound(int places, Reason reason) {
    int most = Math.max(0, places);
    return new Room(most, most, reason);
  }

  private Room least(Room other) {
    return other.places < places ? other : this;
  }
}
