package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.run.judge.RetryPolicy;
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

  private final ClaimedRun run;
  private final RunPorts ports;
  private final RetryPolicy retryPolicy;
  private final CheckpointSchedule schedule;
  private final WriteRetry retry;
  private final String host;
  private Journal.@Nullable RunJournal journal;
  private Training.@Nullable Session session;
  private @Nullable Commit commit;
  private @Nullable CheckpointWriter checkpointWriter;
  private Telemetry.@Nullable Feed feed;
  private @Nullable RowTimestamps timestamps;
  private @Nullable Rate rate;
  private @Nullable ConsoleLog lines;

  /**
   * An attempt at a claimed run.
   *
   * @param host this host's name, for failures
   */
  public Attempt(
      ClaimedRun run, RunPorts ports, RetryPolicy retryPolicy, CheckpointRules rules, String host) {
    this.run = run;
    this.ports = ports;
    this.retryPolicy = retryPolicy;
    this.host = host;
    var training = run.point().config().training();
    this.schedule =
        new CheckpointSchedule(
            new CheckpointSchedule.Rules(rules.interval(), rules.everyIterations()),
            training.evalInterval(),
            training.maxIters(),
            ports.clock());
    this.retry = new WriteRetry(ports.pause(), ports.stop(), ports.narrator(), rules.retryFor());
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
        if (run.claim().overtaken()) {
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
    if (checkpointWriter != null) {
      checkpointWriter.abandon();
    }
    if (session != null) {
      session.close();
    }
    if (journal != null) {
      journal.close();
    }
    run.claim().close();
  }

  private void begin() throws IOException {
    Claim claim = run.claim();
    long began = ports.clock().nanos();
    claim.progress(0, "start");
    ResumePoint resumePoint = ResumePoint.load(run, ports.checkpoints(), ports.narrator());
    long from = resumePoint.iter();
    Ledger safe = resumePoint.ledger(run, ports.journal());
    feed = ports.telemetry().begin(run, safe);
    timestamps = RowTimestamps.after(safe, ports.clock());
    Journal.RunJournal opened = ports.journal().open(run.point(), claim.epoch(), from);
    journal = opened;
    commit =
        new Commit(
            claim,
            ports.checkpoints(),
            opened,
            feed::covered,
            ports.trace(),
            resumePoint.published());
    lines = new ConsoleLog(line -> log(opened, line), ports.clock());
    lines.began(claim.epoch(), ports.training().device(), from);
    ports.narrator().began(run.point(), claim.epoch(), from);
    ports.reporter().training(run.point().runId());
    ports.trace().event(from > 0 ? "resume" : "start", run.point().runId(), claim.epoch(), from);
    session = ports.training().start(run.point().config(), resumePoint.snapshot());
    checkpointWriter = new CheckpointWriter(commit, schedule, ports.clock(), session.saver());
    ports
        .budget()
        .began(
            ports.training().size(run.point().config()).whole(),
            Duration.ofNanos(ports.clock().nanos() - began));
    rate = new Rate(ports.clock(), run.point().config(), from);
  }

  private @Nullable Outcome step() throws IOException {
    Training.Session running = Objects.requireNonNull(session);
    Training.Pausing pausing =
        running.train(
            Objects.requireNonNull(checkpointWriter)::due,
            this::leaving,
            this::row,
            this::completed);
    if (run.claim().superseded()) {
      return superseded();
    }
    return switch (pausing) {
      case DUE -> publishDue(running);
      case STOPPED -> stopped(running);
      case COMPLETE -> complete(running);
    };
  }

  private Optional<String> leaving() {
    if (run.claim().superseded()) {
      return Optional.of("superseded");
    }
    return feed != null && feed.stopRequested() ? Optional.of(USERS_STOP) : ports.stop().reason();
  }

  private void log(Journal.RunJournal into, String line) {
    into.log(line);
    Objects.requireNonNull(feed).line(line);
  }

  private @Nullable Outcome publishDue(Training.Session running) {
    CheckpointWriter saving = Objects.requireNonNull(checkpointWriter);
    run.claim().progress(running.iter(), "save");
    try {
      if (saving.busy() && !publishBegun()) {
        return superseded();
      }
      if (schedule.due(running.iter())) {
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
        && !retry.once("checkpoint", () -> publish(running))) {
      return superseded();
    }
    boolean held = ports.stop().reason().isEmpty();
    String reason = ports.stop().reason().orElse(USERS_STOP);
    ReleaseReason kind = held ? ReleaseReason.HELD : ReleaseReason.PREEMPTED;
    if (!said(() -> run.claim().release(kind, reason))) {
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
    ports.narrator().say("Run " + run.point().runId() + ": " + what);
  }

  private Outcome complete(Training.Session running) throws IOException {
    if (publishedIter() < running.maxIters()
        && !retry.insist("final checkpoint", () -> publish(running))) {
      return superseded();
    }
    running.evaluateLast(this::row);
    Commit commits = Objects.requireNonNull(commit);
    if (!retry.insist("FINISH", commits::finish)) {
      return superseded();
    }
    String detail = "at iteration " + running.iter();
    Objects.requireNonNull(lines).ended(Outcome.FINISHED, detail);
    Objects.requireNonNull(journal).close();
    ports.closer().of(run.point().key());
    ports.node().worked();
    return told(Outcome.FINISHED, detail);
  }

  /** Publishes the state at this boundary, after what was begun before. */
  private boolean publish(Training.Session running) throws IOException {
    run.claim().progress(running.iter(), "save");
    CheckpointWriter saving = Objects.requireNonNull(checkpointWriter);
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
    Duration took = Objects.requireNonNull(checkpointWriter).publish();
    PublishedCheckpoint tip = Objects.requireNonNull(commit).tip();
    if (took == null || tip == null) {
      return false;
    }
    ports.budget().published(took);
    ports.trace().event("publish", run.point().runId(), run.claim().epoch(), tip.iter());
    ports.narrator().published(run.point(), tip, took);
    Objects.requireNonNull(lines).published(tip, took);
    return true;
  }

  private long publishedIter() {
    PublishedCheckpoint tip = commit == null ? null : commit.tip();
    return tip == null ? 0 : tip.iter();
  }

  private void completed(long iteration) {
    run.claim().progress(iteration + 1, "train");
    Rate rates = Objects.requireNonNull(rate);
    ports.budget().iterated(rates.completed(iteration + 1));
    ports.reporter().rate(rates.tokensPerSecond());
    ports.trace().event("iteration", run.point().runId(), run.claim().epoch(), iteration);
  }

  private void row(Row made) {
    Row row = Objects.requireNonNull(timestamps).on(made);
    try {
      Objects.requireNonNull(journal).row(row);
    } catch (IOException error) {
      throw new TrainingFailure(
          FailureClass.INFRA, "a metric row could not be kept: " + sentence(error), error);
    }
    Objects.requireNonNull(feed).row(row);
    Rate rates = Objects.requireNonNull(rate);
    Objects.requireNonNull(lines).row(row);
    ports.narrator().row(run.point(), row, rates.tokensPerSecond(), rates.left());
  }

  /**
   * What this claim settled, if anything, its heir clears away; what it staged, it clears itself.
   */
  private Outcome superseded() {
    try {
      if (checkpointWriter != null) {
        checkpointWriter.abandon();
      }
      if (journal != null) {
        journal.close();
      }
      ports.checkpoints().abandon(run.claim().key(), run.claim().epoch());
    } catch (IOException litter) {
      ports.narrator().say("Staged files of a lost claim stay behind: " + sentence(litter));
    }
    return ended(
        Outcome.SUPERSEDED, "another worker has taken it over; what was made since is discarded");
  }

  private Outcome gaveUp(SickNode sick) {
    String why = shortened(String.valueOf(sick.getMessage()));
    said(() -> run.claim().release(ReleaseReason.SHUTDOWN, why));
    ended(Outcome.RELEASED, String.valueOf(sick.getMessage()));
    throw sick;
  }

  private Outcome failed(FailureClass kind, String message, Throwable cause) {
    if (run.claim().overtaken()) {
      return superseded();
    }
    if (journal != null) {
      journal.log(trace(cause));
    }
    keepWhatWasBegun();
    if (!said(() -> run.claim().fail(new Failure(kind, shortened(message), host)))) {
      return superseded();
    }
    retryPolicy
        .exhausted(run.claim().summary())
        .ifPresent(
            why -> {
              said(() -> run.claim().poison(why));
              ports.closer().of(run.point().key());
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
    if (checkpointWriter == null || !checkpointWriter.busy()) {
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
            run.point().runId(),
            run.claim().epoch(),
            session == null ? -1 : session.iter());
    ports.narrator().ended(run.point(), outcome, detail);
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
