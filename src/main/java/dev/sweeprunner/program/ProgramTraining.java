package dev.sweeprunner.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.program.evidence.EvidenceOptions;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.guard.BoundedLog;
import dev.sweeprunner.program.guard.Guard;
import dev.sweeprunner.program.guard.GuardedProgram;
import dev.sweeprunner.program.guard.Order;
import dev.sweeprunner.program.launch.Launch;
import dev.sweeprunner.program.launch.ProgramText;
import dev.sweeprunner.program.state.ProgramFormat;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.sweep.Places;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Trains the runs of one sweep with the user's own program: a process of its own for each claim,
 * behind a guard.
 *
 * <p>Questions about configs may come from any thread; each session belongs to one. What a kill of
 * this process leaves is ended by the guard.
 */
public final class ProgramTraining implements Training {
  private static final Size NOTHING = new Size(0, 0);
  private static final Path VMSTAT = Path.of("/proc/vmstat");

  private final ProgramSite site;
  private final Points points;
  private final ProgramRules rules;
  private final EvidenceOptions evidence;
  private final Preparation preparation;
  private final Company company;
  private final Guard guard;
  private final Consumer<String> notices;
  private final TimeBudget budget;

  /**
   * A trainer of the points of one sweep.
   *
   * @param places where the program is looked for
   * @param notices receives what the user should know once
   * @throws dev.sweeprunner.problem.UserError for a rule that is none, or a program that would
   *     start a sweep of its own
   */
  public ProgramTraining(
      ProgramSite site,
      Points points,
      ProgramRules rules,
      Places places,
      Consumer<String> notices) {
    this(site, points, rules, new Preparation(site, points, rules, places), notices);
    ProgramText text =
        ProgramText.read(preparation.call(), preparation.working(), !rules.sweepId().isEmpty());
    text.refusal()
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    text.notes().forEach(notices);
  }

  private ProgramTraining(
      ProgramSite site,
      Points points,
      ProgramRules rules,
      Preparation preparation,
      Consumer<String> notices) {
    this(
        site,
        points,
        rules,
        EvidenceOptions.of("program", rules.evidence()),
        preparation,
        new Company(site.clock(), preparation.working(), rules.cwdPerRun(), site.layout().root()),
        new Guard(site.clock()),
        notices,
        TimeBudget.unlimited());
  }

  private ProgramTraining(
      ProgramSite site,
      Points points,
      ProgramRules rules,
      EvidenceOptions evidence,
      Preparation preparation,
      Company company,
      Guard guard,
      Consumer<String> notices,
      TimeBudget budget) {
    this.site = site;
    this.points = points;
    this.rules = rules;
    this.evidence = evidence;
    this.preparation = preparation;
    this.company = company;
    this.guard = guard;
    this.notices = notices;
    this.budget = budget;
  }

  @Override
  public Training within(TimeBudget limited) {
    return new ProgramTraining(
        site, points, rules, evidence, preparation, company, guard, notices, limited);
  }

  /** Empty: only the program can tell. */
  @Override
  public Optional<String> refusal(RunConfig config) {
    return Optional.empty();
  }

  /** In mode copy: a checkpoint that is written in place is torn where a kill met it. */
  @Override
  public boolean statesMaySpoil() {
    return rules.copy();
  }

  /** The earlier runner's program finds its own checkpoint. */
  @Override
  public boolean continuesEarlier() {
    return true;
  }

  /** Empty: what a program needs only it can tell. */
  @Override
  public Optional<String> missing(RunConfig config) {
    return Optional.empty();
  }

  /** Nothing is known of it before it is made. */
  @Override
  public Size size(RunConfig config) {
    return NOTHING;
  }

  @Override
  public String device() {
    String program = preparation.call().program();
    return program == null ? "a command" : "program " + program;
  }

  /** What its published states hold. */
  public SnapshotFormat format() {
    return new ProgramFormat(site.files(), List.of(), Trace.OFF);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Ends what earlier claims of the run may have left on this machine, then starts the program.
   */
  @Override
  public Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    Consumer<String> notes = note -> notices.accept("Run " + run.point().runId() + ": " + note);
    ProgramState state = (ProgramState) base;
    Folders folders = preparation.folders(run);
    try {
      ClaimMark mark = ClaimMark.of(site.layout().run(run.point().key()), run);
      if (run.claim().epoch() > 1) {
        mark.endLeftOvers(notes);
      }
      preparation.make(run, folders, state);
      Launch.Start start = preparation.start(run, folders, mark.token());
      start.notes().forEach(notices);
      new StartRecord(site).write(run, preparation.call(), start, notices);
      return session(run, state, folders, start, mark, log, notes);
    } catch (IOException refused) {
      throw new TrainingFailure(
          FailureClass.INFRA, "the program cannot be prepared: " + refused, refused);
    }
  }

  /** A dead claim may have gone further than it has published: its program's state is there. */
  private void inherit(ClaimedRun run, Witness witness, States states, long from) {
    Optional<Found> there = witness.there();
    OptionalLong iter = there.map(Found::iter).orElse(OptionalLong.empty());
    if (iter.isPresent() && iter.getAsLong() > from && run.claim().epoch() > 1) {
      witness.inherit(rows(run, from, iter.getAsLong()));
      states.take(there);
    }
  }

  private Collection<Row> rows(ClaimedRun run, long from, long last) {
    return Inheritance.rows(
        site.layout(), run.point().key(), evidence, run.claim().epoch(), from, last);
  }

  private static String line(byte[] bytes) {
    return new String(bytes, UTF_8).stripTrailing();
  }

  private Session session(
      ClaimedRun run,
      @Nullable ProgramState base,
      Folders folders,
      Launch.Start start,
      ClaimMark mark,
      Consumer<String> log,
      Consumer<String> notes)
      throws IOException {
    long from = base == null ? 0 : base.iter();
    OptionalLong goal =
        run.point().config() instanceof BuiltinConfig config
            ? OptionalLong.of(config.maxIters())
            : OptionalLong.empty();
    WitnessPorts sight = new WitnessPorts(folders, site.clock(), goal);
    Witness witness = new Witness(sight, evidence, from, base == null ? null : base.row(), notes);
    SessionPorts ports =
        new SessionPorts(
            rules,
            site.clock(),
            site.pause(),
            budget,
            new OomKills(VMSTAT),
            new BoundedLog(text -> log.accept(line(text)), rules.logLimit(), BoundedLog.KEPT),
            company.begin(run.point().runId(), run.claim().epoch() == 1, notices),
            () -> rows(run, from, Long.MAX_VALUE),
            () -> Shebang.of(start.folder(), start.argv().get(0)),
            notes);
    States states = new States(preparation.mode(), folders.out(), from, notes);
    inherit(run, witness, states, from);
    GuardedProgram program =
        guard.start(
            new Order(
                start.argv(),
                start.environment(),
                start.folder(),
                mark.token(),
                rules.guard() ? site.lease() : Duration.ZERO));
    return new ProgramSession(run, ports, witness, states, program);
  }
}
