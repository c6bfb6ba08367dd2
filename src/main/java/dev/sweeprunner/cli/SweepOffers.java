package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.NextWord.Wanted;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What TAB offers of sweeps: ids of runs, of all or of those that {@code reset} frees, keys and
 * their values. It changes nothing, asks neither W&amp;B nor Slurm, and an answer serves for some
 * seconds: a person presses TAB twice. Belongs to the thread of the prompt.
 */
public final class SweepOffers {
  private static final Set<State> FREEABLE = EnumSet.of(State.POISONED, State.HELD, State.FAILED);
  private static final List<String> COLUMNS =
      List.of("run", "state", "progress", "loss", "rate", "eta", "age", "worker", "host");
  private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

  /** Values of a key that are offered; nobody reads more. */
  private static final int MOST_VALUES = 50;

  private final Function<List<Path>, Chosen> read;
  private final Clock clock;
  private @Nullable Answer newest;

  /**
   * Offers of the sweeps of a session.
   *
   * @param read reads sweep files without a word about them
   */
  public SweepOffers(Function<List<Path>, Chosen> read, Clock clock) {
    this.read = read;
    this.clock = clock;
  }

  /**
   * The sweeps that a session is about.
   *
   * @param points each of them
   * @param ports where their runs are looked at, without W&amp;B
   */
  public record Chosen(List<Points> points, Supplier<LookPorts> ports) {}

  /** The words; none where the sweeps cannot be read. */
  public List<String> of(Wanted wanted, List<Path> sweeps) {
    Answer known = newest;
    if (known != null && known.serves(wanted, sweeps, clock.nanos())) {
      return known.words;
    }
    List<String> words = words(wanted, sweeps);
    newest = new Answer(wanted, sweeps, clock.nanos(), words);
    return words;
  }

  private List<String> words(Wanted wanted, List<Path> sweeps) {
    try {
      Chosen chosen = read.apply(sweeps);
      List<Points> points = chosen.points();
      return switch (wanted) {
        case RUN -> points.stream().flatMap(SweepOffers::ids).toList();
        case FREEABLE_RUN -> freeable(chosen);
        case KEY -> Stream.concat(keys(points), COLUMNS.stream()).distinct().toList();
        case PAIR -> points.stream().flatMap(SweepOffers::pairs).distinct().toList();
        case PATH, SWEEP -> List.of();
      };
    } catch (UserError unreadable) {
      return List.of();
    }
  }

  private static Stream<String> ids(Points points) {
    return IntStream.range(0, points.size()).mapToObj(points::runId);
  }

  /** Only a run with a claim log can have failed, so the others are not looked at. */
  private static List<String> freeable(Chosen chosen) {
    if (chosen.points().isEmpty()) {
      return List.of();
    }
    LookPorts ports = chosen.ports().get();
    Observer observer = ports.observer();
    Set<String> ids = new LinkedHashSet<>();
    for (Points points : chosen.points()) {
      Set<String> locked = ports.claims().list(points.projectSlug()).locked();
      IntStream.range(0, points.size())
          .filter(index -> locked.contains(points.runId(index)))
          .mapToObj(points::at)
          .map(observer::pointStatus)
          .filter(point -> FREEABLE.contains(point.verdict().state()))
          .forEach(point -> ids.add(point.point().runId()));
    }
    return List.copyOf(ids);
  }

  private static Stream<String> keys(List<Points> sweeps) {
    return sweeps.stream().flatMap(points -> Axes.all(points).names().values().stream());
  }

  private static Stream<String> pairs(Points points) {
    Map<String, String> names = Axes.all(points).names();
    return names.entrySet().stream()
        .flatMap(
            name ->
                IntStream.range(0, points.size())
                    .mapToObj(index -> points.overrides(index).get(name.getKey()))
                    .map(HumanFormat::value)
                    .distinct()
                    .limit(MOST_VALUES)
                    .map(value -> name.getValue() + "=" + value));
  }

  /** What was offered when. */
  private record Answer(Wanted wanted, List<Path> sweeps, long nanos, List<String> words) {
    boolean serves(Wanted asked, List<Path> about, long now) {
      return wanted == asked && sweeps.equals(about) && now - nanos < FRESH_NANOS;
    }
  }
}
