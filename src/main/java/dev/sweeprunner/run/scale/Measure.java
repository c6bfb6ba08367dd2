package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.scale.Demand.Going;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Measures what tasks of a profile take and give, from one look to the next. */
final class Measure {
  private final ProfileMemory profile;
  private final Demand demand;
  private final Instant now;

  Measure(ProfileMemory profile, Demand demand, Instant now) {
    this.profile = profile;
    this.demand = demand;
    this.now = now;
  }

  Rates of(Map<String, BatchTask> listed) {
    Rates rates = profile.rates;
    for (BatchTask task : listed.values()) {
      rates = waited(rates, task);
    }
    Set<String> runs = new HashSet<>();
    for (Going going : demand.going()) {
      if (listed.containsKey(going.life().id())) {
        runs.add(going.run());
        rates = progressed(rates, going);
      }
    }
    profile.marks.keySet().retainAll(runs);
    return rates;
  }

  /** From the submission to the first start. */
  private Rates waited(Rates rates, BatchTask task) {
    Known known = profile.tasks.get(task.id());
    if (known == null
        || known.started
        || task.phase() != BatchTask.Phase.RUNNING
        || task.restarts() > 0) {
      return rates;
    }
    known.started = true;
    Duration wait = Times.since(known.submitted, now.minus(task.used()));
    return known.own ? rates.waited(wait) : rates;
  }

  private Rates progressed(Rates rates, Going going) {
    Mark before = profile.marks.get(going.run());
    if (before != null
        && before.task().equals(going.life().id())
        && before.iter() == going.iter()
        && !Times.ahead(before.at(), now)) {
      return rates;
    }
    profile.marks.put(going.run(), new Mark(going.life().id(), going.iter(), now));
    if (before == null || !before.task().equals(going.life().id())) {
      return rates;
    }
    Duration time = Times.since(before.at(), now);
    boolean usable = going.iter() > before.iter() && !time.isNegative() && !time.isZero();
    return usable ? rates.progressed(going.iter() - before.iter(), time) : rates;
  }
}
