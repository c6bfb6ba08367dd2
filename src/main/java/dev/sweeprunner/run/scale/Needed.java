package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.scale.Reason.Kind;
import dev.sweeprunner.run.scale.ScalePlan.Share;

/** Hands out what is needed to one profile after the other. Mutable; belongs to one plan. */
final class Needed {
  private int rest;
  private boolean served;

  /**
   * Needs so many workers.
   *
   * @param served whether somebody that is there takes the rest over in time
   */
  Needed(int rest, boolean served) {
    this.rest = rest;
    this.served = served;
  }

  Share share(TaskProfile profile, Tally tally, Room room, Forecast forecast, Demand demand) {
    int wanted = (rest + profile.workers() - 1) / profile.workers();
    if (wanted == 0) {
      Kind kind = demand.claimable() == 0 ? Kind.NO_WORK : Kind.ENOUGH;
      return new Share(profile, tally, 0, Reason.of(kind), forecast.end());
    }
    int count = Math.min(wanted, room.now());
    int worth = forecast.worth(profile, count);
    if (worth < count) {
      served = true;
      rest = Math.max(0, rest - worth * profile.workers());
      return new Share(profile, tally, worth, Reason.of(Kind.NOT_WORTH), forecast.end());
    }
    // What the profile gets at the next look is not given to a less wanted one.
    rest = Math.max(0, rest - Math.min(wanted, room.places()) * profile.workers());
    boolean all = count == wanted && room.reason().kind() != Kind.PROBE;
    return new Share(
        profile, tally, count, all ? Reason.of(Kind.NEEDED) : room.reason(), forecast.end());
  }

  /** How many runs no profile has room for. */
  int without() {
    return served ? 0 : rest;
  }
}
