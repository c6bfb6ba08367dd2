package dev.sweeprunner.run.work;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.RunListener;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A claimed run while it trains: its session, its rows and its checkpoints. Where something says
 * whether it won, false means that another worker has taken over. Belongs to one thread.
 */
final class ActiveRun implements AutoCloseable {
  private final ClaimedRun run;
  private final StopSignal stop;
  private final Narrator narrator;
  private final RunListener listener;
  private final CheckpointSchedule schedule;
  private final Telemetry.Feed feed;
  private final Journal.RunJournal journal;
  private final RowTimestamps timestamps;
  private final Commit commit;
  private final Training.Session session;
  private final CheckpointWriter writer;
  private final Rate rate;

  /**
   * Starts the session.
   *
   * @throws TrainingFailure if it cannot be started
   */
  ActiveRun(
      ClaimedRun run,
      RunPorts ports,
      RunListener listener,
      CheckpointSchedule schedule,
      ResumePoint base,
      Telemetry.Feed feed,
      Journal.RunJournal journal,
      RowTimestamps timestamps) {
    RunConfig config = run.point().config();
    this.run = run;
    this.stop = ports.stop();
    this.narrator = ports.narrator();
    this.listener = listener;
    this.schedule = schedule;
    this.feed = feed;
    this.journal = journal;
    this.timestamps = timestamps;
    this.commit =
        new Commit(
            run.claim(),
            ports.checkpoints(),
            journal,
            feed::covered,
            ports.trace(),
            base.published());
    this.session = ports.training().start(run, base.snapshot(), journal::log);
    this.writer = new CheckpointWriter(commit, schedule, ports.clock(), session.saver());
    this.rate = new Rate(ports.clock(), config, base.iter());
  }

  /** Completed updates. */
  long iter() {
    return session.iter();
  }

  /** Trains until something is to be done at a boundary. */
  Training.Pausing train() {
    return session.train(writer::due, this::leaving, this::row, this::completed);
  }

  private Optional<String> leaving() {
    if (run.claim().superseded()) {
      return Optional.of("superseded");
    }
    return feed.stopRequested() ? Optional.of(Attempt.USERS_STOP) : stop.reason();
  }

  /**
   * Publishes what is written and begins to write what is due; false if superseded. What cannot be
   * written is told, and tried again when the next one is due.
   */
  boolean publishDue() {
    run.claim().progress(iter(), "save");
    try {
      if (writer.busy() && !publishBegun()) {
        return false;
      }
      if (session.due(schedule.due(iter()))) {
        writer.begin(session.snapshot());
      }
      return !writer.written() || publishBegun();
    } catch (IOException error) {
      say(
          "a checkpoint at or before iteration "
              + iter()
              + " could not be written ("
              + Why.at(error)
              + "); training goes on and the next one is tried later");
      return true;
    }
  }

  /**
   * Whether the newest checkpoint holds this boundary's state, and all that was left at the end.
   */
  boolean published() {
    PublishedCheckpoint tip = commit.tip();
    return (tip == null ? 0 : tip.iter()) >= session.savable() && !session.left();
  }

  /** Publishes the state at this boundary, after what was begun before; false if superseded. */
  boolean publish() throws IOException {
    run.claim().progress(iter(), "save");
    try {
      if (writer.busy() && !publishBegun()) {
        return false;
      }
      if (published()) {
        return true;
      }
      writer.begin(session.snapshot());
      return publishBegun();
    } catch (IOException error) {
      run.claim().progress(iter(), writer.phase());
      throw error;
    }
  }

  /** After a failure: a checkpoint from before it is as good as ever. */
  void publishRest() {
    try {
      if (writer.busy()) {
        publishBegun();
      }
    } catch (IOException | RuntimeException lost) {
      narrator.say("The checkpoint being written is lost: " + Why.at(lost));
    }
  }

  /** Tells the user something about this run. */
  void say(String what) {
    narrator.say("Run " + run.point().runId() + ": " + what);
  }

  private boolean publishBegun() throws IOException {
    Duration took = writer.publish();
    PublishedCheckpoint tip = commit.tip();
    if (took == null || tip == null) {
      return false;
    }
    listener.published(run.point(), tip, took);
    return true;
  }

  /** The last evaluation, after the last checkpoint. */
  void evaluateLast() {
    session.evaluateLast(this::row);
  }

  /** Appends FINISH; false if superseded. */
  boolean finish() throws IOException {
    return commit.finish(session.iter());
  }

  /** Does what follows FINISH. */
  void conclude(LogCloser closer) {
    journal.close();
    commit.conclude(closer);
  }

  /** Ends what trains, waits for the checkpoint being written, and forgets it. */
  @Override
  public void close() {
    writer.abandon();
    session.close();
  }

  private void completed(long iteration) {
    run.claim().progress(iteration + 1, writer.phase());
    Duration took = rate.completed(iteration + 1);
    listener.completed(iteration, took, rate.tokensPerSecond());
  }

  private void row(Row made) {
    Row row = timestamps.on(made);
    try {
      journal.row(row);
    } catch (IOException error) {
      throw new TrainingFailure(
          FailureClass.INFRA, "a metric row could not be kept: " + Why.at(error), error);
    }
    listener.row(run.point(), row, rate.tokensPerSecond(), rate.left(session.maxIters()));
  }
}
