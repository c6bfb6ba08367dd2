package dev.sweeprunner.program.evidence;

import dev.sweeprunner.run.Clock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds each new checkpoint of a program once it is whole. Of several rules the first that finds
 * one is kept. Names, sizes and times are looked at, and a JSON file where a rule names one; never
 * the checkpoint itself.
 *
 * <p>A look lists a folder or two where the rule names them, and at most ten thousand names where
 * it does not. Belongs to one thread.
 */
public final class CheckpointWatch {
  private static final Comparator<Candidate> NEWEST =
      Comparator.<Candidate>comparingLong(candidate -> candidate.match.iter().orElse(-1))
          .thenComparingLong(candidate -> candidate.stamp.changed())
          .reversed();

  private final List<CheckpointRule> rules;
  private final Path root;
  private final Clock clock;
  private final Consumer<String> notes;
  private final Map<Path, Since> quiet = new HashMap<>();

  /** The newest that is known, by layout. */
  private final Map<String, Candidate> last = new HashMap<>();

  private @Nullable CheckpointRule kept;
  private boolean noted;

  /**
   * A watch over one start of a program.
   *
   * @param clock tells how long something has not changed
   * @param notes told once that a folder holds too much to be looked through
   */
  public CheckpointWatch(
      EvidenceOptions options, Places places, Clock clock, Consumer<String> notes) {
    this.rules = options.checkpoints();
    this.root = places.of(options.below());
    this.clock = clock;
    this.notes = notes;
  }

  /** Before the program starts: what is there now is not new. Gives the newest of it. */
  public Optional<Found> begin() {
    Listing listing = new Listing();
    Found first = null;
    for (CheckpointRule rule : rules) {
      Candidate newest = newest(rule, listing, true);
      if (newest != null) {
        last.put(rule.layout(), newest);
        first = first == null ? found(rule, newest, listing) : first;
      }
    }
    return Optional.ofNullable(first);
  }

  /** The newest whole checkpoint, if it is newer than the last one that was given. */
  public Optional<Found> look() {
    return look(false);
  }

  /** As {@link #look}, once the program has ended and nothing is being written any more. */
  public Optional<Found> last() {
    return look(true);
  }

  private Optional<Found> look(boolean ended) {
    Listing listing = new Listing();
    for (CheckpointRule rule : kept == null ? rules : List.of(kept)) {
      Candidate newest = newest(rule, listing, ended);
      if (newest != null) {
        kept = rule;
        last.put(rule.layout(), newest);
        quiet.clear();
        return Optional.of(found(rule, newest, listing));
      }
    }
    if (listing.cutShort() && !noted) {
      noted = true;
      notes.accept(
          root
              + " holds too many files to look through for checkpoints; name where they are with"
              + " checkpoint.pattern");
    }
    return Optional.empty();
  }

  private @Nullable Candidate newest(CheckpointRule rule, Listing listing, boolean ended) {
    for (Candidate candidate : candidates(rule, listing)) {
      if (ready(rule, candidate, listing, ended)) {
        Candidate dated = candidate.at(rule.iterationOf(candidate.match));
        boolean torn = rule.iteration() != null && dated.match.iter().isEmpty();
        if (!torn && newer(rule, dated)) {
          return dated;
        }
      }
    }
    return null;
  }

  /** Those that may be newer than the last one, the newest first. */
  private List<Candidate> candidates(CheckpointRule rule, Listing listing) {
    List<Candidate> found = new ArrayList<>();
    for (PathPattern pattern : rule.patterns()) {
      for (PathPattern.Match match : pattern.matches(root, listing)) {
        if (match.iter().isPresent() && !later(rule, match.iter())) {
          continue;
        }
        Measure stamp = Measure.of(stamped(rule, match.path()), listing);
        if (stamp != null) {
          Candidate candidate = new Candidate(match, stamp);
          // Two may be written within one tick of the file system's clock: the file says which it
          // is.
          if (rule.iteration() != null || newer(rule, candidate)) {
            found.add(candidate);
          }
        }
      }
    }
    found.sort(NEWEST);
    return found;
  }

  /** What is written last, and so tells one checkpoint from the next under one name. */
  private static Path stamped(CheckpointRule rule, Path checkpoint) {
    JsonField iteration = rule.iteration();
    return iteration == null ? checkpoint : iteration.fileOf(checkpoint);
  }

  private boolean newer(CheckpointRule rule, Candidate candidate) {
    Candidate before = last.get(rule.layout());
    if (before == null) {
      return true;
    }
    if (candidate.match.iter().isPresent() && before.match.iter().isPresent()) {
      return later(rule, candidate.match.iter());
    }
    return !(candidate.match.path().equals(before.match.path())
            && candidate.stamp.equals(before.stamp))
        && candidate.stamp.changed() >= before.stamp.changed();
  }

  private boolean later(CheckpointRule rule, OptionalLong iter) {
    Candidate before = last.get(rule.layout());
    return before == null
        || before.match.iter().isEmpty()
        || iter.getAsLong() > before.match.iter().getAsLong();
  }

  private boolean ready(CheckpointRule rule, Candidate candidate, Listing listing, boolean ended) {
    Path path = candidate.match.path();
    if (!rule.ready().marked(path)) {
      return false;
    }
    if (ended || rule.ready().quiet().isZero()) {
      return true;
    }
    Measure now = Measure.of(path, listing);
    Since since = quiet.get(path);
    if (now == null || since == null || !since.measure.equals(now)) {
      if (now != null) {
        quiet.put(path, new Since(now, clock.nanos()));
      }
      return false;
    }
    return clock.nanos() - since.nanos >= rule.ready().quiet().toNanos();
  }

  /** When anything of a checkpoint was last written; empty if it is gone. */
  public static Optional<Instant> changed(Path checkpoint) {
    Measure now = Measure.of(checkpoint, new Listing());
    return now == null ? Optional.empty() : Optional.of(Instant.ofEpochMilli(now.changed()));
  }

  private static Found found(CheckpointRule rule, Candidate candidate, Listing listing) {
    Path path = candidate.match.path();
    Measure whole = Measure.of(path, listing);
    return new Found(
        path,
        candidate.match.iter(),
        rule.layout(),
        whole == null ? 0 : whole.bytes(),
        Instant.ofEpochMilli(whole == null ? candidate.stamp.changed() : whole.changed()));
  }

  private record Candidate(PathPattern.Match match, Measure stamp) {
    Candidate at(OptionalLong iter) {
      return new Candidate(new PathPattern.Match(match.path(), iter), stamp);
    }
  }

  /** Since when something has measured so. */
  private record Since(Measure measure, long nanos) {}
}
