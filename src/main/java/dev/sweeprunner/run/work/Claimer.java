package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.problem.Obstacle;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Place;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.run.judge.RetryPolicy;
import dev.sweeprunner.run.judge.Verdict;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a candidate into claimed work, or finds out why not: fresh facts, verdict, atomic claim.
 *
 * <p>Belongs to one thread.
 */
public final class Claimer {
  private static final int MOST_TOLD = 20;

  private final Pass pass;
  private final Observer observer;
  private final Claims claims;
  private final Training training;
  private final LogCloser closer;
  private final Telemetry telemetry;
  private final Options options;
  private final TimeBudget budget;
  private final Set<String> passedBy = new HashSet<>();
  private @Nullable String missing;
  private @Nullable String unanswered;
  private boolean calm;

  /** Points that the newest look without claiming found held by owners that beat in time. */
  private final BitSet held = new BitSet();

  /** A claimer of the points of {@code pass}. */
  public Claimer(
      Pass pass,
      Observer observer,
      Claims claims,
      Training training,
      LogCloser closer,
      Telemetry telemetry,
      Options options,
      TimeBudget budget) {
    this.pass = pass;
    this.observer = observer;
    this.claims = claims;
    this.training = training;
    this.closer = closer;
    this.telemetry = telemetry;
    this.options = options;
    this.budget = budget;
  }

  /**
   * Claims the point at this grid index, if it may be claimed and nobody is faster. What was just
   * seen to be held, or has beaten since it was last looked at, is passed by without a look.
   */
  public Optional<ClaimedRun> contend(int index) {
    Point point = pass.points().at(index);
    boolean seen = held.get(index);
    held.clear(index); // it is worth one pass
    if (seen || claims.stillHeld(point.key())) {
      return Optional.empty();
    }
    Facts facts = observer.facts(point);
    Verdict verdict = observer.verdict(facts);
    if (verdict instanceof Verdict.Ended) {
      conclude(facts);
      pass.settle(index);
      return Optional.empty();
    }
    tell(verdict, facts);
    if (!(verdict instanceof Verdict.Claimable)
        || lacksInputs(point)
        || !options.place().takesMore()
        || !budget.allowsClaim(training.size(point.config()).whole())) {
      return Optional.empty();
    }
    boolean local = Judge.local(facts);
    Point known = home(point, facts);
    return claim(known, facts.claim())
        .flatMap(claim -> accept(index, known, claim, takesOver(facts.claim())))
        .filter(run -> announced(run, local));
  }

  /** What was never claimed has no folder yet. */
  private Point home(Point point, Facts facts) {
    return facts.claim() instanceof ClaimState.Logged ? closer.home(point) : point;
  }

  /** Whether a point can ever be claimed, by its config alone; one that cannot is settled. */
  public boolean hopeful(int index) {
    Point point = pass.points().at(index);
    boolean hopeful = point.invalid() == null && training.refusal(point.config()).isEmpty();
    if (!hopeful) {
      pass.settle(index);
    }
    return hopeful;
  }

  /**
   * Looks, without claiming, whether a candidate of the pass could be claimed now.
   *
   * <p>Feeds the watch over the beats of all owners on the way; of a run whose owner has beaten
   * since the last look nothing else is looked at.
   */
  public boolean anyClaimable() {
    unanswered = null;
    pass.again();
    calm = pass.unchanged();
    held.clear();
    boolean any = false;
    for (OptionalInt next = pass.next(); next.isPresent(); next = pass.next()) {
      int index = next.getAsInt();
      if (!hopeful(index)) {
        continue;
      }
      if (claims.stillHeld(pass.points().at(index).key())) {
        held.set(index);
        continue;
      }
      Facts facts = observer.facts(pass.points().at(index));
      Verdict verdict = observer.verdict(facts);
      tell(verdict, facts);
      held.set(index, verdict instanceof Verdict.Taken && claims.beatsInTime(facts.key()));
      calm &= held.get(index);
      if (verdict instanceof Verdict.Ended) {
        conclude(facts);
        pass.settle(index);
      } else if (verdict instanceof Verdict.Claimable) {
        any = true;
        if (!(facts.claim() instanceof ClaimState.Logged logged)) {
          return true; // fresh points come last: every owner's beat has been looked at
        }
        pass.had(index, logged.end().owner());
      }
    }
    if (!any && !pass.allSettled()) {
      options.place().takesMore(); // who only waits leaves too
    }
    return any;
  }

  /**
   * Whether the newest look without claiming found all that is left in the hands of owners that
   * beat in time, and the lock directory as it was before: then nothing is likely to change soon.
   */
  public boolean calm() {
    return calm;
  }

  /** Why W&amp;B is waited for, as of the newest look; empty where it is not. */
  public Optional<String> unanswered() {
    return Optional.ofNullable(unanswered);
  }

