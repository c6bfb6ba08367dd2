package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.RunListener;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.run.TrainingFailure.Fault;
import dev.sweeprunner.run.judge.RetryPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One claim's life: from its base checkpoint to its end or to the moment it must be given back.
 *
 * <p>Call {@link #advance} until it returns an outcome. Whatever happens inside, the claim's log
 * says it afterwards; a process killed in between leaves a claim whose beat stands still. Belongs
 * to one thread.
 */
public final class Attempt implements AutoCloseable {
  static final String USERS_STOP = "the Stop button in W&B";

  private final ClaimedRun run;
  private final RunPorts ports;
  private final LastWords lastWords;
  private final CheckpointSchedule schedule;
  private final WriteRetry retry;
  private final RunListeners listeners;
  private Journal.@Nullable RunJournal journal;
  private @Nullable ActiveRun active;

  /**
   * An attempt at a claimed run.
   *
   * @param host this host's name, for failures
   */
  public Attempt(
      ClaimedRun run, RunPorts ports, RetryPolicy retryPolicy, CheckpointRules rules, String host) {
    this.run = run;
    this.ports = ports;
    this.lastWords = new LastWords(run, retryPolicy, ports, host);
    RunConfig config = run.point().config();
    this.schedule =
        new CheckpointSchedule(rules, config.evalInterval(), config.maxIters(), ports.clock());
    this.retry = new WriteRetry(ports.pause(), ports.stop(), ports.narrator(), rules.retryFor());
    this.listeners =
        new RunListeners(
            ports.budget(),
            ports.reporter(),
            ports.reporter().meter(),
            new TraceListener(ports.trace(), run.claim(), this::iter),
            ports.narrator());
  }

  /** Tells {@code listener} of this run too. */
  void heardBy(RunListener listener) {
    listeners.add(listener);
  }

  /**
   * Trains up to the next publish and makes it.
   *
   * @return how the run left this worker's hands, or null while it goes on
   * @throws SickNode if this node cannot keep what it makes; the claim was given back
   */
  public @Nullable Outcome advance() {
    try {
      if (active == null) {
        if (run.claim().overtaken()) {
          return superseded();
        }
        active = begin();
      }
      return step(active);
    } catch (TrainingFailure failure) {
      return failed(failure.kind(), String.valueOf(failure.getMessage()), failure);
    } catch (OutOfMemoryError error) {
      return failed(FailureClass.OOM, "out of memory: " + Why.of(error), error);
    } catch (IOException error) {
      return failed(FailureClass.INFRA, Why.at(error), error);
    } catch (SickNode sick) {
      return gaveUp(sick);
    } catch (RuntimeException error) {
      return failed(FailureClass.UNKNOWN, Why.at(error), error);
    }
  }

  @Override
  public void close() {
    if (active != null) {
      active.close();
    }
    closeJournal();
    run.claim().close();
  }

  private void closeJournal() {
    if (journal != null) {
      journal.close();
    }
  }

  private ActiveRun begin() throws IOException {
    long began = ports.clock().nanos();
    Point point = run.point();
    int epoch = run.claim().epoch();
    run.claim().progress(0, "start");
    ports.reporter().meter().holds(run);
    ResumePoint base = ResumePoint.load(run, spoilt(), ports.checkpoints(), ports.journal());
    Ledger safe = base.ledger(run, ports.journal());
    Telemetry.Feed feed = ports.telemetry().begin(run, safe);
    listeners.add(feed);
    RowTimestamps timestamps = RowTimestamps.after(safe, ports.clock());
    Journal.RunJournal opened = opened(point, epoch, base.iter());
    journal = opened;
    if (!base.why().isEmpty()) {
      ports.narrator().say("Run " + point.runId() + ": " + base.why());
      opened.log(base.why());
    }
    listeners.add(new ConsoleLog(opened, feed, ports.training().device(), ports.clock()));
    listeners.began(point, epoch, base.iter());
    ActiveRun begun =
        new ActiveRun(run, ports, listeners, schedule, base, feed, opened, timestamps);
    listeners.started(
        ports.training().size(point.config()).whole(),
        Duration.ofNanos(ports.clock().nanos() - began));
    return begun;
  }

  /** A folder that stands for another config will do so the next time too. */
  private Journal.RunJournal opened(Point point, int epoch, long base) throws IOException {
    try {
      return ports.journal().open(point, epoch, base);
    } catch (UserError another) {
      throw new TrainingFailure(FailureClass.CONFIG, String.valueOf(another.getMessage()));
    }
  }

  /** How many of the newest states the run's last starts have failed on. */
  private int spoilt() {
    return ports.training().statesMaySpoil() ? run.claim().summary().failedStarts() : 0;
  }

  private long iter() {
    return active == null ? -1 : active.iter();
  }

  private @Nullable Outcome step(ActiveRun at) throws IOException {
    Training.Pausing pausing = at.train();
    if (run.claim().superseded()) {
      return superseded();
    }
    return switch (pausing) {
      case DUE -> published(at);
      case STOPPED -> stopped(at);
      case COMPLETE -> complete(at);
      case LOST -> lost(at);
    };
  }

  private @Nullable Outcome published(ActiveRun at) {
    if (!at.publishDue()) {
      return superseded();
    }
    ports.node().cameForward();
    return null;
  }

  private Outcome stopped(ActiveRun at) throws IOException {
    if (!at.published()
        && timeToSave(at)
        && !retry.once("checkpoint of iteration " + at.iter(), at::publish)) {
      return superseded();
    }
    boolean held = ports.stop().reason().isEmpty();
    String reason = ports.stop().reason().orElse(USERS_STOP);
    ReleaseReason kind = held ? ReleaseReason.HELD : ReleaseReason.PREEMPTED;
    return left(
        lastWords.release(kind, reason),
        held ? Outcome.HELD : Outcome.RELEASED,
        "on " + reason + " at iteration " + at.iter());
  }

  private Outcome left(LastWords.Said said, Outcome outcome, String why) {
    if (said.superseded()) {
      return superseded();
    }
    return said.heard()
        ? ended(outcome, why)
        : ended(
            Outcome.LEFT,
            why
                + ": "
                + said.refused()
                + "; "
                + WriteRetry.WAY_OUT
                + Remains.of(run.claim(), false));
  }

  private Outcome lost(ActiveRun at) {
    String reason = "what trained it was killed at iteration " + at.iter();
    if (run.claim().overtaken()) {
      return superseded();
    }
    ports.node().killed(reason); // where that is once too often, the run is given back for it
    return left(lastWords.release(ReleaseReason.SHUTDOWN, reason), Outcome.RELEASED, reason);
  }

  private boolean timeToSave(ActiveRun at) {
    Optional<String> no = ports.budget().noCheckpoint();
    no.ifPresent(
        why -> at.say(why + "; it goes from iteration " + at.iter() + " back to its last"));
    return no.isEmpty();
  }

  private Outcome complete(ActiveRun at) {
    if (!at.published() && !retry.insist("final checkpoint", at::publish)) {
      return superseded();
    }
    at.evaluateLast();
    if (!retry.insist("end of the run", at::finish)) {
      return superseded();
    }
    String detail = "at iteration " + at.iter();
    listeners.ending(Outcome.FINISHED, detail);
    at.conclude(ports.closer());
    ports.node().worked();
    listeners.ended(run.point(), Outcome.FINISHED, detail);
    return Outcome.FINISHED;
  }

  /**
   * What this claim settled, if anything, its heir clears away; what it staged, it clears itself.
   */
  private Outcome superseded() {
    clear();
    return ended(
        Outcome.SUPERSEDED, "another worker has taken it over; what was made since is discarded");
  }

  private void clear() {
    try {
      if (active != null) {
        active.close();
        active = null;
      }
      closeJournal();
      ports.checkpoints().abandon(run.claim().key(), run.claim().epoch());
    } catch (IOException litter) {
      ports.narrator().say("Staged files of a lost claim stay behind: " + Why.at(litter));
    }
  }

  /** What only this claim would have read goes first: on a full disk its last word needs room. */
  private Outcome gaveUp(SickNode sick) {
    String why = String.valueOf(sick.getMessage());
    if (sick instanceof NoRoom && !run.claim().overtaken()) {
      clear();
    }
    LastWords.Said said = lastWords.release(ReleaseReason.SHUTDOWN, why);
    if (said.heard()) {
      ended(Outcome.RELEASED, why + Remains.of(run.claim(), true));
    } else if (said.superseded()) {
      superseded();
    } else {
      ended(
          Outcome.LEFT,
          why
              + (why.contains(said.refused()) ? "" : "; nor could its log: " + said.refused())
              + Remains.of(run.claim(), false));
    }
    throw sick instanceof NoRoom full
        ? full.needing(ports.training().size(run.point().config()).whole())
        : sick;
  }

  private Outcome failed(FailureClass kind, String message, Throwable cause) {
    if (run.claim().overtaken()) {
      return superseded();
    }
    Fault fault = cause instanceof TrainingFailure failure ? failure.fault() : Fault.ITS_OWN;
    if (fault == Fault.DISK_FULL || NoRoom.behind(cause)) {
      return gaveUp(new NoRoom("the disk is full: " + message + "; free space", 0));
    }
    if (journal != null) {
      boolean ours = !(cause instanceof TrainingFailure) || cause.getCause() != null;
      journal.log(ours ? trace(cause) : kind + ": " + message);
    }
    if (active != null) {
      active.publishRest();
    }
    LastWords.Said said = lastWords.fail(kind, message, fault == Fault.DAMAGE);
    if (said.superseded()) {
      return superseded();
    }
    ended(Outcome.FAILED, kind + ": " + message + unheard(said));
    if (fault == Fault.DEVICE_LOST) {
      ports.node().lost();
    }
    ports.node().failed(kind, run.point().runId(), message);
    return Outcome.FAILED;
  }

  private String unheard(LastWords.Said said) {
    return said.heard()
        ? ""
        : "; its claim log could not be told: " + said.refused() + Remains.of(run.claim(), false);
  }

  private Outcome ended(Outcome outcome, String detail) {
    listeners.ending(outcome, detail);
    listeners.ended(run.point(), outcome, detail);
    return outcome;
  }

  private static String trace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
