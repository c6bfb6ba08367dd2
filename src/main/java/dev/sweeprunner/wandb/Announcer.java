package dev.sweeprunner.wandb;

import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Telemetry.Announcement;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.Upserted;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settles with other clusters, through W&amp;B alone, who works on a run that this lock directory
 * has just claimed.
 *
 * <ol>
 *   <li>The run does not exist: it is created, with the claim in its config. The server says who
 *       created it; whoever did has it. If the server's word may have been lost, the claim is read
 *       back after the settle time.
 *   <li>The run's claim was written by this lock directory: it is ours, its own log fences it.
 *   <li>It is live, or has finished: another cluster has it.
 *   <li>It is dead: the claim is written and read back after the settle time. Of several that do so
 *       the last one that wrote has it; all read the same.
 * </ol>
 *
 * <p>A process killed anywhere in between leaves a run that looks dead after a few minutes, and is
 * its own lock directory's if it got as far as the claim. Called from the worker's thread.
 */
final class Announcer {
  private final WandbClient client;
  private final Pause pause;
  private final Duration settle;
  private final Duration fresh;

  /**
   * An announcer.
   *
   * @param client with little patience, since a worker waits
   * @param pause waits for the settle time
   * @param settle longer than the time after which every cluster reads what one has written
   * @param fresh how young a heartbeat must be to count as live
   */
  Announcer(WandbClient client, Pause pause, Duration settle, Duration fresh) {
    this.client = client;
    this.pause = pause;
    this.settle = settle;
    this.fresh = fresh;
  }

  /**
   * Announces a claim.
   *
   * @param whole iterations with which a finished run counts as whole
   */
  Announcement announce(Card card, Entity entity, long whole) {
    try {
      return announced(card, entity.name(), whole);
    } catch (WandbFailure failure) {
      return new Announcement.Unknown(String.valueOf(failure.getMessage()));
    }
  }

  private Announcement announced(Card card, String entity, long whole) throws WandbFailure {
    Optional<RemoteRun> there = client.run(card.path(entity));
    if (there.isEmpty()) {
      return created(card, entity);
    }
    RemoteRun run = there.get();
    Claimant by = Claimant.in(run.config()).orElse(null);
    if (by != null && by.sharesRootWith(card.claimant())) {
      return new Announcement.Ours();
    }
    if (finished(run, whole)) {
      return new Announcement.Lost("it finished " + where(by) + " a moment ago");
    }
    if (!live(run)) {
      client.upsert(card.upsert(entity, run.storageId()));
      return settled(card, entity);
    }
    return by == null
        ? nameless(card, entity, run)
        : new Announcement.Lost("it is trained " + where(by));
  }

  private Announcement created(Card card, String entity) throws WandbFailure {
    Upserted answer = client.upsert(card.upsert(entity, null));
    if (answer.inserted()) {
      return new Announcement.Ours();
    }
    return answer.ambiguous()
        ? settled(card, entity)
        : new Announcement.Lost("another cluster created it a moment before");
  }

  /** Reads, after the settle time, whose claim was written last. */
  private Announcement settled(Card card, String entity) throws WandbFailure {
    pause.pause(settle);
    Claimant last =
        client.run(card.path(entity)).flatMap(run -> Claimant.in(run.config())).orElse(null);
    return last != null && last.token().equals(card.claimant().token())
        ? new Announcement.Ours()
        : new Announcement.Lost("it was claimed " + where(last) + " at the same time");
  }

  /**
   * A live run without a claim: one of another program, or one whose creator was killed or has not
   * written its claim yet. It is left alone if its heartbeat goes on.
   */
  private Announcement nameless(Card card, String entity, RemoteRun before) throws WandbFailure {
    pause.pause(settle);
    Optional<RemoteRun> now = client.run(card.path(entity));
    if (now.isEmpty()) {
      return created(card, entity);
    }
    Claimant by = Claimant.in(now.get().config()).orElse(null);
    if (by != null && !by.sharesRootWith(card.claimant())) {
      return new Announcement.Lost("it is trained " + where(by));
    }
    if (by == null && beatsOn(before.heartbeat(), now.get().heartbeat())) {
      return new Announcement.Lost("another program logs to it");
    }
    client.upsert(card.upsert(entity, now.get().storageId()));
    return settled(card, entity);
  }

  private static boolean beatsOn(@Nullable Instant before, @Nullable Instant now) {
    return before != null && now != null && now.isAfter(before);
  }

  private boolean live(RemoteRun run) {
    boolean working = run.state().equals("running") || run.state().equals("preempting");
    Instant heartbeat = run.heartbeat();
    return working
        && heartbeat != null
        && Duration.between(heartbeat, run.asOf()).compareTo(fresh) <= 0;
  }

  private static boolean finished(RemoteRun run, long whole) {
    return run.state().equals("finished")
        && run.summary().get("iter") instanceof Number iter
        && iter.longValue() >= whole;
  }

  private static String where(@Nullable Claimant by) {
    return by == null ? "elsewhere" : "on cluster " + by.cluster();
  }
}
