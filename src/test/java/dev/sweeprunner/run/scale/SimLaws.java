package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.TaskProfile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * What must hold whatever happens, seen from Slurm's side.
 *
 * <p>Of each profile: never more tasks than its limit; never more than {@link Rules#perLook} new
 * ones in a look; never more than {@link Rules#unclaimedPerHour} submitted within an hour without a
 * first claim; never more failed starts in an hour than those and its limit (see {@link Starts});
 * none submitted within ten minutes of a person's cancelling one. No submission where nothing can
 * be claimed, none beyond the claimable runs. Memory no larger than what Slurm lists.
 *
 * <p>A memory that was lost, or a clock that went forward, starts the hours anew.
 */
@NullMarked
final class SimLaws {
  private static final long HOUR = SimRules.HOUR;
  private static final long MOURNING = 10 * SimRules.MINUTE;

  private final Map<String, Deque<Long>> unclaimed = new HashMap<>();
  private final Map<String, Deque<Long>> failed = new HashMap<>();
  private final Map<String, Long> cancelled = new HashMap<>();
  private final Rules rules;
  int submitted;
  int failures;
  int most;

  SimLaws(Rules rules) {
    this.rules = rules;
  }

  /** So many were submitted in a look in which so many runs could be claimed. */
  void submitted(TaskProfile profile, int count, int there, Look look, long now) {
    submitted += count;
    most = Math.max(most, look.listed);
    String name = profile.name();
    int inLook = look.submitted.merge(name, count, Integer::sum);
    look.all += count * profile.workers();
    hold(there <= profile.limit(), "more than the limit of %s: %d", name, there);
    hold(inLook <= rules.perLook(), "more than %d new %s in a look", rules.perLook(), name);
    hold(look.claimable > 0, "submitted where nothing can be claimed");
    int most = look.claimable + (profile.workers() - 1) * look.submitted.size();
    hold(look.all <= most, "%d submitted for %d runs", look.all, look.claimable);
    Deque<Long> times = unclaimed.computeIfAbsent(name, n -> new ArrayDeque<>());
    for (int i = 0; i < count; i++) {
      times.add(now);
    }
    recent(times, now);
    hold(
        times.size() <= rules.unclaimedPerHour(),
        "%d of %s submitted within an hour without a claim",
        times.size(),
        name);
    long since = now - cancelled.getOrDefault(name, -HOUR);
    hold(since >= MOURNING, "%s submitted %d s after somebody cancelled one", name, since);
  }

  void claimed(String profile) {
    unclaimed.remove(profile);
  }

  void failed(TaskProfile profile, long now) {
    failures++;
    Deque<Long> times = failed.computeIfAbsent(profile.name(), n -> new ArrayDeque<>());
    times.add(now);
    recent(times, now);
    int most = rules.unclaimedPerHour() + profile.limit();
    hold(times.size() <= most, "%d failed starts of %s in an hour", times.size(), profile.name());
  }

  /** A person's hand, which a look has seen. */
  void cancelled(String profile, long now) {
    cancelled.put(profile, now);
  }

  /** Whoever saw it died before it could be remembered. */
  void revived() {
    cancelled.clear();
  }

  /** Nobody can know what was. */
  void forgotten() {
    unclaimed.clear();
    failed.clear();
    cancelled.clear();
  }

  void remembered(Memory memory, int listed) {
    int known = memory.profiles().values().stream().mapToInt(p -> p.tasks.size()).sum();
    hold(known <= listed + 3 * rules.perLook(), "%d remembered of %d tasks", known, listed);
    for (ProfileMemory profile : memory.profiles().values()) {
      int times = profile.starts.unclaimed().size();
      hold(times <= listed + 2 * rules.unclaimedPerHour(), "%d times remembered", times);
    }
  }

  void over(long pending) {
    hold(pending == 0, "%d tasks are left pending at the end", pending);
  }

  void late(String what) {
    hold(false, "work is left: %s", what);
  }

  private static void recent(Deque<Long> times, long now) {
    while (!times.isEmpty() && times.peek() <= now - HOUR) {
      times.remove();
    }
  }

  private static void hold(boolean holds, String law, Object... values) {
    if (!holds) {
      throw new SimBroken(law.formatted(values));
    }
  }

  /** One look of one scaler. */
  static final class Look {
    private final Map<String, Integer> submitted = new HashMap<>();
    final Set<String> mourned = new HashSet<>();
    private int all;
    int claimable;
    int listed;
  }
}
