package dev.sweeprunner.run.judge;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
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
  /** Clocks of hosts of one site differ by less. */
  private static final Duration LIKELY_SKEW = Duration.ofMinutes(10);

  private static final Duration LONG_AGO = Duration.ofDays(365);

  private final Claims claims;
  private final Registry registry;
  private final Scheduler scheduler;
  private final Training training;
  private final Clock clock;
  private final Judge judge;
  private final boolean oneShot;

  /** When this process first saw a record that somebody waits after: to nanoseconds. */
  private final Map<String, Long> seen;

  /**
   * An observer over these ports.
   *
   * @param oneShot whether this process looks once and leaves: then a failure's age goes by its
   *     record's wall time, since nothing was watched; it is for show, no claim rests on it
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
      Map<String, Long> seen) {
    this.claims = claims;
    this.registry = registry;
    this.scheduler = scheduler;
    this.training = training;
    this.clock = clock;
    this.judge = judge;
    this.oneShot = oneShot;
    this.seen = seen;
  }

  /** The same for a newer edition of a sweep: it remembers what this one has seen. */
  public Observer over(Registry newer, Training trainer) {
    return new Observer(claims, newer, scheduler, trainer, clock, judge, oneShot, seen);
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
            sinceLeft(key, claim));
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

  /**
   * A courtesy to whoever left it, so that the longer of two times counts: watched here, and by the
   * times of its files. A clock that is wrong can shorten the courtesy and never lengthen it.
   */
  private Duration sinceLeft(RunKey key, ClaimState claim) {
    if (!(claim instanceof ClaimState.Logged logged)) {
      return Duration.ZERO;
    }
    Liveness owner = logged.owner();
    if (owner != null && !owner.dead()) {
      return Duration.ZERO;
    }
    Duration shown = owner == null ? age(logged.end()) : owner.silentByFileTime();
    Duration watched = oneShot ? Duration.ZERO : watched(key, logged.end());
    return shown == null || shown.compareTo(watched) < 0 ? watched : shown;
  }

  private Duration sinceFailure(RunKey key, ClaimState claim) {
    if (!(claim instanceof ClaimState.Logged logged) || logged.end().type() != RecordType.FAIL) {
      return Duration.ZERO;
    }
    return oneShot ? age(logged.end()) : watched(key, logged.end());
  }

  /** How long this process has known of a record. */
  private Duration watched(RunKey key, LogEnd end) {
    long now = clock.nanos();
    long first = seen.computeIfAbsent(key.runId() + "/" + end.slot(), absent -> now);
    return Duration.ofNanos(now - first);
  }

  /**
   * By wall times. One far in the future says that a clock is wrong, and of the age nothing: who
   * cannot watch takes it for over, or that clock would hold the run up for as long as it is wrong.
   */
  private Duration age(LogEnd end) {
    Duration age = Duration.between(end.written(), clock.now());
    if (oneShot && age.compareTo(LIKELY_SKEW.negated()) < 0) {
      return LONG_AGO;
    }
    return age.isNegative() ? Duration.ZERO : age;
  }
}
