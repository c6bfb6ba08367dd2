package dev.sweeprunner.wandb.api;

import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What those who keep a worker waiting remember of W&amp;B's silence, all of them together: after
 * one of them has tried in vain with all its patience, the others are refused at once for a while;
 * then one try tells whether it goes on. Any answer, to anybody, ends it. Any thread.
 */
final class Outage {
  private static final Duration MEMORY = Duration.ofSeconds(30);
  private static final Set<Kind> SILENCE =
      EnumSet.of(Kind.UNREACHABLE, Kind.LIMITED, Kind.UNREADABLE);

  private final Supplier<Instant> clock;
  private volatile @Nullable Silence silence;

  Outage(Supplier<Instant> clock) {
    this.clock = clock;
  }

  private record Silence(WandbFailure failure, Instant since) {}

  /** Whether nobody has had an answer since somebody tried in vain. */
  boolean lasts() {
    return silence != null;
  }

  /** Why W&amp;B need not be asked now, or null. */
  @Nullable WandbFailure refusal() {
    Silence last = silence;
    if (last == null) {
      return null;
    }
    Duration ago = Duration.between(last.since(), clock.get());
    WandbFailure why = last.failure();
    return ago.isNegative() || ago.compareTo(MEMORY) >= 0
        ? null
        : new WandbFailure(
            why.kind(),
            String.valueOf(why.getMessage()),
            why.retryAfter().map(asked -> asked.minus(ago)).orElse(null),
            why);
  }

  /** W&amp;B has answered. */
  void over() {
    silence = null;
  }

  /**
   * A question has failed.
   *
   * @param inVain whether it was tried for long enough to tell for others
   */
  void failed(WandbFailure failure, boolean inVain) {
    if (!SILENCE.contains(failure.kind())) {
      over();
    } else if (inVain) {
      silence = new Silence(failure, clock.get());
    }
  }
}
