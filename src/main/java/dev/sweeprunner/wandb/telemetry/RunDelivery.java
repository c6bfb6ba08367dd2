package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Ledgers;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends what W&amp;B lacks of a run that no uplink of this process serves: the rows that are safe,
 * and the run's end if it has ended. What is there already is not sent again. Belongs to one
 * thread; may be cut off anywhere and repeated.
 */
final class RunDelivery {
  private static final Set<RecordType> LAST = EnumSet.of(RecordType.FINISH, RecordType.POISON);

  private final Claims claims;
  private final Ledgers ledgers;
  private final RunLogs logs;
  private final WandbClient first;
  private final UplinkPorts ports;
  private final Clock clock;
  private final Pause pause;
  private final Duration longest;

  /**
   * Shipments with these ports.
   *
   * @param first asks whether W&amp;B is there, and what it has
   * @param longest how long one run is tried for
   */
  RunDelivery(
      Claims claims,
      Ledgers ledgers,
      RunLogs logs,
      WandbClient first,
      UplinkPorts ports,
      Pause pause,
      Duration longest) {
    this.claims = claims;
    this.ledgers = ledgers;
    this.logs = logs;
    this.first = first;
    this.ports = ports;
    this.clock = ports.clock();
    this.pause = pause;
    this.longest = longest;
  }

  /** Sends what is lacking of the run of this card. */
  Shipped ship(RunDescriptor descriptor) {
    if (!(claims.look(descriptor.key()) instanceof ClaimState.Logged logged)) {
      return new Shipped.Nothing("nobody has worked on it");
    }
    if (logged.end().releaseReason() == ReleaseReason.LOST_RACE) {
      ports.delivered().accept(descriptor);
      return new Shipped.Nothing("another cluster has it");
    }
    Ledger safe = ledgers.of(descriptor.key(), logged.end());
    Outcome end = end(logged);
    try {
      Optional<RemoteRun> there = first.run(descriptor.path(ports.entity().name()));
      Claimant rival = there.flatMap(descriptor::rival).orElse(null);
      if (rival != null) {
        return new Shipped.Nothing("cluster " + rival.cluster() + " is training it");
      }
      if (there.isPresent()
          && hasAll(there.get(), safe, end)
          && shipped(descriptor, logged.end(), end)) {
        if (LAST.contains(logged.end().type())) {
          ports.delivered().accept(descriptor);
        }
        return new Shipped.Whole();
      }
      return deliver(descriptor, logged.end(), safe, end, there.orElse(null));
    } catch (WandbFailure failure) {
      return new Shipped.Failed(String.valueOf(failure.getMessage()));
    }
  }

  /**
   * Files of a run that goes on, and runs beside it, are sent by whoever goes on with it; its
   * alerts now, unless it is in somebody's hands.
   */
  private boolean shipped(RunDescriptor descriptor, LogEnd end, @Nullable Outcome outcome) {
    if (outcome == null) {
      return true;
    }
    ProgramVoice voice = new ProgramVoice(descriptor, end.epoch(), Manner.DEAD, ports, () -> {});
    voice.ended(outcome);
    return !voice.alerts(true) && (outcome.goesOn() || !voice.filesWanted(true, true));
  }

  private Shipped deliver(
      RunDescriptor descriptor,
      LogEnd end,
      Ledger safe,
      @Nullable Outcome outcome,
      @Nullable RemoteRun there) {
    Uplink uplink = uplink(descriptor, end, safe, outcome != null);
    if (there == null) {
      uplink.earlier(
          logs.of(descriptor.key()).stream()
              .map(line -> LogLine.at(line.when(), line.text()))
              .toList());
    }
    if (outcome != null) {
      uplink.ended(outcome, "");
    }
    long deadline = clock.nanos() + longest.toNanos();
    while (!uplink.done() && !(outcome == null && uplink.current())) {
      if (clock.nanos() >= deadline) {
        return new Shipped.Failed("W&B did not take it within " + longest.toMinutes() + " min");
      }
      uplink.step();
      long wait = uplink.due() - clock.nanos();
      if (wait > 0 && !uplink.done()) {
        pause.pause(Duration.ofNanos(wait));
        if (clock.nanos() < uplink.due()) {
          return new Shipped.Failed("this process was asked to stop");
        }
      }
    }
    if (!uplink.current()) {
      return new Shipped.Nothing("another worker goes on with it");
    }
    if (!shipped(descriptor, end, outcome)) {
      return new Shipped.Failed("W&B does not take what its program wrote beside it");
    }
    long before = there == null ? 0 : there.historyLines();
    return new Shipped.Sent(Math.max(0, safe.lines() - before), safe.lines());
  }

  private Uplink uplink(RunDescriptor descriptor, LogEnd end, Ledger safe, boolean ended) {
    return new Uplink(
        new KeptCard(descriptor, ports.outbox(), true, kept -> kept),
        end.epoch(),
        Manner.DEAD,
        safe,
        () -> taken(descriptor, end, ended),
        ports);
  }

  /** A run in somebody's hands goes on by itself; of one that is not, every new record counts. */
  private boolean taken(RunDescriptor descriptor, LogEnd end, boolean ended) {
    return !(claims.look(descriptor.key()) instanceof ClaimState.Logged now)
        || now.end().epoch() != end.epoch()
        || (ended && now.end().slot() != end.slot());
  }

  /** Not whether it is whole: of our own run, W&amp;B need only have what we have to tell. */
  private static boolean hasAll(RemoteRun run, Ledger safe, @Nullable Outcome end) {
    RemoteState there = RemoteStates.of(run);
    boolean told = end == Outcome.FINISHED ? there.finished() : !there.working();
    return run.historyLines() >= safe.lines() && (told || end == null);
  }

  /** How the run has ended, or null while its owner may be alive. */
  private static @Nullable Outcome end(ClaimState.Logged logged) {
    LogEnd end = logged.end();
    Liveness owner = logged.owner();
    return switch (end.type()) {
      case FINISH -> Outcome.FINISHED;
      case FAIL, POISON -> Outcome.FAILED;
      case RELEASE -> end.releaseReason() == ReleaseReason.HELD ? Outcome.HELD : Outcome.RELEASED;
      default -> owner == null || owner.dead() ? Outcome.RELEASED : null;
    };
  }

  /** What became of a shipment. */
  sealed interface Shipped {
    /** Whether W&amp;B has all of it now. */
    default boolean whole() {
      return this instanceof Whole || this instanceof Sent;
    }

    /** W&amp;B had it all already. */
    record Whole() implements Shipped {}

    /** There was nothing to send. */
    record Nothing(String why) implements Shipped {}

    /** Rows that W&amp;B lacked, and all rows of the run. */
    record Sent(long rows, long of) implements Shipped {}

    /** It has to be tried again. */
    record Failed(String why) implements Shipped {}
  }
}
