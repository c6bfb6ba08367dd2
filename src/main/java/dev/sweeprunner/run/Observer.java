package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

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
  private final Map<String, Long> failuresSeen = new HashMap<>();

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
    this.claims = claims;
    this.registry = registry;
    this.scheduler = scheduler;
    this.training = training;
    this.clock = clock;
    this.judge = judge;
    this.oneShot = oneShot;
  }

  /** The facts about {@code point}, read now. */
  public Facts facts(Point point) {
    String refusal = training.refusal(point.config()).orElse(null);
    ClaimState claim = claims.look(point.key());
    EarlierTraces earlier =
        claim instanceof ClaimState.Logged
            ? EarlierTraces.NONE
            : claims.earlier(point.key(), point.config().training().maxIters());
    Scheduler.View view =
        claim instanceof ClaimState.Logged logged
            ? scheduler.view(logged.end().owner())
            : new Scheduler.View.Unknown("no owner");
    return new Facts(
        point,
        refusal,
        claim,
        earlier,
        registry.state(point.runId()),
        view,
        sinceFailure(point, claim));
  }

  /** The verdict on these facts. */
  public Verdict verdict(Facts facts) {
    return judge.verdict(facts);
  }

  private Duration sinceFailure(Point point, ClaimState claim) {
    if (!(claim instanceof ClaimState.Logged logged) || logged.end().type() != RecordType.FAIL) {
      return Duration.ZERO;
    }
    if (oneShot) {
      return Duration.between(logged.end().written(), clock.now());
    }
    long now = clock.nanos();
    long seen = failuresSeen.computeIfAbsent(point.runId() + "/" + logged.end().slot(), key -> now);
    return Duration.ofNanos(now - seen);
  }
}
