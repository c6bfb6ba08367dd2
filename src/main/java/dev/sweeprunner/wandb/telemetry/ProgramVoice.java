package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The run's program tells of it, through the files in which the relay has kept what it said: its
 * config and names, its console, its system metrics, its summary, its alerts. Of ours nothing but
 * the claim in the config. Belongs to one thread but for {@link #covered} and {@link #ended}.
 */
final class ProgramVoice implements Voice {
  private static final int LINES = 1_000;

  /** More than lives log between two checkpoints. */
  private static final int AGAIN = 20_000;

  private static final String NOTHING = "{}";
  private static final long PAUSE = Duration.ofSeconds(5).toNanos();

  private final RunDescriptor descriptor;
  private final Tracks tracks;
  private final int epoch;
  private final Manner manner;
  private final Clock clock;
  private final SideShipping sides;
  private final Freight freight;
  private final ProgramFilesShipping messenger;
  private final Summary newest = new Summary();
  private volatile long mayLeave;
  private volatile @Nullable Outcome outcome;
  private TrackedRun run = TrackedRun.UNSAID;
  private boolean looked;
  private @Nullable TrackedRun described;
  private long describedAt;
  private ClaimsLines records;
  private ProgramConsole console;
  private ProgramConsole.Block lines = ProgramConsole.Block.NONE;
  private ProgramEvents events;
  private @Nullable String summary;
  private String sentSummary = NOTHING;

  /**
   * Has told nothing yet.
   *
   * @param epoch the newest claim
   * @param returned called when files that were sent off have arrived or not
   */
  ProgramVoice(
      RunDescriptor descriptor, int epoch, Manner manner, UplinkPorts ports, Runnable returned) {
    this.descriptor = descriptor;
    this.tracks = ports.tracks();
    this.epoch = epoch;
    this.manner = manner;
    this.clock = ports.clock();
    this.mayLeave = manner.live() || manner.dead() ? Long.MAX_VALUE : 0;
    this.sides = new SideShipping(descriptor, epoch, manner, ports);
    this.freight =
        new Freight(
            new FilesThenSides(
                tracks.shipping(descriptor.key(), epoch, clock, ports.notices()),
                sides,
                () -> outcome),
            ports.carrier(),
            returned);
    this.messenger = tracks.messenger(descriptor.key(), epoch, clock, ports.notices());
    this.records = tracks.console(descriptor.key(), epoch);
    this.console = new ProgramConsole(records, 0, manner.dead());
    this.events = new ProgramEvents(tracks.events(descriptor.key(), epoch), 0);
  }

  /** Looks whether a program has opened the run, and how it describes it now. */
  boolean spoken() {
    Optional<TrackedRun> found =
        looked ? tracks.ofClaim(descriptor.key(), epoch) : tracks.run(descriptor.key(), epoch);
    looked = true;
    run = found.orElse(run);
    return run != TrackedRun.UNSAID;
  }

  /** A publish covers what was said until now. Any thread. */
  void covered() {
    if (mayLeave != Long.MAX_VALUE) {
      mayLeave = tracks.consoleBytes(descriptor.key(), epoch);
    }
  }

  /** Nothing will follow, and all may leave. Any thread. */
  void ended(Outcome how) {
    mayLeave = Long.MAX_VALUE;
    outcome = how;
  }

  @Override
  public RunUpsert upsert(String entity, @Nullable String storageId) {
    return descriptor.upsert(entity, storageId, run);
  }

  @Override
  public boolean renewed(boolean ending) {
    TrackedRun before = described;
    boolean changed =
        before == null
            || !before.config().equals(run.config())
            || !before.names().equals(run.names());
    return changed && (ending || before == null || clock.nanos() - describedAt >= PAUSE);
  }

  /**
   * The newest lines there may be those of a killed life that nothing was published of: the life
   * after it made them again, and was killed before it could post them. A program need not give the
   * same numbers twice.
   */
  @Override
  public long from(long lines) {
    return epoch > 1 ? Math.max(0, lines - AGAIN) : lines;
  }

  @Override
  public void described() {
    described = run;
    describedAt = clock.nanos();
  }

  @Override
  public void opened(@Nullable RemoteRun there) {
    records = tracks.console(descriptor.key(), epoch);
    console = new ProgramConsole(records, there == null ? 0 : there.logLines(), manner.dead());
    events =
        new ProgramEvents(
            tracks.events(descriptor.key(), epoch), there == null ? 0 : there.eventsLines());
    if (there != null) {
      newest.after(there.summary());
    } else {
      freight.forget();
    }
    sentSummary = NOTHING;
  }

  @Override
  public boolean gather() throws IOException {
    records.until(mayLeave);
    lines = console.peek(LINES);
    summary = manner.live() && !run.summary().equals(sentSummary) ? run.summary() : null;
    return !lines.lines().isEmpty() || !events.peek(LINES).isEmpty() || summary != null;
  }

  @Override
  public StreamChunk post(StreamChunk.@Nullable Lines history, List<Row> due) {
    due.forEach(newest::row);
    String covered = due.isEmpty() ? null : newest.json();
    return new StreamChunk(
        history,
        Voice.lines(events.first(), events.gathered()),
        Voice.lines(lines.first(), lines.lines()),
        manner.live() ? summary : covered,
        List.of(),
        false,
        null);
  }

  @Override
  public void arrived() {
    console.sent(lines);
    lines = ProgramConsole.Block.NONE;
    events.sent();
    sentSummary = summary == null ? sentSummary : summary;
    summary = null;
  }

  /**
   * Whatever covers it or not: it is a message to a person, which no later row corrects. Of a run
   * in somebody's hands whoever has it tells.
   */
  @Override
  public boolean alerts(boolean ending) {
    return (ending || !manner.dead()) && messenger.wanted(ending);
  }

  @Override
  public void alert(WandbClient client, RunPath to) throws WandbFailure {
    messenger.step(client, to);
  }

  @Override
  public boolean filesWanted(boolean ending, boolean over) {
    return (manner.live() || over) && freight.wanted(ending);
  }

  @Override
  public void upload(WandbClient client, RunPath to) throws WandbFailure {
    freight.carry(client, to);
    freight.check(); // it may have gone by this thread
  }

  @Override
  public boolean uploading() {
    return freight.underWay();
  }

  @Override
  public void uploaded() throws WandbFailure {
    freight.check();
  }

  @Override
  public boolean owes() {
    return sides.owes();
  }

  @Override
  public StreamChunk last(boolean finished, boolean preempting, @Nullable Integer exitCode) {
    String covered = newest.isEmpty() ? null : newest.json();
    String own = run.summary().equals(NOTHING) ? null : run.summary();
    return new StreamChunk(
        null,
        null,
        null,
        finished || manner.live() ? own : covered,
        List.of(),
        preempting,
        exitCode);
  }
}
