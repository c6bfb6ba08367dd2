package dev.sweeprunner.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.program.evidence.EvidenceOptions;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.guard.BoundedLog;
import dev.sweeprunner.program.guard.Guard;
import dev.sweeprunner.program.guard.GuardedProgram;
import dev.sweeprunner.program.guard.Order;
import dev.sweeprunner.program.launch.Launch;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the program of a claim: its folders, its words, its record, its guard, and who listens to
 * it. Belongs to the worker's thread.
 *
 * @param company what points do to one another
 * @param notices receives what the user should know once
 * @param budget what is left of the worker's time
 */
record Starter(
    ProgramSite site,
    ProgramRules rules,
    EvidenceOptions evidence,
    Preparation preparation,
    Company company,
    Guard guard,
    Consumer<String> notices,
    TimeBudget budget) {
  private static final Path VMSTAT = Path.of("/proc/vmstat");

  /** The same where time is limited. */
  Starter within(TimeBudget limited) {
    return new Starter(site, rules, evidence, preparation, company, guard, notices, limited);
  }

  /**
   * Ends what earlier claims of the run may have left on this machine, then starts the program.
   *
   * @throws TrainingFailure if it cannot be prepared
   */
  Training.Session start(ClaimedRun run, @Nullable ProgramState state, Consumer<String> log) {
    Consumer<String> notes = note -> notices.accept("Run " + run.point().runId() + ": " + note);
    Folders folders = preparation.folders(run);
    try {
      ClaimMark mark = ClaimMark.of(site.layout().run(run.point().key()), run);
      if (run.claim().epoch() > 1) {
        mark.endLeftOvers(notes);
      }
      preparation.make(run, folders, state);
      Launch.Start start = preparation.start(run, folders, mark.token());
      start.notes().forEach(notices);
      Training.Session session = session(run, state, folders, start, mark, log, notes);
      record(run, start); // while the program starts
      return session;
    } catch (IOException refused) {
      throw new TrainingFailure(
          FailureClass.INFRA, "the program cannot be prepared: " + Why.at(refused), refused);
    }
  }

  /** It is for people only: that it cannot be written ends no run. */
  private void record(ClaimedRun run, Launch.Start start) {
    try {
      new StartRecord(site).write(run, preparation.call(), start, notices);
    } catch (IOException refused) {
      notices.accept("how programs are started cannot be written down: " + Why.at(refused));
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

  private Training.Session session(
      ClaimedRun run,
      @Nullable ProgramState base,
      Folders folders,
      Launch.Start start,
      ClaimMark mark,
      Consumer<String> log,
      Consumer<String> notes)
      throws IOException {
    long from = base == null ? 0 : base.iter();
    Witness witness = witness(run, base, folders, from, notes);
    States states = new States(preparation.mode(), folders.out(), from, notes);
    inherit(run, witness, states, from);
    SessionPorts ports = ports(run, start, from, log, notes);
    return new ProgramSession(run, ports, witness, states, launch(start, mark));
  }

  private Witness witness(
      ClaimedRun run,
      @Nullable ProgramState base,
      Folders folders,
      long from,
      Consumer<String> notes) {
    OptionalLong goal =
        run.point().config() instanceof BuiltinConfig config
            ? OptionalLong.of(config.maxIters())
            : OptionalLong.empty();
    WitnessPorts sight = new WitnessPorts(folders, site.clock(), goal);
    return new Witness(sight, evidence, from, base == null ? null : base.row(), notes);
  }

  private SessionPorts ports(
      ClaimedRun run, Launch.Start start, long from, Consumer<String> log, Consumer<String> notes) {
    return new SessionPorts(
        rules,
        site.clock(),
        site.pause(),
        budget,
        site.environment().containsKey("SLURM_JOB_ID"),
        new OomKills(VMSTAT),
        new BoundedLog(text -> log.accept(line(text)), rules.logLimit(), BoundedLog.KEPT),
        company.begin(run.point().runId(), run.claim().epoch() == 1, notices),
        () -> rows(run, from, Long.MAX_VALUE),
        () -> Shebang.of(start.folder(), start.argv().get(0)),
        notes);
  }

  private GuardedProgram launch(Launch.Start start, ClaimMark mark) throws IOException {
    return guard.start(
        new Order(
            start.argv(),
            start.environment(),
            start.folder(),
            mark.token(),
            rules.guard() ? site.lease() : Duration.ZERO));
  }
}
