package dev.sweeprunner.run;

import dev.sweeprunner.run.Narrator.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One claim's life: from its base checkpoint to its end or to the moment it must be given back.
 *
 * <p>Call {@link #advance} until it returns an outcome. Whatever happens inside, the claim's log
 * says it afterwards; a process killed in between leaves a claim whose beat stands still. Belongs
 * to one thread.
 */
public final class Attempt implements AutoCloseable {
  private static final int LONGEST_MESSAGE = 500;
  private static final String USERS_STOP = "the Stop button in W&B";

  private final Work work;
  private final Ports ports;
  private final Attempts attempts;
  private final Cadence cadence;
  private final Persistence persistence;
  private final String host;
  private Journal.@Nullable RunJournal journal;
  private Training.@Nullable Session session;
  private @Nullable Commit commit;
  private @Nullable Saver saver;
  private Telemetry.@Nullable Feed feed;
  private @Nullable Stamp stamp;
  private @Nullable Rate rate;
  private @Nullable RunLog lines;

  /**
   * An attempt at a claimed run.
   *
   * @param host this host's name, for failures
   */
  public Attempt(Work work, Ports ports, Attempts attempts, CheckpointRules rules, String host) {
    this.work = work;
    this.ports = ports;
    this.attempts = attempts;
    this.host = host;
    var training = work.point().config().training();
    this.cadence =
        new Cadence(
            new Cadence.Rules(rules.interval(), rules.everyIterations()),
            training.evalInterval(),
            training.maxIters(),
            ports.clock());
    this.persistence =
        new Persistence(ports.pause(), ports.stop(), ports.narrator(), rules.retryFor());
  }

  /**
   * Trains up to the next publish and makes it.
   *
   * @return how the run left this worker's hands, or null while it goes on
   * @throws SickNode if this node cannot keep what it makes; the claim was given back
   */
  public @Nullable Outcome advance() {
    try {
      if (session == null) {
        if (work.claim().overtaken()) {
          return superseded();
        }
        begin();
      }
      return step();
    } catch (TrainingFailure failure) {
      return failed(failure.kind(), String.valueOf(failure.getMessage()), failure);
    } catch (OutOfMemoryError error) {
      return failed(FailureClass.OOM, "out of memory: " + error.getMessage(), error);
    } catch (IOException error) {
      return failed(FailureClass.INFRA, sentence(error), error);
    } catch (SickNode sick) {
      return gaveUp(sick);
    } catch (RuntimeException error) {
      return failed(FailureClass.UNKNOWN, sentence(error), error);
    }
  }

  @Override
  public void close() {
    if (saver != null) {
      saver.abandon();
    }
    if (session != null) {
      session.close();
    }
    if (journal != null) {
      journal.close();
    }
    work.claim().close();
  }

  private void begin() throws IOException {
    Claim claim = work.claim();
    long began = ports.clock().nanos();
    claim.progress(0, "start");
    Base base = Base.load(work, ports.checkpoints(), ports.narrator());
    long from = base.iter();
    Ledger safe = base.ledger(work, ports.journal());
    feed = ports.telemetry().begin(work, safe);
    stamp = Stamp.after(safe, ports.clock());
    Journal.RunJournal opened = ports.journal().open(work.point(), claim.epoch(), from);
    journal = opened;
    commit =
        new Commit(
            claim, ports.checkpoints(), opened, feed::covered, ports.trace(), base.published());
    lines = new RunLog(line -> log(opened, line), ports.clock());
    lines.began(claim.epoch(), ports.training().device(), from);
    ports.narrator().began(work.point(), claim.epoch(), from);
    ports.reporter().training(work.point().runId());
    ports.trace().event(from > 0 ? "resume" : "start", work.point().runId(), claim.epoch(), from);
    session = ports.training().start(work.point().config(), base.snapshot());
    saver = new Saver(commit, cadence, ports.clock(), session.saver());
    ports
        .budget()
        .began(
            ports.training().size(work.point().config()).whole(),
            Duration.ofNanos(ports.clock().nanos() - began));
    rate = new Rate(ports.clock(), work.point().config(), from);
  }

  private @Nullable Outcome step() throws IOException {
    Training.Session running = Objects.requireNonNull(session);
    Training.Pausing pausing =
        running.train(
            Objects.requireNonNull(saver)::due, this::leaving, this::row, this::completed);
    if (work.claim().superseded()) {
      return superseded();
    }
    return switch (pausing) {
      case DUE -> publishDue(running);
      case STOPPED -> stopped(running);
      case COMPLETE -> complete(running);
    };
  }

  private Optional<String> leaving() {
    if (work.claim().superseded()) {
      return Optional.of("superseded");
    }
    return feed != null && feed.stopRequested() ? Optional.of(USERS_STOP) : ports.stop().reason();
  }

  private void log(Journal.RunJournal into, String line) {
    into.log(line);
    Objects.requireNonNull(feed).line(line);
  }

  private @Nullable Outcome publishDue(Training.Session running) {
    Saver saving = Objects.requireNonNull(saver);
    work.claim().progress(running.iter(), "save");
    try {
      if (saving.busy() && !publishBegun()) {
        return superseded();
      }
      if (cadence.due(running.iter())) {
        saving.begin(running.snapshot());
      }
      return !saving.written() || publishBegun() ? null : superseded();
    } catch (IOException error) {
      say(
          "a checkpoint at or before iteration "
              + running.iter()
              + " could not be written ("
              + sentence(error)
              + "); training goes on and the next one is tried later");
      return null;
    }
  }

  private Outcome stopped(Training.Session running) throws IOException {
    if (running.iter() > publishedIter()
        && timeToSave(running)
        && !persistence.once("checkpoint", () -> publish(running))) {
      return superseded();
    }
    boolean held = ports.stop().reason().isEmpty();
    String reason = ports.stop().reason().orElse(USERS_STOP);
    ReleaseReason kind = held ? ReleaseReason.HELD : ReleaseReason.PREEMPTED;
    if (!said(() -> work.claim().release(kind, reason))) {
      return superseded();
    }
    return ended(
        held ? Outcome.HELD : Outcome.RELEASED, "on " + reason + " at iteration " + running.iter());
  }

  private boolean timeToSave(Training.Session running) {
    Optional<String> no = ports.budget().noCheckpoint();
    no.ifPresent(
        why -> say(why + "; it goes from iteration " + running.iter() + " back to its last"));
    return no.isEmpty();
  }

  private void say(String what) {
    ports.narrator().say("Run " + work.point().runId() + ": " + what);
  }

  private Outcome complete(Training.Session running) throws IOException {
    if (publishedIter() < running.maxIters()
        && !persistence.insist("final checkpoint", () -> publish(running))) {
      return superseded();
    }
    running.evaluateLast(this::row);
    Commit commits = Objects.requireNonNull(commit);
    if (!persistence.insist("FINISH", commits::finish)) {
      return superseded();
    }
    String detail = "at iteration " + running.iter();
    Objects.requireNonNull(lines).ended(Outcome.FINISHED, detail);
    Objects.requireNonNull(journal).close();
    ports.conclusion().of(work.point().key());
    ports.node().worked();
    return told(Outcome.FINISHED, detail);
  }

  /** Publishes the state at this boundary, after what was begun before. */
  private boolean publish(Training.Session running) throws IOException {
    work.claim().progress(running.iter(), "save");
    Saver saving = Objects.requireNonNull(saver);
    if (saving.busy() && !publishBegun()) {
      return false;
    }
    if (publishedIter() == running.iter()) {
      return true;
    }
    saving.begin(running.snapshot());
    return publishBegun();
  }

  /** Publishes what is being written, once it is. */
  private boolean publishBegun() throws IOException {
    Duration took = Objects.requireNonNull(saver).publish();
    PublishedCheckpoint tip = Objects.requireNonNull(commit).tip();
    if (took == null || tip == null) {
      return false;
    }
    ports.budget().published(took);
    ports.trace().event("publish", work.point().runId(), work.claim().epoch(), tip.iter());
    ports.narrator().published(work.point(), tip, took);
    Objects.requireNonNull(lines).published(tip, took);
    return true;
  }

  private long publishedIter() {
    PublishedCheckpoint tip = commit == null ? null : commit.tip();
    return tip == null ? 0 : tip.iter();
  }

  private void completed(long iteration) {
    work.claim().progress(iteration + 1, "train");
    Rate rates = Objects.requireNonNull(rate);
    ports.budget().iterated(rates.completed(iteration + 1));
    ports.reporter().rate(rates.tokensPerSecond());
    ports.trace().event("iteration", work.point().runId(), work.claim().epoch(), iteration);
  }

  private void row(Row made) {
    Row row = Objects.requireNonNull(stamp).on(made);
    try {
      Objects.requireNonNull(journal).row(row);
    } catch (IOException error) {
      throw new TrainingFailure(
          FailureClass.INFRA, "a metric row could not be kept: " + sentence(error), error);
    }
    Objects.requireNonNull(feed).row(row);
    Rate rates = Objects.requireNonNull(rate);
    Objects.requireNonNull(lines).row(row);
    ports.narrator().row(work.point(), row, rates.tokensPerSecond(), rates.left());
  }

  /**
   * What this claim settled, if anything, its heir clears away; what it staged, it clears itself.
   */
  private Outcome superseded() {
    try {
      if (saver != null) {
        saver.abandon();
      }
      if (journal != null) {
        journal.close();
      }
      ports.checkpoints().abandon(work.claim().key(), work.claim().epoch());
    } catch (IOException litter) {
      ports.narrator().say("Staged files of a lost claim stay behind: " + sentence(litter));
    }
    return ended(
        Outcome.SUPERSEDED, "another worker has taken it over; what was made since is discarded");
  }

  private Outcome gaveUp(SickNode sick) {
    String why = shortened(String.valueOf(sick.getMessage()));
    said(() -> work.claim().release(ReleaseReason.SHUTDOWN, why));
    ended(Outcome.RELEASED, String.valueOf(sick.getMessage()));
    throw sick;
  }

  private Outcome failed(FailureClass kind, String message, Throwable cause) {
    if (work.claim().overtaken()) {
      return superseded();
    }
    if (journal != null) {
      journal.log(trace(cause));
    }
    keepWhatWasBegun();
    if (!said(() -> work.claim().fail(new Failure(kind, shortened(message), host)))) {
      return superseded();
    }
    attempts
        .exhausted(work.claim().fold())
        .ifPresent(
            why -> {
              said(() -> work.claim().poison(why));
              ports.conclusion().of(work.point().key());
            });
    ended(Outcome.FAILED, kind + ": " + message);
    if (cause instanceof TrainingFailure failure && failure.deviceLost()) {
      ports.node().lost();
    }
    ports.node().failed(kind, message);
    return Outcome.FAILED;
  }

  /** A checkpoint from before the failure is as good as ever. */
  private void keepWhatWasBegun() {
    if (saver == null || !saver.busy()) {
      return;
    }
    try {
      publishBegun();
    } catch (IOException | RuntimeException lost) {
      ports.narrator().say("The checkpoint being written is lost: " + sentence(lost));
    }
  }

  /** A last word that the disk refuses is not fatal: the beat stops, and others take over. */
  private boolean said(BooleanSupplier lastWord) {
    try {
      return lastWord.getAsBoolean();
    } catch (UncheckedIOException refused) {
      ports.narrator().say(refused.getMessage() + "; it is free again once its claim expires");
      return true;
    }
  }

  private Outcome ended(Outcome outcome, String detail) {
    if (lines != null) {
      lines.ended(outcome, detail);
    }
    return told(outcome, detail);
  }

  private Outcome told(Outcome outcome, String detail) {
    if (feed != null) {
      feed.ended(outcome, detail);
    }
    ports
        .trace()
        .event(
            "ended." + outcome,
            work.point().runId(),
            work.claim().epoch(),
            session == null ? -1 : session.iter());
    ports.narrator().ended(work.point(), outcome, detail);
    return outcome;
  }

  private static String sentence(Throwable error) {
    String message = error.getMessage();
    return error.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
  }

  private static String trace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /**
   * When checkpoints are made.
   *
   * @param interval between rolling checkpoints
   * @param everyIterations also at multiples of this; 0 for never
   * @param retryFor how long the last checkpoint of a run is tried again when it cannot be written
   */
  public record CheckpointRules(Duration interval, long everyIterations, Duration retryFor) {}
}
