package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.Telemetry.Announcement;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.Upserted;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.registry.Entity;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settles with other clusters, through W&amp;B alone, who works on a run that this lock directory
 * has just claimed.
 *
 * <ol>
 *   <li>The run does not exist: it is created, empty, and the server says who created it; whoever
 *       did writes its claim and has it. The others wrote nothing. If the server's word may have
 *       been lost, the run is taken for one without a claim.
 *   <li>This lock directory worked on it last, and the claim there is one of its own: its own log
 *       fences it. Its heartbeat is renewed before work begins. If it was silent for about the
 *       grace, or is by the time the renewal is answered, another cluster may be taking it over,
 *       and it is claimed like a dead one.
 *   <li>It is live, or has finished: another cluster has it.
 *   <li>It is live without a claim: another program's, or its creator is about to write one. Look
 *       again after the settle time.
 *   <li>It is dead: the claim is written and read back after the settle time. Of several that do so
 *       the last one that wrote has it; all read the same. It has the run once a heartbeat was
 *       accepted, soon after the reading: whoever wrote so late that another had read back already
 *       finds that heartbeat, and gives way.
 * </ol>
 *
 * <p>Where W&amp;B falls silent after it has shown that somebody else has or had the run, nothing
 * is settled, whatever the policy for its silence: it was not silent to the others.
 *
 * <p>The settle time is longer than the time between two heartbeats. A process killed anywhere in
 * between leaves a run that looks dead after a few minutes, and is its own lock directory's if it
 * got as far as the claim. Called from the worker's thread.
 */
final class Announcer {
  private static final Announcement STOPPED =
      new Announcement.Unsettled("asked to stop before it was settled which cluster has the run");

  /** Rounds of settling before a claim is given up. */
  private static final int ROUNDS = 3;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final WandbClient client;
  private final Pause pause;
  private final Clock clock;
  private final Times times;
  private final Consumer<String> notes;

  /**
   * An announcer.
   *
   * @param client with little patience, since a worker waits
   * @param pause waits for the settle time
   * @param notes hears of a run for which it waits so long
   */
  Announcer(WandbClient client, Pause pause, Clock clock, Times times, Consumer<String> notes) {
    this.client = client;
    this.pause = pause;
    this.clock = clock;
    this.times = times;
    this.notes = notes;
  }

  /**
   * Announces a claim.
   *
   * @param goal what the run is to become
   * @param local whether this lock directory has worked on it, and lost it to no other cluster
   */
  Announcement announce(RunDescriptor descriptor, Entity entity, Goal goal, boolean local) {
    try {
      return new Claiming(descriptor, entity.name(), goal, local).announced();
    } catch (WandbFailure failure) {
      return new Announcement.Unknown(String.valueOf(failure.getMessage()));
    }
  }

  /** One claim on its way. */
  private final class Claiming {
    private final RunDescriptor descriptor;
    private final String entity;
    private final RunPath path;
    private final Goal goal;
    private final boolean local;
    private boolean again;
    private boolean told;
    private int rounds;

    Claiming(RunDescriptor descriptor, String entity, Goal goal, boolean local) {
      this.descriptor = descriptor;
      this.entity = entity;
      this.path = descriptor.path(entity);
      this.goal = goal;
      this.local = local;
    }

    Announcement announced() throws WandbFailure {
      long asked = clock.nanos();
      RemoteRun run = client.run(path).orElse(null);
      if (run == null) {
        return created(asked);
      }
      Claimant by = Claimant.in(run.config()).orElse(null);
      RemoteState state = RemoteStates.of(run);
      if (state.whole(goal)) {
        return new Announcement.Lost("it finished " + where(by) + " a moment ago");
      }
      if (local && ours(by)) {
        return renewed(run, asked);
      }
      if (!state.live(times.live())) {
        return contested(() -> written(run, asked));
      }
      return by == null
          ? contested(() -> nameless(run))
          : new Announcement.Lost("it is trained " + where(by));
    }

    /**
     * Within the grace no other cluster touches the run. After it one may be about to take it over.
     * The heartbeat goes first: it takes nothing from a cluster that has.
     */
    private Announcement renewed(RemoteRun run, long asked) throws WandbFailure {
      RemoteState state = RemoteStates.of(run);
      Duration silent = state.silent();
      if (silent == null || (!state.live(times.live()) && leaseEnded(silent))) {
        return contested(() -> written(run, asked));
      }
      try {
        client.stream(path, StreamChunk.HEARTBEAT);
      } catch (WandbFailure failure) {
        if (leaseEnded(silent.plus(since(asked)))) {
          return unsettled(failure);
        }
        throw failure;
      }
      if (leaseEnded(silent.plus(since(asked)))) {
        return contested(this::renewedLate);
      }
      client.upsert(descriptor.upsert(entity, run.storageId()));
      return new Announcement.Ours();
    }

    private boolean leaseEnded(Duration silent) {
      return silent.compareTo(times.grace().minus(times.settle())) >= 0;
    }

    private Announcement renewedLate() throws WandbFailure {
      long asked = clock.nanos();
      RemoteRun now = client.run(path).orElse(null);
      Claimant by = now == null ? null : Claimant.in(now.config()).orElse(null);
      return now != null && ours(by)
          ? written(now, asked)
          : new Announcement.Lost("it was claimed " + where(by) + " before it was renewed");
    }

    private Announcement created(long asked) throws WandbFailure {
      Upserted made = client.upsert(RunUpsert.bare(path));
      if (!made.inserted()) {
        return made.ambiguous()
            ? contested(this::maybeCreated)
            : new Announcement.Lost("another cluster created it a moment before");
      }
      client.upsert(descriptor.upsert(entity, made.storageId()));
      return late(asked) ? contested(() -> settled(null)) : new Announcement.Ours();
    }

