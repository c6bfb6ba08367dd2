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
        Double rate = profile.rates.perSecond();
        known &= rate != null && run.left() > 0;
        if (known) {
          Mark mark = profile.marks.get(run.run());
          double still = mark == null ? 0 : seconds(Times.since(mark.at(), now));
          lanes.add(new Lane(Math.max(run.left() / rate, still), rate, member.sweeps(), 0));
        }
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
    Double rate = rates.perSecond();
    Double start = rates.start();
    Double wait = waits ? rates.queued() : Double.valueOf(0);
    known &= rate != null && rate > 0 && start != null && wait != null;
    if (known) {
      lanes.add(new Lane(wait + start, rate, sweeps, least));
    }
  }

  /**
   * How many of so many further tasks get more work than their start takes; these are there from
   * now on.
   */
  int worth(TaskProfile profile, int count) {
    int before = lanes.size();
    Rates rates = memory.of(profile.name()).rates;
    Double start = rates.start();
    boolean others = known;
    for (int i = 0; i < count * profile.workers() && known; i++) {
      add(rates, true, Set.of(), start == null ? 0 : Math.max(start, Double.MIN_VALUE));
    }
    if (!known) {
      known = others && count == 0;
      return count;
    }
    new Schedule(lanes).run(demand.lots(), MANY);
    int worth = 0;
    for (int i = 0; i < count; i++) {
      worth +=
          lanes.subList(before + i * profile.workers(), lanes.size()).stream()
                  .limit(profile.workers())
                  .anyMatch(Lane::worth)
              ? 1
              : 0;
    }
    lanes.subList(before + worth * profile.workers(), lanes.size()).clear();
    return worth;
  }

  /** When the last run will be done, or null where that is not known. */
  @Nullable Instant end() {
    if (!known || (lanes.isEmpty() && !demand.lots().isEmpty())) {
      return null;
    }
    double end = new Schedule(lanes).run(demand.lots(), MANY);
    return Double.isFinite(end) && end < Integer.MAX_VALUE
        ? now.plusSeconds(Math.round(end))
        : null;
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
