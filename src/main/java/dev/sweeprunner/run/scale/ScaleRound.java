package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.scale.ScalePlan.Share;
import dev.sweeprunner.run.scale.ScaleReport.Line;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * One look of the autoscaler: asks Slurm for its tasks, counts the work, decides, carries it out
 * and remembers. Everything that it knows from look to look is in the memory, which it loads at
 * each look: any scaler may go on where another stopped, after a death at any point too.
 *
 * <p>The memory is saved before {@code sbatch} with the intent, so that no death in between loses
 * the count against the hour's bound, and after it with the tasks' ids. Belongs to one thread.
 */
public final class ScaleRound {
  private final TaskQueue queue;
  private final Supplier<Demand> demand;
  private final Words words;
  private final MemoryStore store;
  private final Seat seat;
  private final Clock clock;
  private final Rules rules;

  /**
   * A round over these ports.
   *
   * @param demand counts afresh; asked after the tasks were listed
   */
  public ScaleRound(
      TaskQueue queue,
      Supplier<Demand> demand,
      Words words,
      MemoryStore store,
      Seat seat,
      Clock clock,
      Rules rules) {
    this.queue = queue;
    this.demand = demand;
    this.words = words;
    this.store = store;
    this.seat = seat;
    this.clock = clock;
    this.rules = rules;
  }

  /**
   * Looks once.
   *
   * @param submit whether it does what it finds right; else nothing is changed anywhere
   * @throws dev.sweeprunner.problem.UserError if the tasks that are there are not known, or the
   *     memory cannot be saved; nothing was submitted after that
   */
  public ScaleReport look(boolean submit) {
    Memory memory = store.load();
    Map<String, ?> before = memory.members();
    List<BatchTask> listed = queue.tasks();
    Instant now = clock.now();
    memory.clamp(now);
    Demand counted = demand.get();
    List<String> news =
        new ArrayList<>(new Settlement(memory, queue, counted, words.all(), now).of(listed));
    ScalePlan plan = ScalePlan.of(queue.profiles(), counted, listed, memory, rules, now);
    forgetGone(memory);
    Act act = new Act(queue, store, seat, clock, memory, counted.sweeps());
    if (submit) {
      act.carryOut(plan);
      act.remember(before);
    } else {
      act.propose(plan);
    }
    news.addAll(act.news());
    return new ScaleReport(
        now,
        counted,
        lines(plan, memory, now),
        news,
        act.steps(),
        plan.without(),
        plan.end(),
        act.seated(),
        counted.allEnded() && act.nonePending(listed));
  }

  private void forgetGone(Memory memory) {
    Set<String> names = new HashSet<>();
    queue.profiles().forEach(profile -> names.add(profile.name()));
    memory
        .profiles()
        .entrySet()
        .removeIf(entry -> entry.getValue().tasks.isEmpty() && !names.contains(entry.getKey()));
  }

  private static List<Line> lines(ScalePlan plan, Memory memory, Instant now) {
    List<Line> lines = new ArrayList<>();
    Set<String> gone = new TreeSet<>();
    plan.members().forEach(member -> gone.add(member.task().profile()));
    for (Share share : plan.shares()) {
      gone.remove(share.profile().name());
      lines.add(line(share, plan, memory.of(share.profile().name()), now));
    }
    gone.forEach(name -> lines.add(gone(name, plan, memory, now)));
    return lines;
  }

  /** Tasks of a profile that there is no more. */
  private static Line gone(String name, ScalePlan plan, Memory memory, Instant now) {
    TaskProfile none = new TaskProfile(name, "", "", 0, 1, List.of(), "");
    Tally tally = Tally.of(ScalePlan.of(name, plan.members()));
    Share share = new Share(none, tally, 0, Reason.of(Reason.Kind.UNKNOWN), null);
    return line(share, plan, memory.of(name), now);
  }

  private static Line line(Share share, ScalePlan plan, ProfileMemory memory, Instant now) {
    String name = share.profile().name();
    Starts starts = memory.starts;
    boolean paused = starts.paused(now);
    boolean met = memory.ceiling.standing(now);
    return new Line(
        share.profile(),
        share.tally(),
        memory.ceiling.limit(share.profile().limit(), now),
        starts.streak(),
        paused ? starts.until() : null,
        paused ? starts.why() : "",
        met ? memory.ceiling.most() : null,
        met ? memory.ceiling.until() : null,
        share.count(),
        (int) plan.surplus().stream().filter(task -> task.profile().equals(name)).count(),
        share.reason(),
        memory.rates,
        share.end());
  }
}
