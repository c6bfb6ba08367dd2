package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.Upserted;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run on its way to W&amp;B: opened, streamed, completed. What is sent, and at which line, says
 * the run's journal alone, so that sending again after any crash changes nothing: row number n of
 * the accepted lineage is line n of the history, whoever sends it.
 *
 * <p>The worker's thread tells it what happened and never waits; another thread calls {@link #step}
 * whenever something is due. After a failure it tries again later, for as long as the process
 * lives; what is left then stays in the outbox.
 */
final class Uplink implements Telemetry.Feed {
  private static final int ROWS = 5_000;
  private static final int LINES = 1_000;

  private final RunDescriptor descriptor;
  private final BooleanSupplier lost;
  private final UplinkPorts ports;
  private final RowQueue rows;
  private final LogQueue log;
  private final Summary newest = new Summary();
  private final PostSchedule schedule;
  private final RunFiles runFiles;
  private final ToldMark mark;

  private volatile boolean stopRequested;
  private volatile @Nullable Outcome outcome;
  private volatile boolean done;

  private @Nullable RunPath path;
  private volatile long sentRows;
  private long sentLines;
  private long sentEvents;
  private boolean met;
  private boolean stoppedBefore;
  private boolean saidPreempting;
  private boolean complained;

  /**
   * An uplink that has sent nothing yet.
   *
   * @param safe rows that are safe on disk
   * @param live whether rows may leave before a publish covers them
   * @param lost looks whether somebody else speaks for the run now; asked before every step
   */
  Uplink(
      RunDescriptor descriptor,
      Ledger safe,
      boolean live,
      BooleanSupplier lost,
      UplinkPorts ports) {
    this.descriptor = descriptor;
    this.lost = lost;
    this.ports = ports;
    this.rows = new RowQueue(safe, live);
    this.log = new LogQueue(live);
    this.schedule = new PostSchedule(ports.clock(), ports.pace());
    this.runFiles = new RunFiles(descriptor, ports.machine());
    this.mark = new ToldMark(ports.outbox(), descriptor);
    this.sentRows = descriptor.told() == null ? rows.base() : descriptor.told();
  }

  @Override
  public void row(Row row) {
    rows.made(row);
  }

  @Override
  public void covered(Ledger safe) {
    rows.covered(safe);
    log.covered();
  }

  @Override
  public void line(String line) {
    log.line(LogLine.at(ports.clock().now(), line));
  }

  /** Lines of earlier claims, as {@link LogLine} makes them. */
  void earlier(List<String> lines) {
    log.earlier(lines);
  }

  @Override
  public boolean stopRequested() {
    return stopRequested;
  }

  @Override
  public void ended(Outcome how, String detail) {
    log.ended(how != Outcome.FAILED);
    outcome = how;
    schedule.hurry();
    ports.wake().run();
  }

  /** Whether there is nothing left to do, ever. */
  boolean done() {
    return done;
  }

  /** Whether every row that may leave has arrived. */
  boolean current() {
    return path != null && sentRows >= rows.sendable();
  }

  /** Rows that have been made and have not arrived, as far as is known. */
  long lacking() {
    return done ? 0 : Math.max(0, rows.all() - sentRows);
  }

  /** Writes down that W&amp;B lacks something, for whoever looks. Any thread. */
  void remember() {
    if (!done) {
      mark.set(sentRows);
    }
  }

  /** Whose rows these are, for people. */
  String runId() {
    return descriptor.key().runId();
  }

  /** When {@link #step} is worth calling again, in the clock's nanoseconds. */
  long due() {
    return schedule.due();
  }

  /** Forgets a wait after a failure: somebody is waiting for the end. */
  void hurry() {
    schedule.hurry();
  }

  /**
   * Does the next thing that is due: one question to W&amp;B, or none. A process that was frozen
   * looks here, before it says anything, whether its run has got another owner.
   */
  void step() {
    if (done) {
      return;
    }
    schedule.begun();
    long began = ports.clock().nanos();
    try {
      if (silenced()) {
        close();
      } else if (path == null) {
        open();
      } else {
        send(path);
      }
    } catch (WandbFailure failure) {
      failed(failure, began);
    } catch (IOException unreadable) {
      schedule.failed(null);
    } catch (RuntimeException wrong) {
      complain(new WandbFailure(Kind.REFUSED, Why.of(wrong), null, wrong));
      schedule.refused();
    }
  }

  private void close() {
    done = true;
    ports.contact().closed(runId());
  }

  /** Whoever appended FINISH has no successor. */
  private boolean silenced() {
    Outcome how = outcome;
    return how == Outcome.SUPERSEDED || (how != Outcome.FINISHED && lost.getAsBoolean());
  }

