package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.TaskQueue.Done;
import dev.sweeprunner.run.TaskQueue.Refusal;
import dev.sweeprunner.run.scale.ScalePlan.Share;
import dev.sweeprunner.run.scale.ScaleReport.Step;
import dev.sweeprunner.run.scale.ScaleReport.Step.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Carries a plan out, and remembers what Slurm said. Belongs to one look. */
final class Act {
  private static final Duration FRESH = Duration.ofMinutes(2);

  private final TaskQueue queue;
  private final MemoryStore store;
  private final Seat seat;
  private final Clock clock;
  private final Memory memory;
  private final Set<String> sweeps;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> news = new ArrayList<>();
  private final Set<String> cancelled = new HashSet<>();
  private final long begun;
  private boolean seated = true;
  private boolean answered = true;

  Act(
      TaskQueue queue,
      MemoryStore store,
      Seat seat,
      Clock clock,
      Memory memory,
      Set<String> sweeps) {
    this.queue = queue;
    this.store = store;
    this.seat = seat;
    this.clock = clock;
    this.memory = memory;
    this.sweeps = sweeps;
    this.begun = clock.nanos();
  }

  /** Says what would be done. */
  void propose(ScalePlan plan) {
    if (!plan.surplus().isEmpty()) {
      steps.add(cancellation(plan.surplus(), Outcome.PROPOSED, ""));
      plan.surplus().forEach(task -> cancelled.add(task.id()));
    }
    plan.shares().forEach(share -> leave(share, share.count(), Outcome.PROPOSED));
  }

  /** Cancels and then submits, as long as the seat is held and Slurm answers. */
  void carryOut(ScalePlan plan) {
    if (!plan.surplus().isEmpty()) {
      cancel(plan.surplus());
    }
    for (Share share : plan.shares()) {
      if (share.count() > 0) {
        submit(share);
      }
    }
  }

  /** Saves what is remembered, where it differs from what was. */
  void remember(Map<String, ?> before) {
    if (!memory.members().equals(before) && holds()) {
      store.save(memory);
    }
  }

  /** Nor is acted on facts that have grown old, say since the host slept. */
  private boolean holds() {
    seated = seated && seat.held() && clock.nanos() - begun <= FRESH.toNanos();
    return seated;
  }

  /** Whoever has started while the runs were looked at is left alone: it may hold one by now. */
  private void cancel(List<BatchTask> surplus) {
    Set<String> pending = new HashSet<>();
    queue.tasks().stream().filter(BatchTask::pending).forEach(task -> pending.add(task.id()));
    List<BatchTask> unneeded = surplus.stream().filter(t -> pending.contains(t.id())).toList();
    if (unneeded.isEmpty()) {
      return;
    }
    if (!holds()) {
      steps.add(cancellation(unneeded, Outcome.LEFT, ""));
      return;
    }
    mark(unneeded, true);
    store.save(memory);
    Done done = queue.call(queue.cancellation(unneeded));
    steps.add(cancellation(unneeded, outcome(done), done.said()));
    if (done.done()) {
      unneeded.forEach(task -> cancelled.add(task.id()));
    } else if (done.refusal() != Refusal.UNREACHABLE) {
      mark(unneeded, false);
    }
  }

  private void mark(List<BatchTask> tasks, boolean cancels) {
    for (BatchTask task : tasks) {
      Known known = memory.of(task.profile()).tasks.get(task.id());
      if (known != null) {
        known.cancelled = cancels;
      }
    }
  }

  private Step cancellation(List<BatchTask> tasks, Outcome outcome, String said) {
    return new Step(true, "", tasks.size(), queue.cancellation(tasks), outcome, said);
  }

  private void submit(Share share) {
    if (!answered || !holds()) {
      leave(share, share.count(), Outcome.LEFT);
      return;
    }
    ProfileMemory profile = memory.of(share.profile().name());
    profile.starts.intended(share.count(), clock.now());
    store.save(memory);
    int count = share.count();
    if (!holds()) {
      leave(share, count, Outcome.LEFT);
      return;
    }
    Done done = call(share, count);
    while (done.refusal() == Refusal.LIMIT && count > 1 && holds()) {
      profile.starts.dropped(count - count / 2);
      count /= 2;
      done = call(share, count);
    }
    conclude(share, profile, count, done, clock.now());
    remember(Map.of());
  }

  private Done call(Share share, int count) {
    List<String> command = queue.submission(share.profile(), count);
    Done done = queue.call(command);
    String name = share.profile().name();
    steps.add(new Step(false, name, count, command, outcome(done), done.said()));
    return done;
  }

  private void conclude(Share share, ProfileMemory profile, int count, Done done, Instant now) {
    String name = share.profile().name();
    switch (done.refusal()) {
      case NONE -> {
        profile.starts.submitted(count, now);
        for (int i = 0; i < count; i++) {
          profile.tasks.put(done.said() + "_" + i, new Known(now, sweeps, true));
        }
        if (count < share.count()) {
          ceiling(name, profile, share.tally().there() + count, now);
        } else {
          profile.ceiling.lifted(now);
        }
      }
      case LIMIT -> {
        profile.starts.dropped(count);
        ceiling(name, profile, share.tally().there(), now);
      }
      case INVALID -> {
        profile.starts.dropped(count);
        profile.starts.refused(done.said(), now);
      }
      case UNREACHABLE -> {
        profile.starts.unanswered(done.said(), now);
        answered = false;
      }
    }
  }

  private void ceiling(String name, ProfileMemory profile, int there, Instant now) {
    profile.ceiling.met(there, now);
    news.add(name + ": Slurm takes no more than " + there + " of these tasks now");
  }

  private void leave(Share share, int count, Outcome outcome) {
    if (count > 0) {
      TaskProfile profile = share.profile();
      List<String> command = queue.submission(profile, count);
      steps.add(new Step(false, profile.name(), count, command, outcome, ""));
    }
  }

  private static Outcome outcome(Done done) {
    return switch (done.refusal()) {
      case NONE -> Outcome.DONE;
      case LIMIT, INVALID -> Outcome.REFUSED;
      case UNREACHABLE -> Outcome.UNKNOWN;
    };
  }

  /** Whether none of these waits any more. */
  boolean nonePending(List<BatchTask> listed) {
    return listed.stream().allMatch(task -> !task.pending() || cancelled.contains(task.id()));
  }

  List<Step> steps() {
    return steps;
  }

  List<String> news() {
    return news;
  }

  boolean seated() {
    return seated;
  }
}
