package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.TaskProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;

/**
 * What a simulated month is like. Times are seconds from the start.
 *
 * @param sites one for each profile
 * @param runs how many
 * @param faultsEnd from then on nothing goes wrong any more but what is wrong for ever
 * @param every a scaler's look
 * @param minJobAge how long Slurm remembers an ended task
 * @param mean time between two mishaps
 * @param deaths chance of a scaler's death at a step, in thousandths
 * @param sleeps chance that a scaler is stopped at a step for up to 20 minutes, in thousandths
 * @param scalers how many people start one
 * @param cron whether each look is a process of its own
 * @param bounds of the scaler
 */
@NullMarked
record SimRules(
    List<Site> sites,
    int runs,
    long faultsEnd,
    long every,
    long minJobAge,
    long mean,
    int deaths,
    int sleeps,
    int scalers,
    boolean cron,
    Rules bounds) {
  static final long MINUTE = 60;
  static final long HOUR = 3600;

  /**
   * What a profile's partition is like.
   *
   * @param capacity how many tasks run at a time
   * @param queue mean of the time in the queue
   * @param start from the start to the first claim
   * @param speed updates per second
   * @param failing percentage of starts that fail while it is broken
   * @param dead whether it is broken, blocked or refused for ever: the first letter says which
   * @param idle how long a worker waits for work before it leaves; 0 at once, -1 for ever
   * @param submitLimit most tasks that Slurm takes of this profile while it is strict
   */
  record Site(
      TaskProfile profile,
      int capacity,
      long queue,
      long start,
      double speed,
      int failing,
      String dead,
      long idle,
      int submitLimit) {}

  static SimRules of(SplittableRandom random) {
    List<Site> sites = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    int healthy = random.nextInt(count);
    boolean often = random.nextInt(8) == 0;
    int most = random.nextInt(6) == 0 ? 30 : 10;
    for (int i = 0; i < count; i++) {
      sites.add(site(random, "p" + i, i == healthy, most));
    }
    return new SimRules(
        List.copyOf(sites),
        1 + random.nextInt(3 * most),
        random.nextInt(often ? 2 : 6) * HOUR,
        often ? MINUTE : MINUTE + random.nextInt(900),
        random.nextInt(4) == 0 ? 30 : 5 * MINUTE,
        2 * MINUTE + random.nextInt(1800),
        random.nextInt(3) == 0 ? 20 : 0,
        random.nextInt(3) == 0 ? 10 : 0,
        1 + random.nextInt(2),
        random.nextInt(3) == 0,
        Rules.DEFAULT);
  }

  /**
   * One profile in which most starts fail for hours, looked at each minute.
   *
   * @param failing percentage of starts that fail; of 100 none ever works
   */
  static SimRules harsh(int limit, int failing, int deaths, int sleeps) {
    TaskProfile profile = new TaskProfile("p0", "p0", "1", limit, 1, List.of(), "script");
    String dead = failing == 100 ? "fails" : "";
    Site site = new Site(profile, limit, 0, 20, 1, failing, dead, 0, 1000);
    long age = deaths > 0 ? MINUTE / 2 : 5 * MINUTE;
    return new SimRules(
        List.of(site),
        300,
        6 * HOUR,
        MINUTE,
        age,
        24 * HOUR,
        deaths,
        sleeps,
        2,
        false,
        Rules.DEFAULT);
  }

  /** A month with 77 tasks and 500 runs of two days each, looked at each minute. */
  static SimRules month() {
    return large(new int[] {10, 27, 40}, 500, 30 * 24 * HOUR, MINUTE, Rules.DEFAULT);
  }

  /** 20 days with 10,000 tasks and 100,000 runs of two days each, looked at each hour. */
  static SimRules crowd() {
    int[] limits = {1000, 4000, 5000};
    return large(limits, 100_000, 20 * 24 * HOUR, HOUR, new Rules(64, 256));
  }

  /** Whether its runs take days. */
  boolean days() {
    return faultsEnd > 10 * 24 * HOUR;
  }

  /** Preempted, failing and rivalled all the time. */
  private static SimRules large(int[] limits, int runs, long ends, long every, Rules bounds) {
    List<Site> sites = new ArrayList<>();
    for (int i = 0; i < limits.length; i++) {
      String name = "p" + i;
      TaskProfile profile = new TaskProfile(name, name, "1", limits[i], 1, List.of(), "script");
      sites.add(new Site(profile, limits[i], 1800, 120, 1 - 0.2 * i, 50, "", 0, runs));
    }
    return new SimRules(sites, runs, ends, every, 5 * MINUTE, MINUTE, 0, 0, 2, false, bounds);
  }

  private static Site site(SplittableRandom random, String name, boolean healthy, int most) {
    int workers = random.nextInt(5) == 0 ? 2 : 1;
    int limit = 1 + random.nextInt(most);
    TaskProfile profile = new TaskProfile(name, name, "1", limit, workers, List.of(), "script");
    String[] deaths = {"", "", "fails", "blocked", "refused"};
    return new Site(
        profile,
        1 + random.nextInt(10),
        random.nextInt(3) == 0 ? random.nextInt(3 * 3600) : random.nextInt(120),
        5 + random.nextInt(random.nextInt(4) == 0 ? 900 : 60),
        0.5 + random.nextDouble(),
        List.of(0, 50, 90, 100).get(random.nextInt(4)),
        healthy ? "" : deaths[random.nextInt(deaths.length)],
        List.of(0L, 600L, -1L).get(random.nextInt(3)),
        random.nextInt(3) == 0 ? random.nextInt(limit) : 1000);
  }
}
