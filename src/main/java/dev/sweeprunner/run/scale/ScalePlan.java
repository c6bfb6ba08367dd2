package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.TaskProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to submit and to cancel so that there are as many tasks as there is work to claim. Pure.
 *
 * <p>A task counts from its submission on until it holds a run: pending, starting, or looking for
 * work. Whoever carries out a plan and makes it anew, with nothing else changed, gets an empty one,
 * unless a look may submit no more at once.
 *
 * @param members the tasks that have not ended
 * @param shares of each profile, in their order
 * @param surplus pending tasks that nobody needs, those that are blocked and then the newest first
 * @param without runs that would be left without a worker, since no profile has room
 * @param end when all would be done with the tasks that are there, or null
 */
record ScalePlan(
    List<Member> members,
    List<Share> shares,
    List<BatchTask> surplus,
    int without,
    @Nullable Instant end) {

  /**
   * What a profile gets.
   *
   * @param count tasks to submit together, may be 0
   * @param reason why so many and no more
   * @param end when all would be done with these and those of the profiles before, or null
   */
  record Share(TaskProfile profile, Tally tally, int count, Reason reason, @Nullable Instant end) {}

  /** Copies the lists. */
  ScalePlan {
    members = List.copyOf(members);
    shares = List.copyOf(shares);
    surplus = List.copyOf(surplus);
  }

  /**
   * Makes the plan.
   *
   * @param profiles the most wanted first
   * @param demand looked at after the tasks were listed: a task that claims a run in between then
   *     counts once too often and never once too little
   * @param tasks of this scaler; those that have ended do not count
   * @param memory of a {@link Settlement} of the same tasks
   */
  static ScalePlan of(
      List<TaskProfile> profiles,
      Demand demand,
      List<BatchTask> tasks,
      Memory memory,
      Rules rules,
      Instant now) {
    List<Member> members = members(profiles, demand, tasks, memory, now);
    Cover cover = cover(profiles, demand, members, memory, now);
    Needed needed = new Needed(demand.claimable() - cover.covered(), false);
    List<Share> shares = new ArrayList<>();
    Forecast forecast = Forecast.of(demand, members, memory, now);
    Instant end = forecast.end();
    for (TaskProfile profile : profiles) {
      ProfileMemory known = memory.of(profile.name());
      Tally tally = Tally.of(of(profile.name(), members));
      Room room = Room.of(profile, tally, known, rules, now);
      shares.add(needed.share(profile, tally, room, forecast, demand));
    }
    return new ScalePlan(members, shares, surplus(demand, members, cover), needed.without(), end);
  }

  private static List<Member> members(
      List<TaskProfile> profiles,
      Demand demand,
      List<BatchTask> tasks,
      Memory memory,
      Instant now) {
    Map<String, Integer> workers = new HashMap<>();
    profiles.forEach(profile -> workers.put(profile.name(), profile.workers()));
    return tasks.stream()
        .filter(task -> !task.ended())
        .map(
            task ->
                Member.of(
                    task,
                    demand,
                    workers.getOrDefault(task.profile(), 1),
                    memory.of(task.profile()).tasks.get(task.id()),
                    now))
        .toList();
  }

  static List<Member> of(String profile, List<Member> members) {
    return members.stream().filter(member -> member.task().profile().equals(profile)).toList();
  }

  /** Whom the claimable runs can count on. */
  private static Cover cover(
      List<TaskProfile> profiles, Demand demand, List<Member> members, Memory memory, Instant now) {
    Cover cover = new Cover(demand.lots());
    members.forEach(member -> cover.add(member.sweeps(), member.places()));
    for (TaskProfile profile : profiles) {
      int underWay = memory.of(profile.name()).starts.underWay(now);
      cover.add(Set.of(), underWay * profile.workers());
    }
    return cover;
  }

  /** Whether there is nothing to do. */
  boolean isEmpty() {
    return surplus.isEmpty() && shares.stream().allMatch(share -> share.count() == 0);
  }

  /**
   * Those without whom as many runs find a worker. Of the blocked ones of a profile the oldest
   * stays while there is work: by it one sees when the profile is open again.
   */
  private static List<BatchTask> surplus(Demand demand, List<Member> members, Cover cover) {
    List<Member> spare = new ArrayList<>(members.stream().filter(Member::spare).toList());
    spare.sort(Comparator.comparing(Member::task, BatchTask.NEWEST));
    List<BatchTask> surplus = new ArrayList<>();
    blocked(demand, spare, cover, surplus);
    for (Member member : spare) {
      int before = cover.covered();
      cover.add(member.sweeps(), -member.places());
      if (member.blocked() || cover.covered() < before) {
        cover.add(member.sweeps(), member.places());
      } else {
        surplus.add(member.task());
      }
    }
    return surplus;
  }

  private static void blocked(
      Demand demand, List<Member> spare, Cover cover, List<BatchTask> into) {
    List<Member> blocked = spare.stream().filter(Member::blocked).toList();
    Set<String> watched = new HashSet<>();
    Set<BatchTask> stay = new HashSet<>();
    for (int i = blocked.size() - 1; i >= 0 && demand.claimable() > 0; i--) {
      if (watched.add(blocked.get(i).task().profile())) {
        stay.add(blocked.get(i).task());
      }
    }
    int wanting = demand.claimable() - cover.covered();
    int rest = blocked.stream().mapToInt(Member::free).sum() - wanting;
    for (Member member : blocked) {
      if (!stay.contains(member.task()) && member.free() <= rest) {
        into.add(member.task());
        rest -= member.free();
      }
    }
  }
}
