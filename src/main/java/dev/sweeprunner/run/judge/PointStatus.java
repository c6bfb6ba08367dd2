package dev.sweeprunner.run.judge;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Row;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one point stands: what {@code status} shows in a row.
 *
 * @param point the point
 * @param facts what is known
 * @param verdict what follows from it
 * @param newest the newest row of its journal, or null
 */
public record PointStatus(Point point, Facts facts, Verdict verdict, @Nullable Row newest) {
  /** The newest record of its claim log, if it has one. */
  public Optional<LogEnd> end() {
    return facts.claim() instanceof ClaimState.Logged logged
        ? Optional.of(logged.end())
        : Optional.empty();
  }

  /** Updates until its end; for a program what it said last, and 0 while it has not. */
  public long maxIters() {
    Double said = newest == null ? null : newest.wall().get(Row.TOTAL);
    return said == null ? point.config().maxIters() : said.longValue();
  }

  /**
   * Whether the run is elsewhere, so that the traces of a claim here, given up for it, tell nothing
   * of it: a row shows what W&amp;B says.
   */
  public boolean elsewhere() {
    return verdict.state() == State.ELSEWHERE
        || (verdict.state() == State.WAITING && !Judge.local(facts));
  }

  /** Newest values of its metrics, by name; empty where none are known. */
  public Map<String, Double> metrics() {
    if (elsewhere()) {
      return facts.remote() instanceof Registry.Remote.Found found ? found.metrics() : Map.of();
    }
    return newest == null ? Map.of() : newest.values();
  }

  /** Completed updates, as far as is known. */
  public long iter() {
    if (elsewhere() && facts.remote() instanceof Registry.Remote.Adopted) {
      return point.config().maxIters();
    }
    if (!elsewhere() && facts.claim() instanceof ClaimState.Logged logged) {
      return iter(logged);
    }
    if (verdict.state() == State.FINISHED) {
      return Math.max(facts.earlier().iter(), 0);
    }
    return facts.remote() instanceof Registry.Remote.Found found
        ? Math.max(found.state().iter(), 0)
        : 0;
  }

  private static long iter(ClaimState.Logged logged) {
    Finish finish = logged.end().finish();
    if (finish != null) {
      return finish.iter();
    }
    PublishedCheckpoint checkpoint = logged.end().summary().checkpoint();
    long published = checkpoint == null ? 0 : checkpoint.iter();
    Liveness owner = logged.owner();
    return owner == null || owner.dead() ? published : Math.max(published, owner.iter());
  }
}
