package dev.sweeprunner.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.jspecify.annotations.NullMarked;

/**
 * Seeded walks through what is too large to be explored: always the worker of the highest priority
 * goes, priorities change at a few random moments (PCT), and faults, stale answers and deaths are
 * strewn in.
 */
@NullMarked
final class RandomWalks {
  private static final int CHANGES = 6;
  private static final int WALKS_PER_EXPLORER = 50;
  private static final int USUAL_LENGTH = 400;
  private static final int STEPS_PER_CHECK = 40;

  private final SimRules rules;
  private final SimDisk disk;
  private final BiFunction<String, SimRules, SimWorker> worker;

  /** Steps of all walks so far. */
  long steps;

  /** Logs that were finished. */
  int finished;

  /** The longest log. */
  int longest;

  RandomWalks(SimRules rules, SimDisk disk, BiFunction<String, SimRules, SimWorker> worker) {
    this.rules = rules;
    this.disk = disk;
    this.worker = worker;
  }

  void walk(long firstSeed, int walks) throws Explorer.Fault {
    Explorer explorer = new Explorer(rules, disk, worker);
    for (int i = 0; i < walks; i++) {
      if (i % WALKS_PER_EXPLORER == 0) {
        explorer = new Explorer(rules, disk, worker);
      }
      try {
        walk(explorer, new Random(firstSeed + i));
      } catch (Explorer.Fault e) {
        throw new Explorer.Fault("seed " + (firstSeed + i), String.valueOf(e.getMessage()));
      }
    }
  }

  private void walk(Explorer explorer, Random random) throws Explorer.Fault {
    SimState state = explorer.start();
    double[] priority = random.doubles(rules.workers).toArray();
    double fault = random.nextDouble() * 0.1;
    double death = random.nextDouble() * 0.02;
    while (true) {
      if (random.nextInt(USUAL_LENGTH) < CHANGES) {
        priority[random.nextInt(rules.workers)] = random.nextDouble() - random.nextInt(2);
      }
      int next = highest(state, priority);
      if (next < 0) {
        break;
      }
      state = step(explorer, state, next, random, fault, death);
      if (++steps % STEPS_PER_CHECK == 0) {
        explorer.end.check(state);
      }
    }
    explorer.end.check(state);
    longest = Math.max(longest, state.log.slot);
    finished += state.log.finished() ? 1 : 0;
  }

  private int highest(SimState state, double[] priority) {
    int best = -1;
    for (int i = 0; i < rules.workers; i++) {
      if (state.at[i] != null && (best < 0 || priority[i] > priority[best])) {
        best = i;
      }
    }
    return best;
  }

  private SimState step(
      Explorer explorer, SimState state, int worker, Random random, double fault, double death)
      throws Explorer.Fault {
    List<SimState> courses = new ArrayList<>();
    if (random.nextDouble() < death) {
      explorer.addDeaths(courses, state, random.nextInt(rules.workers));
      if (!courses.isEmpty()) {
        return courses.get(random.nextInt(courses.size()));
      }
    }
    explorer.addSteps(courses, state, worker);
    boolean any = !Explorer.pending(state, worker).remote() || random.nextDouble() < fault;
    return courses.get(any ? random.nextInt(courses.size()) : 0);
  }
}
