package dev.sweeprunner.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.guard.BoundedLog;
import dev.sweeprunner.program.guard.GuardedProgram;
import dev.sweeprunner.program.guard.Order;
import dev.sweeprunner.program.launch.Launch;
import dev.sweeprunner.program.state.Mode;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One start of a claim's program: where the run stands, its place at the relay, its words, its
 * guard, and who listens to it. Belongs to the worker's thread.
 */
final class Departure {
  private static final Path VMSTAT = Path.of("/proc/vmstat");

  private final Starter around;
  private final ProgramSite site;
  private final Preparation preparation;
  private final ClaimedRun run;
  private final @Nullable ProgramState base;
  private final Folders folders;
  private final ClaimMark mark;
  private final Consumer<String> log;
  private final Consumer<String> notes;
  private final long from;
  private final boolean deadLogged;
  private final DiskClock disk;

  /**
   * A start in folders that are there.
   *
   * @param base the published state that it goes on from, or null
   * @param log takes lines for the run's log
   * @param notes tells the user something about this run
   */
  Departure(
      Starter around,
      ClaimedRun run,
      @Nullable ProgramState base,
      Folders folders,
      ClaimMark mark,
      Consumer<String> log,
      Consumer<String> notes) {
    this.around = around;
    this.site = around.site();
    this.preparation = around.preparation();
    this.run = run;
    this.base = base;
    this.folders = folders;
    this.mark = mark;
    this.log = log;
    this.notes = notes;
    this.from = base == null ? 0 : base.iter();
    this.deadLogged = DeadRows.any(site.layout(), key(), epoch());
    Path probe = site.layout().epoch(key(), epoch()).resolve("clock");
    this.disk = new DiskClock(site.files(), site.clock(), site.pause(), probe);
  }

  private RunKey key() {
    return run.point().key();
  }

  private int epoch() {
    return run.claim().epoch();
  }

  /** Starts it. */
  Training.Session session() throws IOException {
    Witness witness = witness();
    Beginning beginning = beginning(witness);
    Logbook book = book(beginning.base());
    try {
      Launch.Start start = preparation.start(run, folders, mark.token(), book.environment());
      start.notes().forEach(around.notices());
      States states = new States(folders.mode(), folders.out(), from, counted(), notes);
      SessionPorts ports = ports(start, hearing(book, inherited(beginning, witness, states)));
      Training.Session session = new ProgramSession(run, ports, witness, states, launch(start));
      record(start); // while the program starts
      return session;
    } catch (IOException | RuntimeException refused) {
      book.close();
      throw refused;
    }
  }

  /** Whether iterations are counts of rows that were logged to the relay. */
  private boolean counted() {
    return deadLogged || (base != null && base.logged() != null);
  }

  private Witness witness() {
    OptionalLong goal =
        run.point().config() instanceof BuiltinConfig config
            ? OptionalLong.of(config.maxIters())
            : OptionalLong.empty();
    WitnessPorts sight = new WitnessPorts(folders, site.clock(), goal, fromZero());
    return new Witness(
        sight,
        preparation.evidence(),
        counted() ? 0 : from,
        base == null ? null : base.row(),
        notes);
  }

  private boolean fromZero() {
    return Inheritance.fromZero(site.layout(), key(), run.claim().published());
  }

  private Beginning beginning(Witness witness) {
    if (!deadLogged || folders.mode() == Mode.COPY) {
      return Beginning.of(base);
    }
    return Beginning.of(
        base,
        DeadRows.of(site.layout(), key(), epoch(), from),
        witness.there(),
        preparation.evidence().ruled(),
        found -> disk.latest(found.changed()));
  }

  private Logbook book(Relay.Base beginning) throws IOException {
    Optional<Relay> relay = preparation.relay();
    if (relay.isEmpty()) {
      return Logbook.none(site.clock());
    }
    Messages messages = new Messages();
    Relay.Names names = preparation.names(run.point());
    boolean awaited = counted() || around.unheard().expected();
    return new Logbook(
        relay.get().open(new Relay.Opening(run, names, beginning, messages::log, messages::note)),
        beginning,
        messages,
        site.clock(),
        awaited ? around.rules().start() : Duration.ZERO);
  }

  /** A dead claim may have gone further than it has published: its program's state is there. */
  private List<Row> inherited(Beginning beginning, Witness witness, States states) {
    Optional<Found> there = witness.there();
    OptionalLong iter = there.map(Found::iter).orElse(OptionalLong.empty());
    if (beginning.checkpoint() != null) {
      states.take(beginning.checkpoint());
    } else if (!counted() && iter.isPresent() && iter.getAsLong() > from && epoch() > 1) {
      witness.inherit(rows(iter.getAsLong()));
      states.take(there);
    }
    return beginning.inherited();
  }

  private Collection<Row> rows(long last) {
    return Inheritance.rows(site.layout(), key(), preparation.evidence(), epoch(), from, last);
  }

  private SessionPorts.Hearing hearing(Logbook book, List<Row> inherited) {
    AtomicInteger copies = new AtomicInteger();
    Covering.Copier copier =
        found -> preparation.copy(run, folders, found, copies.incrementAndGet());
    Covering covering = new Covering(book, disk, folders.mode() == Mode.COPY ? copier : null, log);
    return new SessionPorts.Hearing(book, covering, from, inherited, around.unheard());
  }

  private SessionPorts ports(Launch.Start start, SessionPorts.Hearing hearing) {
    return new SessionPorts(
        around.rules(),
        site.clock(),
        site.pause(),
        around.budget(),
        site.environment().containsKey("SLURM_JOB_ID"),
        new OomKills(VMSTAT),
        new BoundedLog(text -> log.accept(line(text)), around.rules().logLimit(), BoundedLog.KEPT),
        this::said,
        around.company().begin(run.point().runId(), epoch() == 1, around.notices()),
        () -> rows(Long.MAX_VALUE),
        hearing,
        () -> Shebang.of(start.folder(), start.argv().get(0)),
        notes);
  }

  /** What the relay makes of the program: a line that is found again in its log. */
  private void said(String line) {
    log.accept(Journal.RELAY + line);
  }

  private static String line(byte[] bytes) {
    return new String(bytes, UTF_8).stripTrailing();
  }

  private GuardedProgram launch(Launch.Start start) throws IOException {
    return around
        .guard()
        .start(
            new Order(
                start.argv(),
                start.environment(),
                start.folder(),
                mark.token(),
                around.rules().guard() ? site.lease() : Duration.ZERO));
  }

  /** It is for people only: that it cannot be written ends no run. */
  private void record(Launch.Start start) {
    try {
      new StartRecord(site).write(run, preparation.call(), start, around.notices());
    } catch (IOException refused) {
      around
          .notices()
          .accept("how programs are started cannot be written down: " + Why.at(refused));
    }
  }
}
