package dev.sweeprunner.program;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.program.guard.Guard;
import dev.sweeprunner.program.launch.ProgramText;
import dev.sweeprunner.program.state.ProgramFormat;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.sweep.Places;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private static final double GB = 1 << 30;
  private static final Size NOTHING = new Size(0, 0);

  private final ProgramSite site;
  private final ProgramRules rules;
  private final Preparation preparation;
  private final Starter starter;
  private final Consumer<String> notices;
  private final AtomicBoolean large = new AtomicBoolean();

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
    this.site = site;
    this.notices = notices;
    this.rules = rules;
    this.preparation = new Preparation(site, points, rules, places);
    ProgramText text = text(notices);
    this.starter =
        new Starter(
            site,
            rules,
            preparation,
            new Company(
                site.clock(), preparation.working(), rules.cwdPerRun(), site.layout().root()),
            new Guard(site.clock()),
            new Unheard(text),
            notices,
            TimeBudget.unlimited());
  }

  private ProgramTraining(ProgramTraining other, TimeBudget limited) {
    this.site = other.site;
    this.notices = other.notices;
    this.rules = other.rules;
    this.preparation = other.preparation;
    this.starter = other.starter.within(limited);
  }

  private ProgramText text(Consumer<String> notices) {
    ProgramText text =
        ProgramText.read(
            preparation.call(),
            preparation.working(),
            !rules.sweepId().isEmpty(),
            preparation.relay().isPresent());
    text.refusal()
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    text.notes().forEach(notices);
    rules
        .ownWandb()
        .filter(name -> rules.relay() && site.relay().isPresent())
        .ifPresent(
            name ->
                notices.accept(
                    "program.env."
                        + name
                        + " is set: the relay is off for this sweep's programs."));
    return text;
  }

  @Override
  public void prepare() {
    preparation.relay().ifPresent(Relay::prepare);
  }

  @Override
  public Training within(TimeBudget limited) {
    return new ProgramTraining(this, limited);
  }

  /** Empty: only the program can tell. */
  @Override
  public Optional<String> refusal(RunConfig config) {
    return Optional.empty();
  }

  /** In mode copy: a checkpoint that is written in place is torn where a kill met it. */
  @Override
  public boolean statesMaySpoil() {
    return preparation.copies();
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
    return new ProgramFormat(site.files(), List.of(), Trace.OFF, this::sized);
  }

  private void sized(long bytes) {
    if (bytes > rules.copyLimit() && !large.getAndSet(true)) {
      notices.accept(
          "a published copy takes %.1f GB, and each run keeps two of them: program.mode shared keeps none."
              .formatted(bytes / GB));
    }
  }

  @Override
  public Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    return starter.start(run, (ProgramState) base, log);
  }
}
