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
    boolean cron) {
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
    for (int i = 0; i < count; i++) {
      sites.add(site(random, "p" + i, i == healthy));
    }
    return new SimRules(
        List.copyOf(sites),
        1 + random.nextInt(30),
        random.nextInt(8) * HOUR,
        MINUTE + random.nextInt(900),
        random.nextInt(4) == 0 ? 30 : 5 * MINUTE,
        2 * MINUTE + random.nextInt(1800),
        random.nextInt(3) == 0 ? 20 : 0,
        random.nextInt(3) == 0 ? 10 : 0,
        1 + random.nextInt(2),
        random.nextInt(3) == 0);
  }

  private static Site site(SplittableRandom random, String name, boolean healthy) {
    int workers = random.nextInt(5) == 0 ? 2 : 1;
    int limit = 1 + random.nextInt(12);
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
