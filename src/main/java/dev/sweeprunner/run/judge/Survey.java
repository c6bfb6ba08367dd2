package dev.sweeprunner.run.judge;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Row;
import java.util.ArrayList;
import java.util.List;

/** Looks at every point of a sweep; what {@code status} prints. Belongs to one thread. */
public final class Survey {
  private final Observer observer;
  private final Journal journal;

  /** A survey by this observer. */
  public Survey(Observer observer, Journal journal) {
    this.observer = observer;
    this.journal = journal;
  }

  /** Where every point stands, in grid order. */
  public List<PointStatus> of(Points points) {
    List<PointStatus> standings = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      standings.add(of(points.at(i)));
    }
    return standings;
  }

  /** Where one point stands. */
  public PointStatus of(Point point) {
    Facts facts = observer.facts(point);
    Row newest = null;
    if (facts.claim() instanceof ClaimState.Logged logged) {
      newest = journal.newest(point.key(), logged.end().epoch()).orElse(null);
    }
    return new PointStatus(point, facts, observer.verdict(facts), newest);
  }
}
