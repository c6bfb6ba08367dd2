package dev.sweeprunner.run.judge;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Training;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the facts about a point, afresh, and has them judged: the one way to a verdict.
 *
 * <p>Belongs to one thread.
 */
public final class Observer {
  private final Claims claims;
  private final Registry registry;
  private final Scheduler scheduler;
  private final Training training;
  private final Clock clock;
  private final Judge judge;
  private final boolean oneShot;

  /** When this process first saw a failure: {@code run id + slot} to nanoseconds. */
  private final Map<String, Long> failuresSeen;

  /**
   * An observer over these ports.
   *
   * @param oneShot whether this process looks once and leaves: then a failure's age goes by its
   *     record's wall time, since nothing was watched
   */
  public Observer(
      Claims claims,
      Registry registry,
      Scheduler scheduler,
      Training training,
      Clock clock,
      Judge judge,
      boolean oneShot) {
    this(claims, registry, scheduler, training, clock, judge, oneShot, new HashMap<>());
  }

  private Observer(
      Claims claims,
      Registry registry,
      Scheduler scheduler,
      Training training,
      Clock clock,
      Judge judge,
      boolean oneShot,
      Map<String, Long> failuresSeen) {
    this.claims = claims;
    this.registry = registry;
    this.scheduler = scheduler;
    this.training = training;
    this.clock = clock;
    this.judge = judge;
    this.oneShot = oneShot;
    this.failuresSeen = failuresSeen;
  }

  /** The same for a newer edition of a sweep: it remembers what this one has seen. */
  public Observer over(Registry newer, Training trainer) {
    return new Observer(claims, newer, scheduler, trainer, clock, judge, oneShot, failuresSeen);
  }

  /** The facts about {@code point}, read now. */
  public Facts facts(Point point) {
    return facts(
        point.key(),
        Goal.of(point.config()),
        point.invalid(),
        training.refusal(point.config()).orElse(null),
        registry.state(point.runId()));
  }

  /**
   * The facts about a run of which no config is known here, so that neither the trainer nor W&amp;B
   * is asked.
   *
   * @param goal what it is to become as far as its folder says, or null
   */
  public Facts facts(RunKey key, @Nullable Goal goal) {
    return facts(key, goal, null, null, new Registry.Remote.NotAsked("no sweep was given"));
  }

  private Facts facts(
      RunKey key,
      @Nullable Goal goal,
      @Nullable String invalid,
      @Nullable String refusal,
      Registry.Remote remote) {
    ClaimState looked = claims.look(key);
    Scheduler.View view = view(looked);
    ClaimState claim = proven(looked, view);
    Facts facts =
        new Facts(
            key,
            goal,
            invalid,
            refusal,
            claim,
            claim instanceof ClaimState.Logged ? EarlierTraces.NONE : earlier(key, goal),
            remote,
            view,
            sinceFailure(key, claim),
            sinceLeft(claim));
    return mayBeFree(claim) ? facts.with(claims.obstacle(key, claim)) : facts;
  }

  /** Whose rights matter: not those to a run that has ended, or that somebody works on. */
  private static boolean mayBeFree(ClaimState claim) {
    if (!(claim instanceof ClaimState.Logged logged)) {
      return !(claim instanceof ClaimState.Foreign);
    }
    RecordType type = logged.end().type();
    Liveness owner = logged.owner();
    return type != RecordType.FINISH
        && type != RecordType.POISON
        && (owner == null || owner.dead());
  }

  private EarlierTraces earlier(RunKey key, @Nullable Goal goal) {
    EarlierTraces traces = claims.earlier(key, goal);
    return traces.kind() == EarlierTraces.Kind.PARTIAL && training.continuesEarlier()
        ? EarlierTraces.NONE
        : traces;
  }

  /** Where a point stands now, without a look at its rows. */
  public PointStatus pointStatus(Point point) {
    Facts facts = facts(point);
    return new PointStatus(point, facts, judge.verdict(facts), null);
  }

  /** The verdict on these facts. */
  public Verdict verdict(Facts facts) {
    return judge.verdict(facts);
  }

  /** Asked only where somebody has the run, or has just left it. */
  private Scheduler.View view(ClaimState looked) {
    boolean concerns =
        looked instanceof ClaimState.Logged logged
            && (logged.owner() != null || logged.end().type() == RecordType.RELEASE);
    return concerns
        ? scheduler.view(((ClaimState.Logged) looked).end().owner())
        : new Scheduler.View.Unknown("nobody has it");
  }

  /**
   * A silent owner is dead where Slurm proves it; one that is seen to live here is not: Slurm may
   * have lost sight of a process that still runs.
   */
  private static ClaimState proven(ClaimState claim, Scheduler.View view) {
    return view.over()
            && claim instanceof ClaimState.Logged logged
            && logged.owner() != null
            && logged.owner().kind() == Liveness.Kind.SILENT
        ? new ClaimState.Logged(logged.end(), logged.owner().provenDead(words(view)))
        : claim;
  }

  private static String words(Scheduler.View view) {
    return view instanceof Scheduler.View.Gone gone
        ? "Slurm job " + gone.job() + " " + gone.how()
        : "Slurm has requeued its job " + view.known().map(Scheduler.Job::id).orElse("");
  }

  private Duration sinceLeft(ClaimState claim) {
    if (!(claim instanceof ClaimState.Logged logged)) {
      return Duration.ZERO;
    }
    Liveness owner = logged.owner();
    Duration since = Duration.ZERO;
    if (owner == null) {
      since = Duration.between(logged.end().written(), clock.now());
    } else if (owner.dead() && owner.silentByFileTime() != null) {
      since = owner.silentByFileTime();
    }
    return since.isNegative() ? Duration.ZERO : since;
  }

  private Duration sinceFailure(RunKey key, ClaimState claim) {
    if (!(claim instanceof ClaimState.Logged logged) || logged.end().type() != RecordType.FAIL) {
      return Duration.ZERO;
    }
    if (oneShot) {
      return Duration.between(logged.end().written(), clock.now());
    }
    long now = clock.nanos();
    long seen = failuresSeen.computeIfAbsent(key.runId() + "/" + logged.end().slot(), first -> now);
    return Duration.ofNanos(now - seen);
  }
}