  /** What this node lacks for a point that it could otherwise have claimed, since the last call. */
  public Optional<String> takeMissing() {
    Optional<String> taken = Optional.ofNullable(missing);
    missing = null;
    return taken;
  }

  private Optional<Claim> claim(Point point, ClaimState basis) {
    try {
      return claims.claim(point.key(), point.config().sha256(), basis);
    } catch (UncheckedIOException refused) {
      if (NoRoom.behind(refused) || !claims.usable(point.key().project())) {
        throw NoRoom.or("no claim can be written: " + Why.of(refused), refused);
      }
      passBy(Why.of(refused), "Other runs can be claimed");
      return Optional.empty();
    }
  }

  private void tell(Verdict verdict, Facts facts) {
    if (verdict instanceof Verdict.NotYet
        && facts.remote() instanceof Registry.Remote.Unknown silent
        && options.policy().closes(facts.key().runId(), Judge.local(facts))) {
      unanswered = silent.why();
    }
    Obstacle lacking = facts.obstacle();
    if (lacking != null && verdict instanceof Verdict.NotYet) {
      passBy(lacking.fact(), lacking.wayOut());
    }
  }

  /** Says it once: whoever waits for a run that nobody gets wants to know why. */
  private void passBy(String fact, String wayOut) {
    if (passedBy.size() < MOST_TOLD && passedBy.add(fact)) {
      options.news().accept("Passed by: " + fact + ". " + wayOut + ".");
    }
  }

  private void conclude(Facts facts) {
    if (facts.claim() instanceof ClaimState.Logged logged) {
      closer.ended(facts.key(), logged.end());
    }
  }

  private boolean lacksInputs(Point point) {
    Optional<String> lacking = training.missing(point.config());
    lacking.ifPresent(what -> missing = what);
    return lacking.isPresent();
  }

  private static boolean takesOver(ClaimState basis) {
    return basis instanceof ClaimState.Logged logged && logged.owner() != null;
  }

  private Optional<ClaimedRun> accept(int index, Point point, Claim claim, boolean takenOver) {
    RetryPolicy retries = options.policy().retryPolicy();
    Optional<String> exhausted =
        retries.doubtful(claim.summary()) ? Optional.empty() : retries.exhausted(claim.summary());
    if (exhausted.isPresent()) {
      claim.poison(exhausted.get());
      claim.close();
      closer.poisoned(point.key());
      pass.settle(index);
      return Optional.empty();
    }
    return Optional.of(
        new ClaimedRun(
            point, claim, options.resume() ? claim.summary().checkpoint() : null, takenOver));
  }

  /**
   * Tells other clusters, and gives the claim back where one of them has the run or may have it.
   */
  private boolean announced(ClaimedRun run, boolean local) {
    Telemetry.Announcement answer = announce(run, local);
    if (answer instanceof Telemetry.Announcement.Lost lost) {
      giveBack(run, ReleaseReason.LOST_RACE, lost.why());
      return false;
    }
    if (answer instanceof Telemetry.Announcement.Unsettled unsettled) {
      giveBack(run, untouched(local), unsettled.why());
      return false;
    }
    if (answer instanceof Telemetry.Announcement.Unknown unknown
        && options.policy().closes(run.point().runId(), local)) {
      giveBack(run, untouched(local), unknown.why());
      return false;
    }
    return true;
  }

  private Telemetry.Announcement announce(ClaimedRun run, boolean local) {
    try {
      return telemetry.announce(run, local);
    } catch (RuntimeException refused) {
      giveBack(run, untouched(local), Why.of(refused));
      throw refused;
    }
  }

  /** A claim on which nothing was done must not make the run one of this lock directory's own. */
  private static ReleaseReason untouched(boolean local) {
    return local ? ReleaseReason.SHUTDOWN : ReleaseReason.LOST_RACE;
  }

  private static void giveBack(ClaimedRun run, ReleaseReason reason, String why) {
    try {
      run.claim().release(reason, why);
    } catch (UncheckedIOException refused) {
      throw NoRoom.or("a claim cannot be given back: " + Why.of(refused), refused);
    } finally {
      run.claim().close();
    }
  }

  /**
   * What the user chose.
   *
   * @param policy about claiming
   * @param resume whether to continue from checkpoints; off only in tests that prove it matters
   * @param news where to say why a run is passed by, one sentence or two
   * @param place where this process works
   */
  public record Options(Policy policy, boolean resume, Consumer<String> news, Place place) {
    /** The same where nobody wants the node. */
    public Options(Policy policy, boolean resume, Consumer<String> news) {
      this(policy, resume, news, Place.anywhere());
    }

    /** The same, said to nobody. */
    public Options(Policy policy, boolean resume) {
      this(policy, resume, news -> {});
    }
  }
}
