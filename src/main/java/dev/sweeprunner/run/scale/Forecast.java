package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask.Phase;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.scale.Demand.Going;
import dev.sweeprunner.run.scale.Demand.Life;
import dev.sweeprunner.run.scale.Demand.Lot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which further tasks are worth their start, and when the sweep will be done: whoever is free first
 * takes the next run, as workers do, by the rates that were measured. Where one of them is unknown,
 * or how long a run lasts, every task is worth it and no end is known.
 *
 * <p>A run that does not go on is not believed to end sooner than in the time that it has stood
 * still. Runs that cannot be claimed yet are left out. Mutable; belongs to one plan.
 */
final class Forecast {
  /** Of more runs than this the sum tells enough. */
  private static final int MANY = 2000;

  /** Any work at all. */
  private static final double LEAST = 1e-3;

  private final Demand demand;
  private final Memory memory;
  private final Instant now;
  private final List<Lane> lanes = new ArrayList<>();
  private boolean known;

  private Forecast(Demand demand, Memory memory, Instant now) {
    this.demand = demand;
    this.memory = memory;
    this.now = now;
    this.known = demand.lots().keySet().stream().allMatch(lot -> lot.left() > 0);
  }

  /** With the tasks that are there. */
  static Forecast of(Demand demand, List<Member> members, Memory memory, Instant now) {
    Forecast forecast = new Forecast(demand, memory, now);
    Map<Life, List<Going>> going = new HashMap<>();
    demand
        .going()
        .forEach(run -> going.computeIfAbsent(run.life(), l -> new ArrayList<>()).add(run));
    for (Member member : members) {
      if (member.task().phase() != Phase.SUSPENDED) {
        forecast.working(member, going);
        forecast.free(member);
      }
    }
    return forecast;
  }

  private void working(Member member, Map<Life, List<Going>> going) {
    ProfileMemory profile = memory.of(member.task().profile());
    for (Life life : Life.both(member.task())) {
      for (Going run : going.getOrDefault(life, List.of())) {
        double rate = known(profile.rates.perSecond());
        known &= rate > 0 && run.left() > 0;
        Mark mark = profile.marks.get(run.run());
        double still = mark == null ? 0 : seconds(Times.since(mark.at(), now));
        lanes.add(new Lane(Math.max(run.left() / rate, still), rate, member.sweeps(), 0));
      }
    }
  }

  private void free(Member member) {
    Rates rates = memory.of(member.task().profile()).rates;
    for (int i = 0; i < member.places(); i++) {
      add(rates, member.task().pending(), member.sweeps(), 0);
    }
  }

  private void add(Rates rates, boolean waits, Set<String> sweeps, double least) {
    double rate = known(rates.perSecond());
    double queued = waits ? known(rates.queued()) : 0;
    known &= rate > 0;
    lanes.add(new Lane(queued + known(rates.start()), rate, sweeps, least));
  }

  /** The value; where there is none, nothing is known of the whole. */
  private double known(@Nullable Double value) {
    known &= value != null;
    return value == null ? Double.NaN : value;
  }

  /**
   * How many of so many further tasks get more work than their start takes; one where nobody else
   * would do what is left. These are there from now on.
   */
  int worth(TaskProfile profile, int count) {
    int before = lanes.size();
    Rates rates = memory.of(profile.name()).rates;
    Double start = rates.start();
    boolean others = known;
    double cost = start == null ? 0 : Math.max(start, LEAST);
    boolean wanted = known && count > 0 && Double.isInfinite(scheduled());
    for (int i = 0; i < count * profile.workers() && known; i++) {
      add(rates, true, Set.of(), wanted && i < profile.workers() ? LEAST : cost);
    }
    if (!known) {
      known = others && count == 0;
      return count;
    }
    scheduled();
    int worth = 0;
    for (int i = before; i < lanes.size(); i += profile.workers()) {
      worth += lanes.subList(i, i + profile.workers()).stream().anyMatch(Lane::worth) ? 1 : 0;
    }
    lanes.subList(before + worth * profile.workers(), lanes.size()).clear();
    return worth;
  }

  /** When the last run will be done, or null where that is not known. */
  @Nullable Instant end() {
    if (!known || (lanes.isEmpty() && !demand.lots().isEmpty())) {
      return null;
    }
    double end = scheduled();
    return Double.isFinite(end) && end < Integer.MAX_VALUE
        ? now.plusSeconds(Math.round(end))
        : null;
  }

  private double scheduled() {
    return new Schedule(lanes).run(demand.lots(), MANY);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  /** A worker. */
  static final class Lane {
    final double from;
    final double rate;
    final Set<String> sweeps;
    private final double least;
    double until;

    Lane(double from, double rate, Set<String> sweeps, double least) {
      this.from = from;
      this.rate = rate;
      this.sweeps = sweeps;
      this.least = least;
      this.until = from;
    }

    boolean worth() {
      return until - from >= least;
    }

    boolean serves(Lot lot) {
      return lot.servedBy(sweeps);
    }
  }
}