  private void open() throws WandbFailure {
    String entity = ports.entity().name();
    RemoteRun there = ports.client().run(descriptor.path(entity)).orElse(null);
    if (!met) {
      met = true;
      stoppedBefore = there != null && there.stopped();
      if (there != null) {
        descriptor.rival(there).ifPresent(this::twice);
      }
    }
    Upserted run =
        ports.client().upsert(descriptor.upsert(entity, there == null ? null : there.storageId()));
    sentRows = there == null ? 0 : Math.min(there.historyLines(), rows.base());
    sentLines = there == null ? 0 : there.logLines();
    sentEvents = there == null ? 0 : there.eventsLines();
    if (there != null) {
      newest.after(there.summary());
    }
    path = new RunPath(run.entity(), run.project(), runId());
    schedule.opened();
  }

  /** It was claimed while W&amp;B could not be asked, here or there. */
  private void twice(Claimant rival) {
    ports
        .notices()
        .accept(
            "Run "
                + runId()
                + " is trained on cluster "
                + rival.cluster()
                + " too. Both make the same rows; the work is done twice");
  }

  private void send(RunPath to) throws WandbFailure, IOException {
    boolean ending = outcome != null;
    boolean may = ending || schedule.mayPost();
    List<Row> due = may ? rows.from(sentRows, ROWS) : List.of();
    LogQueue.Batch lines = may ? log.peek(LINES) : LogQueue.Batch.NONE;
    if (!due.isEmpty() || !lines.lines().isEmpty() || (!ending && schedule.mayBeat())) {
      post(to, due, lines);
    } else if (runFiles.wanted()) {
      upload(to);
    } else if (ending) {
      complete(to);
    }
    if (ending && !done) {
      schedule.hurry();
    }
  }

  /** One post; with nothing due it is a heartbeat. */
  private void post(RunPath to, List<Row> due, LogQueue.Batch lines) throws WandbFailure {
    due.forEach(newest::row);
    List<String> events = ports.sample().get().map(List::of).orElse(List.of());
    StreamChunk chunk =
        new StreamChunk(
            chunk(sentRows, due.stream().map(HistoryLine::of).toList()),
            chunk(sentEvents, events),
            chunk(sentLines, lines.lines()),
            due.isEmpty() ? null : newest.json(),
            runFiles.names(),
            false,
            null);
    answered(ports.client().stream(to, chunk));
    long before = sentRows;
    sentRows = before + due.size();
    sentEvents += events.size();
    sentLines += lines.lines().size();
    log.sent(lines);
    runFiles.told();
    complained = false;
    schedule.posted();
    arrived(due.size());
  }

  private void arrived(int count) {
    boolean all = count < ROWS;
    ports.contact().took(runId(), count, all);
    if (all) {
      mark.clear();
    }
  }

  /** Files are nice to have: what becomes of them stops neither rows nor the end. */
  private void upload(RunPath to) {
    try {
      runFiles.upload(ports.client(), to);
      schedule.hurry();
    } catch (WandbFailure later) {
      schedule.failed(later.retryAfter().orElse(null));
    }
  }

  /** The last words. */
  private void complete(RunPath to) throws WandbFailure {
    Outcome how = outcome;
    if (how != null && how.goesOn() && !saidPreempting) {
      ports.client().stream(to, LastWords.of(newest, runFiles, true, null));
      saidPreempting = true;
      return;
    }
    ports.client().stream(to, LastWords.of(newest, runFiles, false, LastWords.exitCode(how)));
    arrived(0);
    close();
    if (how == Outcome.FINISHED) {
      ports.delivered().accept(descriptor);
    }
  }

  /** A flag that was set before this claim began was answered then, by holding the run. */
  private void answered(boolean stopped) {
    if (!stopped) {
      stoppedBefore = false;
    } else if (!stoppedBefore) {
      stopRequested = true;
    }
  }

  private void failed(WandbFailure failure, long began) {
    switch (failure.kind()) {
      case UNREACHABLE, LIMITED, UNREADABLE -> {
        schedule.failed(failure.retryAfter().orElse(null));
        ports.contact().failed(runId(), failure, began);
        if (ports.contact().lost()) {
          remember();
        }
      }
      case NOT_FOUND -> gone(failure);
      default -> {
        complain(failure);
        schedule.refused();
      }
    }
  }

  /** Somebody deleted the run: it is created again, with all its rows. */
  private void gone(WandbFailure failure) {
    boolean opened = path != null;
    path = null;
    sentRows = opened ? 0 : sentRows;
    complain(failure);
    if (opened) {
      schedule.failed(null);
    } else {
      schedule.refused();
    }
  }

  /** Says so once, until it has gone well again. */
  private void complain(WandbFailure failure) {
    remember();
    if (ports.contact().firstRefused(runId(), failure) && !complained) {
      ports.notices().accept(LastWords.kept(runId(), failure));
    }
    complained = true;
  }

  private static StreamChunk.@Nullable Lines chunk(long offset, List<String> content) {
    return content.isEmpty() ? null : new StreamChunk.Lines(offset, content);
  }
}
