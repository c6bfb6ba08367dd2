package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
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

  private final BooleanSupplier lost;
  private final UplinkPorts ports;
  private final KeptCard card;
  private final RowQueue rows;
  private final LogQueue log;
  private final PostSchedule schedule;
  private final ProgramVoice program;
  private final StopButton stop = new StopButton();

  private volatile @Nullable Outcome outcome;
  private volatile boolean done;

  private Voice voice;
  private @Nullable RunPath path;
  private volatile long sentRows;
  private boolean met;
  private boolean saidPreempting;
  private boolean complained;

  /**
   * An uplink that has sent nothing yet.
   *
   * @param card put before anything is told
   * @param epoch the newest claim
   * @param safe rows that are safe on disk
   * @param lost looks whether somebody else speaks for the run now; asked before every step
   */
  Uplink(
      KeptCard card,
      int epoch,
      Manner manner,
      Ledger safe,
      BooleanSupplier lost,
      UplinkPorts ports) {
    RunDescriptor descriptor = card.descriptor();
    this.card = card;
    this.lost = lost;
    this.ports = ports;
    this.rows = new RowQueue(safe, manner.live());
    // What a program's run says before the program opens it is not told, if it ever does.
    this.log = new LogQueue(manner.live() && !manner.byProgram());
    this.schedule = new PostSchedule(ports.clock(), ports.pace());
    this.program = new ProgramVoice(descriptor, epoch, manner, ports, this::wake);
    this.voice = new OwnVoice(descriptor, log, ports.sample(), ports.machine());
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
    program.covered();
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
    return stop.pressed();
  }

  @Override
  public void ended(Outcome how, String detail) {
    log.ended(how != Outcome.FAILED);
    program.ended(how);
    outcome = how;
    wake();
  }

  /** There is something to do now. Any thread. */
  private void wake() {
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
    return done || !card.kept() ? 0 : Math.max(0, rows.all() - sentRows);
  }

  /** Writes down that W&amp;B lacks something, for whoever looks. Any thread. */
  void remember() {
    if (!done) {
      card.lacking(sentRows);
    }
  }

  /** Whose rows these are, for people. */
  String runId() {
    return card.descriptor().key().runId();
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
      boolean hushed = hushed();
      if (silenced() || (hushed && outcome != null)) {
        close();
      } else if (hushed) {
        schedule.lookAgain();
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

  /** Whether nothing may be told yet; looks whether the program tells of the run from now on. */
  private boolean hushed() {
    if (program.spoken() && voice != program) {
      voice = program;
      path = null;
    }
    if (voice == program) {
      card.keep();
    }
    return !card.kept();
  }

  private void open() throws WandbFailure {
    String entity = ports.entity().name();
    RemoteRun there = ports.client().run(card.descriptor().path(entity)).orElse(null);
    if (!met) {
      met = true;
      stop.found(there != null && there.stopped());
      if (there != null) {
        LastWords.twice(card.descriptor(), there).ifPresent(ports.notices());
      }
    }
    Upserted run =
        ports.client().upsert(voice.upsert(entity, there == null ? null : there.storageId()));
    sentRows = there == null ? 0 : voice.from(Math.min(there.historyLines(), rows.base()));
    voice.described();
    voice.opened(there);
    path = new RunPath(run.entity(), run.project(), runId());
    schedule.opened();
  }

  private void send(RunPath to) throws WandbFailure, IOException {
    voice.uploaded();
    boolean ending = outcome != null;
    boolean last = ending && !voice.uploading();
    boolean may = ending || schedule.mayPost();
    List<Row> due = may ? rows.from(sentRows, ROWS) : List.of();
    boolean more = may && voice.gather();
    if (voice.renewed(ending)) {
      ports.client().upsert(voice.upsert(ports.entity().name(), null));
      voice.described();
      schedule.hurry();
    } else if (!due.isEmpty() || more || (!last && schedule.mayBeat())) {
      post(to, due);
    } else if (voice.alerts(ending)) {
      voice.alert(ports.client(), to);
      schedule.hurry();
    } else if (voice.filesWanted(ending, LastWords.over(outcome))) {
      upload(to);
    } else if (last) {
      complete(to);
    }
    if (last && !done) {
      schedule.hurry();
    }
  }

  /** One post; with nothing due it is a heartbeat. */
  private void post(RunPath to, List<Row> due) throws WandbFailure {
    List<String> history = HistoryLine.post(due);
    List<Row> sent = due.subList(0, history.size());
    stop.answered(ports.client().stream(to, voice.post(Voice.lines(sentRows, history), sent)));
    sentRows += sent.size();
    voice.arrived();
    complained = false;
    schedule.posted();
    boolean more = sent.size() < due.size() || sent.size() == ROWS;
    arrived(sent.size(), !more);
    if (more) {
      schedule.opened(); // a program that logs very much would never be done
    } else if (voice.alerts(false) || voice.filesWanted(false, false)) {
      schedule.hurry(); // the rows before them are there
    }
  }

  private void arrived(int count, boolean all) {
    ports.contact().took(runId(), count, all);
    if (all) {
      card.whole();
    }
  }

  /** Our own files are nice to have: what becomes of them stops neither rows nor the end. */
  private void upload(RunPath to) throws WandbFailure {
    try {
      voice.upload(ports.client(), to);
      schedule.hurry();
    } catch (WandbFailure later) {
      if (voice == program) {
        throw later;
      }
      schedule.failed(later.retryAfter().orElse(null));
    }
  }

  /** The last words. */
  private void complete(RunPath to) throws WandbFailure {
    Outcome how = outcome;
    boolean finished = how == Outcome.FINISHED;
    if (how != null && how.goesOn() && !saidPreempting) {
      ports.client().stream(to, voice.last(false, true, null));
      saidPreempting = true;
      return;
    }
    ports.client().stream(to, voice.last(finished, false, LastWords.exitCode(how)));
    arrived(0, true);
    close();
    if (voice.owes()) {
      card.lacking(sentRows);
    } else if (finished) {
      ports.delivered().accept(card.descriptor());
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
}
