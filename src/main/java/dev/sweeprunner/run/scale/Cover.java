package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.scale.Demand.Lot;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many of the claimable runs the free workers can take, each only runs of the sweeps that it
 * was sent for. Workers for few sweeps go first; where sets of sweeps overlap without one holding
 * the other, it may find fewer than there could be, never more.
 */
final class Cover {
  private final Map<Set<String>, Integer> runs = new HashMap<>();
  private final Map<Set<String>, Integer> places = new HashMap<>();

  Cover(Map<Lot, Integer> lots) {
    lots.forEach((lot, count) -> runs.merge(lot.sweeps(), count, Integer::sum));
  }

  /** So many more (or fewer) workers that were sent for these sweeps; empty means for all. */
  void add(Set<String> sweeps, int workers) {
    places.merge(sweeps, workers, Integer::sum);
  }

  /** How many runs find a worker. */
  int covered() {
    Map<Set<String>, Integer> left = new HashMap<>(places);
    int covered = 0;
    List<Set<String>> workers = narrow(places.keySet());
    for (Set<String> sweeps : narrow(runs.keySet())) {
      int rest = runs.getOrDefault(sweeps, 0);
      Lot lot = new Lot(sweeps, 0);
      for (Set<String> served : workers) {
        int taken = lot.servedBy(served) ? Math.min(rest, left.getOrDefault(served, 0)) : 0;
        left.merge(served, -taken, Integer::sum);
        rest -= taken;
        covered += taken;
      }
    }
    return covered;
  }

  private static List<Set<String>> narrow(Set<Set<String>> sets) {
    return sets.size() < 2 ? List.copyOf(sets) : sets.stream().sorted(NARROW).toList();
  }

  /** The empty set stands for all. */
  private static final Comparator<Set<String>> NARROW =
      Comparator.<Set<String>>comparingInt(set -> set.isEmpty() ? Integer.MAX_VALUE : set.size())
          .thenComparing(set -> String.join(" ", set.stream().sorted().toList()));
}
