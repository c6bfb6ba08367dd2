package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This process's view of Slurm's queue: the newest answer, asked for again when somebody looks and
 * it has become old.
 *
 * <p>Whoever looks never waits, unless the executor is the calling thread: a worker reads what is
 * known and has the rest asked beside its work. Any thread.
 */
final class Queue {
  private static final int MOST_DOUBTS = 64;

  private final SlurmCommands slurmCommands;
  private final Squeue squeue;
  private final SharedAnswer shared;
  private final Clock clock;
  private final Executor executor;
  private final Slurm.Options options;
  private final AtomicBoolean asking = new AtomicBoolean();

  /** Jobs that were missing in an answer, to be asked for by name. */
  private final Set<String> doubted = ConcurrentHashMap.newKeySet();

  /** Jobs that Slurm said not to know, asked for by name. */
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();

  /** Whether the newest question by name had no answer: then none is asked before the next turn. */
  private volatile boolean mute;

  private volatile Snapshot newest;
  private volatile @Nullable SlurmSite site;

  Queue(
      SlurmCommands slurmCommands,
      SharedAnswer shared,
      Clock clock,
      Executor executor,
      Slurm.Options options) {
    this.slurmCommands = slurmCommands;
    this.squeue = new Squeue(slurmCommands);
    this.shared = shared;
    this.clock = clock;
    this.executor = executor;
    this.options = options;
    this.newest =
        new Snapshot(
            clock.nanos() - Duration.ofDays(1).toNanos(),
            null,
            new Squeue.Answer.Unknown("squeue has not answered yet"));
  }

  /** The newest answer; one that is older than usual is asked for anew. */
  Snapshot look() {
    return look(options.fresh());
  }

  /** The newest answer; one that is older than this is asked for anew. */
  Snapshot look(Duration fresh) {
    if (clock.nanos() - newest.asked() >= fresh.toNanos()) {
      inBackground(() -> refresh(fresh));
    }
    return newest;
  }

  /** Asks now, in this thread, whatever is known. */
  Snapshot ask() {
    refresh(Duration.ZERO);
    return newest;
  }

  /**
   * Whether Slurm, asked for this very job after it was missing in an answer, did not know it.
   *
   * <p>The first call only has it asked: an answer for all jobs may be older than the job, or cut.
   */
  boolean unknown(String id) {
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
    newest = shared.find(options.configuration(), fresh).orElseGet(this::answer);
    settleDoubts();
  }

  private Snapshot answer() {
    long nanos = clock.nanos();
    Instant at = clock.now();
    if (site == null) {
      site = SlurmSite.ask(slurmCommands, options.timeout()).orElse(null);
    }
    Squeue.Answer answer =
        site == null
            ? new Squeue.Answer.Unknown("scontrol show config gave no answer")
            : squeue.ofUser(options.user(), options.timeout());
    shared.keep(options.configuration(), at, site, answer);
    return new Snapshot(nanos, site, answer);
  }

  private void settleDoubts() {
    mute = false;
    for (String id : doubted) {
      if (!(squeue.ofJob(id, options.timeout()) instanceof Squeue.Answer.Jobs jobs)) {
        mute = true;
        return; // asked again with the next answer
      }
      if (jobs.rows().isEmpty()) {
        unknown.add(id);
      }
      doubted.remove(id);
    }
  }
}
