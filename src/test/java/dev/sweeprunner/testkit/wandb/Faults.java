package dev.sweeprunner.testkit.wandb;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which request gets which fault: those ordered one by one first, then by chance. Chance is seeded;
 * per channel, the same requests in the same order get the same faults.
 */
public final class Faults {
  private final Map<Channel, Chance> chances = new EnumMap<>(Channel.class);
  private final Map<Channel, Deque<Fault>> ordered = new EnumMap<>(Channel.class);
  private final Map<Fault, Integer> drawn = new EnumMap<>(Fault.class);
  private volatile boolean outage;
  private volatile Duration latency = Duration.ofMillis(200);

  Faults(long seed) {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (Channel channel : Channel.values()) {
      chances.put(channel, new Chance(seeds.split()));
      ordered.put(channel, new ArrayDeque<>());
    }
  }

  /** From now on a share of a channel's requests gets one of these faults each. */
  public synchronized void rate(Channel channel, double share, Set<Fault> kinds) {
    Chance chance = chance(channel);
    chance.share = share;
    chance.kinds = kinds.isEmpty() ? List.of() : List.copyOf(EnumSet.copyOf(kinds));
  }

  /** The same share of every passing fault on every channel; 0 ends that. */
  public void rate(double share) {
    Arrays.stream(Channel.values()).forEach(c -> rate(c, share, Fault.PASSING));
  }

  /** The channel's next request gets this fault, after those ordered before. */
  public synchronized void next(Channel channel, Fault... faults) {
    queue(channel).addAll(Arrays.asList(faults));
  }

  /** While on, every connection is dropped unread. */
  public void outage(boolean on) {
    outage = on;
  }

  /** How late {@link Fault#LATENCY} answers, in real time. */
  public void latency(Duration latency) {
    this.latency = latency;
  }

  /** How often each fault happened. */
  public synchronized Map<Fault, Integer> drawn() {
    return Map.copyOf(drawn);
  }

  boolean outage() {
    return outage;
  }

  Duration latency() {
    return latency;
  }

  synchronized @Nullable Fault draw(@Nullable Channel channel) {
    if (channel == null) {
      return null;
    }
    Fault fault = queue(channel).poll();
    if (fault == null) {
      fault = chance(channel).draw();
    }
    if (fault != null) {
      drawn.merge(fault, 1, Integer::sum);
    }
    return fault;
  }

  private Chance chance(Channel channel) {
    return Objects.requireNonNull(chances.get(channel));
  }

  private Deque<Fault> queue(Channel channel) {
    return Objects.requireNonNull(ordered.get(channel));
  }

  private static final class Chance {
    private final SplittableRandom random;
    private double share;
    private List<Fault> kinds = List.of();

    Chance(SplittableRandom random) {
      this.random = random;
    }

    @Nullable Fault draw() {
      double drawn = random.nextDouble();
      int kind = kinds.isEmpty() ? 0 : random.nextInt(kinds.size());
      return drawn < share && !kinds.isEmpty() ? kinds.get(kind) : null;
    }
  }
}
