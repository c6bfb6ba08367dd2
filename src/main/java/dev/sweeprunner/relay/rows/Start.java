package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.TrackedRun;
import java.util.NavigableMap;
import java.util.function.Consumer;

/**
 * How a life begins.
 *
 * @param exists whether the client is told that there is such a run
 * @param tail after which step the client is told to go on
 * @param base the step before the first row of this life as far as it is known, or -1
 * @param tracked the run as the client is told of it
 */
record Start(boolean exists, long tail, long base, TrackedRun tracked, Habit habit, Steps steps) {

  static Start of(
      Relay.Base base, DeadLives dead, Rules rules, Coverage coverage, Consumer<String> said) {
    if (base instanceof Relay.Base.At at) {
      return at(at, dead, rules, coverage);
    }
    return base instanceof Relay.Base.Unknown ? unknown(dead, rules, said) : fresh(rules);
  }

  private static Start fresh(Rules rules) {
    Steps onward = new Onward(rules, -1, 0, 0);
    return new Start(false, -1, -1, TrackedRun.UNSAID, new Habit(Signs.NONE, false), onward);
  }

  private static Start at(Relay.Base.At at, DeadLives dead, Rules rules, Coverage coverage) {
    Signs signs = dead.signs().and(Signs.of(at.tracked().config()));
    Habit habit = new Habit(signs, dead.lasted());
    Steps steps = new AfterBase(rules, habit, at.step(), at.runtime(), dead, coverage::complete);
    return new Start(true, at.step(), at.step(), at.tracked(), habit, steps);
  }

  private static Start unknown(DeadLives dead, Rules rules, Consumer<String> said) {
    TrackedRun tracked = dead.tracked();
    Habit habit = new Habit(dead.signs(), dead.lasted());
    NavigableMap<Long, Logged> kept = dead.kept(habit, said);
    if (tracked == null && kept.isEmpty()) {
      return fresh(rules);
    }
    TrackedRun told = upToDate(tracked == null ? TrackedRun.UNSAID : tracked, kept, habit);
    if (!rules.known(habit)) {
      Steps held = new Held(rules, habit, () -> dead.kept(habit, said), said);
      return new Start(true, -1, -1, told, habit, held);
    }
    long tail = kept.isEmpty() ? -1 : rules.told(habit, kept.lastKey());
    return new Start(true, tail, -1, told, habit, Steps.merging(rules, habit, kept, true, said));
  }

  /** The summary is written every few seconds; the rows since then are at hand. */
  private static TrackedRun upToDate(TrackedRun run, NavigableMap<Long, Logged> kept, Habit habit) {
    long step = Summaries.step(run.summary()).orElse(-1);
    String summary =
        Summaries.with(run.summary(), kept.tailMap(step, false).values(), habit.signs());
    return new TrackedRun(run.config(), summary, run.names());
  }
}
