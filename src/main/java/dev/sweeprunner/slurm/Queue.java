package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.slurm.Squeue.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This process's view of Slurm's queue: the newest answer about the jobs in question, asked for
 * again when somebody looks, it has become old, and nobody else of the storage root is asking.
 *
 * <p>Whoever looks never waits, unless the executor is the calling thread: a worker reads what is
 * known and has the rest asked beside its work. Any thread.
 */
final class Queue {
  private static final int MOST_DOUBTS = 64;

  /** So long another process is left to ask before its answer is looked for again. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final SlurmCommands slurmCommands;
  private final Squeue squeue;
  private final SharedAnswer shared;
  private final JobsInQuestion jobs;
  private final Clock clock;
  private final Executor executor;
  private final Slurm.Options options;
  private final AtomicBoolean asking = new AtomicBoolean();

  /** Tasks that an answer does not list, to be asked for by name. */
  private final Set<String> doubted = ConcurrentHashMap.newKeySet();

  /** Tasks that Slurm said not to know, asked for by name. */
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();

  /** Whether the newest question by name had no answer: then none is asked before the next turn. */
  private volatile boolean mute;

  private volatile Snapshot newest;

  /** When another process was found asking. */
  private volatile long yielded;

  /** What a look for a task that nobody had asked for has led to last: it is not repeated. */
  private volatile @Nullable Snapshot considered;

  private volatile @Nullable SlurmSite site;

  Queue(
      SlurmCommands slurmCommands,
      SharedAnswer shared,
      JobsInQuestion jobs,
      Clock clock,
      Executor executor,
      Slurm.Options options) {
    this.slurmCommands = slurmCommands;
    this.squeue = new Squeue(slurmCommands);
    this.shared = shared;
    this.jobs = jobs;
    this.clock = clock;
    this.executor = executor;
    this.options = options;
    long longAgo = clock.nanos() - Duration.ofDays(1).toNanos();
    this.yielded = longAgo;
    this.newest = Snapshot.none(longAgo, null, "squeue has not answered yet");
  }

  /** The newest answer; one that is older than usual, or not about this task, is asked for anew. */
  Snapshot look(SlurmTask task) {
    return look(task, options.fresh());
  }

  /** As above, where an answer may be this old. */
  Snapshot look(SlurmTask task, Duration fresh) {
    jobs.meet(task);
    Snapshot seen = newest;
    long now = clock.nanos();
    boolean old = now - seen.asked() >= fresh.toNanos();
    boolean waits = now - yielded < Math.min(PATIENCE.toNanos(), fresh.toNanos());
    if (!waits && (old || (!seen.covers(task.display()) && seen != considered))) {
      inBackground(() -> refresh(fresh));
    }
    return newest;
  }

  /** Asks for one running job by its raw id, now, in this thread. */
  Snapshot ask(String rawId) {
    SlurmSite here = siteOfHost();
    long now = clock.nanos();
    Answer answer =
        here == null
            ? new Answer.Unknown("scontrol show config gave no answer")
            : squeue.ofJob(rawId, options.timeout());
    Snapshot bare = new Snapshot(now, now, here, Set.of(), answer, Set.of());
    Set<String> about = bare.running(rawId).map(row -> Set.of(row.id())).orElse(Set.of());
    Snapshot made = new Snapshot(now, now, here, about, answer, Set.of());
    newest = made;
    return made;
  }

  /** Which Slurm is asked here; null where it does not say so. Asked for once. */
  @Nullable SlurmSite site() {
    if (site == null) {
      site = SlurmSite.ask(slurmCommands, options.timeout()).orElse(null);
    }
    return site;
  }

  /** The same, as another process of this host may have heard just now. */
  private @Nullable SlurmSite siteOfHost() {
    if (site == null) {
      Instant at = clock.now();
      site = shared.site().orElse(null);
      if (site != null) {
        return site;
      }
      SlurmSite heard = site();
      if (heard != null) {
        shared.keep(heard, at);
      }
    }
    return site;
  }

  /**
   * Whether Slurm, asked for this very task after it was missing in an answer, did not know it.
   *
   * <p>The first call only has it asked: an answer for many jobs may be older than the job, or cut.
   */
  boolean unknown(String id) {
    if (newest.unknown().contains(id)) {
      return true;
    }
    if (!unknown.contains(id) && doubted.size() < MOST_DOUBTS && doubted.add(id) && !mute) {
      inBackground(this::settleDoubts);
    }
    return unknown.contains(id);
  }

  private void inBackground(Runnable question) {
    if (asking.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              question.run();
            } finally {
              asking.set(false);
            }
          });
    }
  }

  private void refresh(Duration fresh) {
    SlurmSite here = siteOfHost();
    newest =
        here == null
            ? Snapshot.none(clock.nanos(), null, "scontrol show config gave no answer")
            : shared.find(here, fresh).orElseGet(() -> inTurn(here, fresh));
    settleDoubts();
    considered = newest;
  }

  /** Asks, unless somebody else does. */
  private Snapshot inTurn(SlurmSite here, Duration fresh) {
    if (options.once()) {
      return answer(here, RootAnswer.Turn.NOBODYS);
    }
    RootAnswer.Turn turn = shared.turn(here);
    if (!turn.mine()) {
      yielded = clock.nanos();
      return newest;
    }
    try {
      Optional<Snapshot> meanwhile = shared.find(here, fresh);
      return meanwhile.isPresent() ? meanwhile.get() : answer(here, turn);
    } finally {
      shared.leave(here, turn);
    }
  }

  private Snapshot answer(SlurmSite here, RootAnswer.Turn turn) {
    Snapshot before = shared.newest(here).map(AnswerForm::snapshot).orElse(null);
    Set<String> arrays = jobs.arrays(here, before);
    if (arrays.isEmpty()) {
      return newest;
    }
    long now = clock.nanos();
    Instant at = clock.now();
    Answer answer = squeue.ofJobs(options.user(), arrays, options.timeout());
    Snapshot whole = new Snapshot(now, now, here, arrays, answer, Set.of()).after(before);
    shared.keep(here, new AnswerForm(turn.generation(), at, turn.server(), whole));
    return whole;
  }

  private void settleDoubts() {
    mute = false;
    SlurmSite here = site;
    if (here == null || doubted.isEmpty()) {
      return;
    }
    shared.newest(here).ifPresent(form -> unknown.addAll(known(form.snapshot())));
    doubted.removeAll(unknown);
    Set<String> gone = new HashSet<>();
    for (String id : doubted) {
      if (!(squeue.ofJob(id, options.timeout()) instanceof Answer.Jobs named)) {
        mute = true;
        break; // asked again with the next answer
      }
      if (named.rows().isEmpty()) {
        gone.add(id);
      } else {
        newest = newest.with(id, named);
        considered = newest;
      }
      doubted.remove(id);
    }
    if (!gone.isEmpty()) {
      unknown.addAll(gone);
      if (!options.once()) {
        shared.keepUnknown(here, gone);
      }
    }
  }

  private Set<String> known(Snapshot seen) {
    Set<String> both = new HashSet<>(doubted);
    both.retainAll(seen.unknown());
    return both;
  }
}