    private Announcement maybeCreated() throws WandbFailure {
      RemoteRun run = client.run(path).orElse(null);
      return run == null ? gone() : nameless(run);
    }

    /**
     * Writes the claim over a dead one.
     *
     * @param run as it was when it was found dead
     * @param asked when that was; too long ago, and it is looked at again
     */
    private Announcement written(RemoteRun run, long asked) throws WandbFailure {
      if (late(asked) && !again) {
        again = true;
        return announced();
      }
      client.upsert(descriptor.upsert(entity, run.storageId()));
      return settled(run);
    }

    /**
     * Reads, after the settle time, whose claim was written last, and whether anybody is alive;
     * then says that this claim is. Where that is accepted so late that a rival may have read
     * before it, everything is read once more.
     *
     * @param judged as the run was when it was found dead, or null
     */
    private Announcement settled(@Nullable RemoteRun judged) throws WandbFailure {
      Instant before = client.run(path).map(RemoteRun::heartbeat).orElse(null);
      // Or the server moves a heartbeat when a claim is written; somebody's own goes on.
      boolean moved = judged != null && beatsOn(judged.heartbeat(), before);
      Duration watch = moved ? times.live() : times.settle();
      long read = 0;
      for (long began = clock.nanos(); read == 0 || since(began).compareTo(watch) < 0; ) {
        if (!rested()) {
          return STOPPED;
        }
        read = clock.nanos();
        Announcement lost = lost(before);
        if (lost != null) {
          return lost;
        }
      }
      return begun(read);
    }

    private @Nullable Announcement lost(@Nullable Instant before) throws WandbFailure {
      RemoteRun now = client.run(path).orElse(null);
      Claimant last = now == null ? null : Claimant.in(now.config()).orElse(null);
      if (now == null || last == null || !last.token().equals(descriptor.claimant().token())) {
        return new Announcement.Lost("it was claimed " + where(last) + " at the same time");
      }
      return RemoteStates.of(now).whole(goal) || beatsOn(before, now.heartbeat())
          ? new Announcement.Lost("somebody works on it after all")
          : null;
    }

    /**
     * The first heartbeat. A rival that wrote after this claim was read back reads itself no sooner
     * than the settle time after that, and must find it; half of that time is left to the server.
     */
    private Announcement begun(long read) throws WandbFailure {
      client.stream(path, StreamChunk.HEARTBEAT);
      Duration half = times.settle().dividedBy(2);
      if (since(read).compareTo(half.compareTo(SOON) < 0 ? SOON : half) <= 0) {
        return new Announcement.Ours();
      }
      return ++rounds < ROUNDS
          ? settled(null)
          : new Announcement.Unsettled("W&B takes its heartbeats too late to settle who has it");
    }

    /**
     * A live run without a claim: one of another program, or one whose creator was killed or has
     * not written its claim yet. It is left alone if its heartbeat goes on.
     */
    private Announcement nameless(RemoteRun before) throws WandbFailure {
      if (!rested()) {
        return STOPPED;
      }
      long asked = clock.nanos();
      RemoteRun now = client.run(path).orElse(null);
      if (now == null) {
        return gone();
      }
      Claimant by = Claimant.in(now.config()).orElse(null);
      if (by != null && !ours(by)) {
        return new Announcement.Lost("it is trained " + where(by));
      }
      if (by == null && beatsOn(before.heartbeat(), now.heartbeat())) {
        return new Announcement.Lost("another program logs to it");
      }
      return written(now, asked);
    }

    private boolean rested() {
      if (!told) {
        told = true;
        String wait =
            ": waiting " + times.settle().toSeconds() + " s to settle with other clusters";
        notes.accept("Run " + descriptor.key().runId() + wait + " which of them has it.");
      }
      return waited();
    }

    private boolean ours(@Nullable Claimant by) {
      return by != null && by.sharesRootWith(descriptor.claimant());
    }

    private String where(@Nullable Claimant by) {
      return by == null || ours(by) ? "elsewhere" : "on cluster " + by.cluster();
    }
  }

  /** What follows once W&amp;B has shown that somebody else has or had the run. */
  private static Announcement contested(Question question) {
    try {
      return question.ask();
    } catch (WandbFailure failure) {
      return unsettled(failure);
    }
  }

  private static Announcement unsettled(WandbFailure failure) {
    return new Announcement.Unsettled(
        "it was not settled which cluster has the run: " + failure.getMessage());
  }

  private static Announcement gone() {
    return new Announcement.Unknown("the run was there and is not");
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(clock.nanos() - nanos);
  }

  private boolean late(long asked) {
    return since(asked).compareTo(times.settle()) >= 0;
  }

  /** A stop request cuts the wait short, and then nothing is settled. */
  private boolean waited() {
    long began = clock.nanos();
    pause.pause(times.settle());
    return late(began);
  }

  private static boolean beatsOn(@Nullable Instant before, @Nullable Instant now) {
    return now != null && (before == null || now.isAfter(before));
  }

  @FunctionalInterface
  private interface Question {
    Announcement ask() throws WandbFailure;
  }

  /**
   * Times.
   *
   * @param settle longer than the time after which every cluster reads what one has written, and
   *     than that between two heartbeats
   * @param live how young a heartbeat must be to count as live
   * @param grace how long a dead run is left to the cluster that had it
   */
  record Times(Duration settle, Duration live, Duration grace) {}
}
