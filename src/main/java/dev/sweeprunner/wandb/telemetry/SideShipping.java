package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a run's programs have written beside it, on their way to W&amp;B, one after the
 * other. Belongs to one thread; may be cut off anywhere and repeated by another process.
 */
final class SideShipping {
  private static final long PAUSE = Duration.ofSeconds(10).toNanos();

  /** Of one run, while W&amp;B answers all else. */
  private static final int TRIES = 8;

  private final RunDescriptor card;
  private final int epoch;
  private final Manner manner;
  private final UplinkPorts ports;
  private final Map<String, SideDelivery> all = new LinkedHashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Map<String, Integer> failed = new HashMap<>();
  private boolean looked;
  private long lookedAt;
  private @Nullable SideDelivery next;

  /** Those beside the run of this card. */
  SideShipping(RunDescriptor card, int epoch, Manner manner, UplinkPorts ports) {
    this.card = card;
    this.epoch = epoch;
    this.manner = manner;
    this.ports = ports;
  }

  /**
   * Whether W&amp;B lacks something of them, and trying to send it is of any use.
   *
   * @param how the run's claim has ended, or null while it goes on
   */
  boolean wanted(@Nullable Outcome how) {
    look(how != null);
    next = null;
    for (SideDelivery side : all.values()) {
      if (next == null && !refused.contains(side.name()) && wanted(side, how)) {
        next = side;
      }
    }
    return next != null;
  }

  private boolean wanted(SideDelivery side, @Nullable Outcome how) {
    try {
      return side.wanted(how);
    } catch (IOException unreadable) {
      refuse(side, Why.at(unreadable));
      return false;
    }
  }

  private void look(boolean now) {
    if (now || !looked || ports.clock().nanos() - lookedAt >= PAUSE) {
      looked = true;
      lookedAt = ports.clock().nanos();
      for (String name : ports.tracks().sides(card.key(), epoch)) {
        all.computeIfAbsent(name, side -> new SideDelivery(card, side, epoch, manner, ports));
      }
    }
  }

  /**
   * Sends a piece of one that {@link #wanted} has found. One that W&amp;B refuses is said to the
   * user, and left to another process: the run itself must not wait for it.
   *
   * @param of the run beside which they lie
   * @throws WandbFailure if W&amp;B does not answer now
   */
  void step(WandbClient client, RunPath of) throws WandbFailure {
    SideDelivery side = next;
    if (side == null) {
      return;
    }
    if (failed.containsKey(side.name())) {
      // Only what fails while W&B answers counts against it.
      client.stream(of, StreamChunk.HEARTBEAT);
    }
    try {
      side.step(client, of);
      failed.remove(side.name());
    } catch (WandbFailure failure) {
      failed(side, failure);
    } catch (IOException unreadable) {
      refuse(side, Why.at(unreadable));
    }
  }

  private void failed(SideDelivery side, WandbFailure failure) throws WandbFailure {
    if (failure.kind() == Kind.UNAUTHORISED) {
      throw failure;
    }
    boolean gone = failure.kind() == Kind.NOT_FOUND;
    boolean passing =
        switch (failure.kind()) {
          case UNREACHABLE, LIMITED, UNREADABLE -> true;
          default -> false;
        };
    int times = failed.merge(side.name(), 1, Integer::sum);
    if (!(gone || passing) || times >= TRIES) {
      refuse(side, String.valueOf(failure.getMessage()));
    } else if (gone) {
      side.gone();
    } else {
      throw failure;
    }
  }

  /** Whether one of them was refused: another process tries it again. */
  boolean owes() {
    return !refused.isEmpty();
  }

  private void refuse(SideDelivery side, String why) {
    refused.add(side.name());
    ports
        .notices()
        .accept(
            "Run "
                + card.key().runId()
                + ": W&B does not get all of the run "
                + side.name()
                + " beside it: "
                + why
                + ". It is kept, and tried again later");
  }
}
