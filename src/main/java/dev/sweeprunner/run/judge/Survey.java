package dev.sweeprunner.run.judge;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    List<PointStatus> statuses = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      statuses.add(of(points.at(i)));
    }
    return statuses;
  }

  /** Where one point stands. */
  public PointStatus of(Point point) {
    PointStatus bare = observer.pointStatus(point);
    Row newest = bare.end().flatMap(end -> newest(point.key(), end.epoch())).orElse(null);
    return new PointStatus(point, bare.facts(), bare.verdict(), newest);
  }

  private Optional<Row> newest(RunKey key, int epoch) {
    return journal.newest(key, epoch).or(() -> journal.newest(home(key), epoch));
  }

  /** The key by whose folder a run lies on disk. */
  public RunKey home(RunKey key) {
    return journal.home(key);
  }

  /** How the newest claim of a run started its program, if it has one. */
  public Optional<String> command(Facts facts) {
    return facts.claim() instanceof ClaimState.Logged logged
        ? journal.command(home(facts.key()), logged.end().epoch())
        : Optional.empty();
  }

  /** What the relay has noticed about a run's program. */
  public List<String> remarks(Facts facts) {
    return journal.remarks(home(facts.key()));
  }

  /** What the storage root alone says of a run whose sweep was not given. */
  public Facts without(RunKey key) {
    return observer.facts(key, journal.goal(key).orElse(null));
  }
}
