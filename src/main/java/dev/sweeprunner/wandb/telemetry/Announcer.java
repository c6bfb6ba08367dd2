package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.Telemetry.Announcement;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.Upserted;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.registry.Entity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settles with other clusters, through W&amp;B alone, who works on a run that this lock directory
 * has just claimed.
 *
 * <ol>
 *   <li>The run does not exist: it is created, empty, and the server says who created it; whoever
 *       did writes its claim and has it. The others wrote nothing. If the server's word may have
 *       been lost, the run is taken for one without a claim.
 *   <li>The run's claim was written by this lock directory: it is ours, its own log fences it. Its
 *       heartbeat is renewed before work begins; if it was silent for about the grace, another
 *       cluster may be taking it over, and it is claimed like a dead one.
 *   <li>It is live, or has finished: another cluster has it.
 *   <li>It is live without a claim: another program's, or its creator is about to write one. Look
 *       again after the settle time.
 *   <li>It is dead: the claim is written and read back after the settle time. Of several that do so
 *       the last one that wrote has it; all read the same. Whoever wrote so late that another had
 *       read back already finds that one's heartbeats, and gives way.
 * </ol>
 *
 * <p>The settle time is longer than the time between two heartbeats. A process killed anywhere in
 * between leaves a run that looks dead after a few minutes, and is its own lock directory's if it
 * got as far as the claim. Called from the worker's thread.
 */
final class Announcer {
  private static final Announcement STOPPED =
      new Announcement.Unsettled("asked to stop before it was settled which cluster has the run");

  private final WandbClient client;
  private final Pause pause;
  private final Clock clock;
  private final Times times;

  /**
   * An announcer.
   *
   * @param client with little patience, since a worker waits
   * @param pause waits for the settle time
   */
  Announcer(WandbClient client, Pause pause, Clock clock, Times times) {
    this.client = client;
    this.pause = pause;
    this.clock = clock;
    this.times = times;
  }

  /**
   * Announces a claim.
   *
   * @param goal what the run is to become
   */
  Announcement announce(RunDescriptor descriptor, Entity entity, Goal goal) {
    try {
      return announced(descriptor, entity.name(), goal);
    } catch (WandbFailure failure) {
      return new Announcement.Unknown(String.valueOf(failure.getMessage()));
    }
  }

  private Announcement announced(RunDescriptor descriptor, String entity, Goal goal)
      throws WandbFailure {
    Optional<RemoteRun> there = client.run(descriptor.path(entity));
    if (there.isEmpty()) {
      return created(descriptor, entity, goal);
    }
    RemoteRun run = there.get();
    Claimant by = Claimant.in(run.config()).orElse(null);
    RemoteState state = RemoteStates.of(run);
    if (state.whole(goal)) {
      return new Announcement.Lost("it finished " + where(by) + " a moment ago");
    }
    if (by != null && by.sharesRootWith(descriptor.claimant())) {
      return renewed(descriptor, entity, run, goal);
    }
    if (!state.live(times.live())) {
      return written(descriptor, entity, run, goal);
    }
    return by == null
        ? nameless(descriptor, entity, run, goal)
        : new Announcement.Lost("it is trained " + where(by));
  }

  /**
   * Within the grace no other cluster touches the run. After it one may be about to take it over.
   */
  private Announcement renewed(RunDescriptor descriptor, String entity, RemoteRun run, Goal goal)
      throws WandbFailure {
    RemoteState state = RemoteStates.of(run);
    Duration silent = state.silent();
    Duration lease = times.grace().minus(times.settle());
    if (silent != null && !state.live(times.live()) && silent.compareTo(lease) >= 0) {
      return written(descriptor, entity, run, goal);
    }
    client.upsert(descriptor.upsert(entity, run.storageId()));
    client.stream(descriptor.path(entity), StreamChunk.HEARTBEAT);
    return new Announcement.Ours();
  }

  private Announcement created(RunDescriptor descriptor, String entity, Goal goal)
      throws WandbFailure {
    long asked = clock.nanos();
    Upserted made = client.upsert(RunUpsert.bare(descriptor.path(entity)));
    if (!made.inserted()) {
      return made.ambiguous()
          ? nameless(descriptor, entity, null, goal)
          : new Announcement.Lost("another cluster created it a moment before");
    }
    client.upsert(descriptor.upsert(entity, made.storageId()));
    boolean late = clock.nanos() - asked >= times.settle().toNanos();
    return late ? settled(descriptor, entity, goal) : new Announcement.Ours();
  }

  private Announcement written(RunDescriptor descriptor, String entity, RemoteRun run, Goal goal)
      throws WandbFailure {
    client.upsert(descriptor.upsert(entity, run.storageId()));
    return settled(descriptor, entity, goal);
  }

  /** Reads, after the settle time, whose claim was written last, and whether anybody is alive. */
  private Announcement settled(RunDescriptor descriptor, String entity, Goal goal)
      throws WandbFailure {
    Instant before = client.run(descriptor.path(entity)).map(RemoteRun::heartbeat).orElse(null);
    if (!waited()) {
      return STOPPED;
    }
    RemoteRun now = client.run(descriptor.path(entity)).orElse(null);
    Claimant last = now == null ? null : Claimant.in(now.config()).orElse(null);
    if (now == null || last == null || !last.token().equals(descriptor.claimant().token())) {
      return new Announcement.Lost("it was claimed " + where(last) + " at the same time");
    }
    return RemoteStates.of(now).whole(goal) || beatsOn(before, now.heartbeat())
        ? new Announcement.Lost("somebody works on it after all")
        : new Announcement.Ours();
  }

  /**
   * A live run without a claim: one of another program, or one whose creator was killed or has not
   * written its claim yet. It is left alone if its heartbeat goes on.
   *
   * @param before what was seen of it, or null
   */
  private Announcement nameless(
      RunDescriptor descriptor, String entity, @Nullable RemoteRun before, Goal goal)
      throws WandbFailure {
    Instant beat = before == null ? null : before.heartbeat();
    if (!waited()) {
      return STOPPED;
    }
    RemoteRun now = client.run(descriptor.path(entity)).orElse(null);
    if (now == null) {
      return new Announcement.Unknown("the run was there and is not");
    }
    Claimant by = Claimant.in(now.config()).orElse(null);
    if (by != null && !by.sharesRootWith(descriptor.claimant())) {
      return new Announcement.Lost("it is trained " + where(by));
    }
    if (by == null && beatsOn(beat, now.heartbeat())) {
      return new Announcement.Lost("another program logs to it");
    }
    return written(descriptor, entity, now, goal);
  }

  /** A stop request cuts the wait short, and then nothing is settled. */
  private boolean waited() {
    long began = clock.nanos();
    pause.pause(times.settle());
    return clock.nanos() - began >= times.settle().toNanos();
  }

  private static boolean beatsOn(@Nullable Instant before, @Nullable Instant now) {
    return before != null && now != null && now.isAfter(before);
  }

  private static String where(@Nullable Claimant by) {
    return by == null ? "elsewhere" : "on cluster " + by.cluster();
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
