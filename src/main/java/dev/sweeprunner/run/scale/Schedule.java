package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.scale.Demand.Lot;
import dev.sweeprunner.run.scale.Forecast.Lane;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives runs to workers: the longest first, each to whoever is free first and was sent for it. */
final class Schedule {
  private final List<Lane> lanes;
  private final Map<Set<String>, PriorityQueue<Lane>> free = new HashMap<>();

  Schedule(List<Lane> lanes) {
    this.lanes = lanes;
    for (Lane lane : lanes) {
      lane.until = lane.from;
      free.computeIfAbsent(lane.sweeps, sweeps -> new PriorityQueue<>(FIRST)).add(lane);
    }
  }

  /**
   * Gives out all.
   *
   * @param many of more runs than this only as many are given out one by one; the others are spread
   *     over all
   * @return after how many seconds the last one is done; infinite if nobody takes one of them
   */
  double run(Map<Lot, Integer> lots, int many) {
    int runs = lots.values().stream().mapToInt(Integer::intValue).sum();
    double end = runs > many ? spread(lots) : oneByOne(lots);
    for (Lane lane : lanes) {
      end = Math.max(end, lane.until);
    }
    return end;
  }

  private double oneByOne(Map<Lot, Integer> lots) {
    double end = 0;
    List<Lot> longest = new ArrayList<>(lots.keySet());
    longest.sort(Comparator.comparingLong(Lot::left).reversed());
    for (Lot lot : longest) {
      for (int i = 0; i < lots.getOrDefault(lot, 0); i++) {
        Lane lane = first(lot);
        if (lane == null) {
          return Double.POSITIVE_INFINITY;
        }
        PriorityQueue<Lane> queue = free.getOrDefault(lane.sweeps, new PriorityQueue<>(FIRST));
        queue.remove(lane);
        lane.until += lot.left() / lane.rate;
        queue.add(lane);
        end = Math.max(end, lane.until);
      }
    }
    return end;
  }

  private @Nullable Lane first(Lot lot) {
    Lane first = null;
    for (PriorityQueue<Lane> queue : free.values()) {
      Lane lane = queue.peek();
      if (lane != null && lane.serves(lot) && (first == null || FIRST.compare(lane, first) < 0)) {
        first = lane;
      }
    }
    return first;
  }

  /** As if runs could be cut: all end together. Whoever is not free by then takes nothing. */
  private double spread(Map<Lot, Integer> lots) {
    double work = 0;
    for (Map.Entry<Lot, Integer> lot : lots.entrySet()) {
      work += (double) lot.getKey().left() * lot.getValue();
    }
    double rate = 0;
    double done = 0;
    double end = Double.POSITIVE_INFINITY;
    for (Lane lane : lanes.stream().sorted(Comparator.comparingDouble(l -> l.from)).toList()) {
      if (lane.from >= end) {
        break;
      }
      rate += lane.rate;
      done += lane.rate * lane.from;
      end = (work + done) / rate;
    }
    for (Lane lane : lanes) {
      lane.until = Math.max(lane.from, end);
    }
    return end;
  }

  private static final Comparator<Lane> FIRST = Comparator.comparingDouble(lane -> lane.until);
}
